/**
 * Cleans a JPEG: keeps what is needed to show it (ITU-T T.81 annex B; JFIF 1.02; Exif; ICC.1 annex B.4).
 *
 * Rule: an allow-list. Frames, tables and scans are copied byte for byte if they have the length that they state; the
 * colour transform and the bare profile are kept. The rest is dropped, and so is everything after the end of the image,
 * where phones put second pictures and videos.
 */
import { compare, concat, utf8 } from "../wire/bytes.js";
import { u16, u8 } from "../wire/fields.js";
import { Copy, malformed } from "./copy.js";
import { bareExif, isBare, orientationOf } from "./exif.js";
import { bareProfile, isOfDisplay } from "./profile.js";

const [SOI, EOI, SOS, COM] = [0xd8, 0xd9, 0xda, 0xfe];
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb]); // not the hierarchical ones: no browser shows them
const [DHT, DAC, DQT, DNL, DRI] = [0xc4, 0xcc, 0xdb, 0xdc, 0xdd];
const TABLES = new Set([DHT, DAC, DQT, DNL, DRI]);
const [APP0, APP1, APP2, APP13, APP14] = [0xe0, 0xe1, 0xe2, 0xed, 0xee];
const JFIF = utf8("JFIF\0");
const JFIF_BYTES = 14; // without a thumbnail
const JFXX = utf8("JFXX\0");
const EXIF = utf8("Exif\0\0");
const XMP = utf8("http:"); // the names of both of its markers begin so
const ICC = utf8("ICC_PROFILE\0");
const ADOBE = utf8("Adobe");
const ADOBE_BYTES = 12;
const PROFILE_PART_BYTES = 65_519;

/** @typedef {{marker: number, from: number, to: number, body: Uint8Array}} Segment body: without marker and length */

/** @type {(body: Uint8Array, name: Uint8Array) => boolean} */
const begins = (body, name) => body.length >= name.length && compare(body.subarray(0, name.length), name) === 0;

/** @type {(marker: number, ...body: Uint8Array[]) => Uint8Array} */
function segment(marker, ...body) {
  const whole = concat(...body);
  return concat(u8(0xff), u8(marker), u16(2 + whole.length), whole);
}

/** The length that a body must have by its own fields. @type {(marker: number, body: Uint8Array) => number} */
function lengthOf(marker, body) {
  if (FRAMES.has(marker)) return 6 + 3 * body[5];
  if (marker === SOS) return 4 + 2 * body[0];
  if (marker === DAC) return body.length & ~1;
  if (marker !== DHT && marker !== DQT) return 2; // DNL, DRI
  let at = 0;
  while (at < body.length) {
    if (marker === DQT) at += body[at] >> 4 ? 129 : 65;
    else at += body.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 17);
  }
  return at;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at after a scan's head
 * @returns {number} where the next marker is
 */
function scanEnd(bytes, at) {
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) malformed("a scan does not end");
    const next = bytes[at + 1];
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += next === 0xff ? 1 : 2;
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {Generator<Segment>} up to the end of the image, which is the last one
 */
function* segments(bytes) {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== SOI) malformed("not a JPEG");
  for (let at = 2; ;) {
    if (bytes[at] !== 0xff) malformed("no marker where one should be");
    while (bytes[at + 1] === 0xff) at += 1; // fill bytes
    if (at + 2 > bytes.length) malformed("no end");
    const marker = bytes[at + 1];
    if (marker === EOI) {
      yield { marker, from: at, to: at + 2, body: new Uint8Array() };
      return;
    }
    const length = at + 4 > bytes.length ? 0 : 256 * bytes[at + 2] + bytes[at + 3];
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) malformed("a length is wrong");
    const to = marker === SOS ? scanEnd(bytes, end) : end;
    yield { marker, from: at, to, body: bytes.subarray(at + 4, end) };
    at = to;
  }
}

/**
 * @param {Segment[]} all
 * @returns {Uint8Array} the colour profile, joined; empty if a part is missing
 */
function profileOf(all) {
  const parts = all
    .filter(({ marker, body }) => marker === APP2 && begins(body, ICC))
    .map(({ body }) => body.subarray(ICC.length));
  const whole = parts.every((part, at) => part.length >= 2 && part[0] === at + 1 && part[1] === parts.length);
  return whole ? concat(...parts.map((part) => part.subarray(2))) : new Uint8Array();
}

/**
 * @param {Uint8Array} profile
 * @returns {Uint8Array} its segments
 */
function profileSegments(profile) {
  const count = Math.ceil(profile.length / PROFILE_PART_BYTES);
  if (count > 255) return new Uint8Array();
  const parts = Array.from({ length: count }, (_, at) =>
    profile.subarray(at * PROFILE_PART_BYTES, (at + 1) * PROFILE_PART_BYTES),
  );
  return concat(...parts.map((part, at) => segment(APP2, ICC, u8(at + 1), u8(count), part)));
}

/**
 * @param {Uint8Array} bytes
 * @returns {Copy} throws MalformedError
 */
export function cleanJpeg(bytes) {
  const all = [...segments(bytes)];
  if (!all.some(({ marker }) => FRAMES.has(marker)) || !all.some(({ marker }) => marker === SOS))
    malformed("no image in it");
  const copy = new Copy(bytes);
  const once = { exif: false, jfif: false, adobe: false, profile: false };
  copy.keep(0, 2);
  for (const { marker, from, to, body } of all) {
    if (FRAMES.has(marker) || TABLES.has(marker) || marker === SOS) {
      if (lengthOf(marker, body) !== body.length) malformed("a table holds something else");
      copy.keep(from, to);
    } else if (marker === EOI) {
      copy.keep(from, to);
    } else if (marker === APP0 && begins(body, JFIF) && body.length >= JFIF_BYTES && !once.jfif) {
      once.jfif = true;
      const same = copy.settle(from, to, segment(APP0, body.subarray(0, 12), u16(0)));
      if (!same) copy.dropped.add("thumbnail");
    } else if (marker === APP14 && begins(body, ADOBE) && body.length >= ADOBE_BYTES && !once.adobe) {
      once.adobe = true;
      if (!copy.settle(from, to, segment(APP14, body.subarray(0, ADOBE_BYTES)))) copy.dropped.add("other");
    } else if (marker === APP1 && begins(body, EXIF) && !once.exif) {
      once.exif = true;
      const tiff = body.subarray(EXIF.length);
      const bare = bareExif(orientationOf(tiff));
      if (isBare(tiff)) copy.keep(from, to);
      else copy.dropped.add("exif");
      if (!isBare(tiff) && bare.length) copy.write(segment(APP1, EXIF, bare));
    } else if (marker === APP2 && begins(body, ICC)) {
      if (once.profile) continue; // all of it is written where its first part was
      once.profile = true;
      const profile = profileOf(all);
      const bare = bareProfile(profile);
      if (isOfDisplay(profile)) copy.dropped.add("display");
      else if (!bare.length) copy.dropped.add("other"); // it is called a profile, and is none
      copy.write(profileSegments(bare));
    } else {
      copy.dropped.add(kindOf(marker, body));
    }
  }
  if (all[all.length - 1].to < bytes.length) copy.dropped.add("appended");
  return copy;
}

/** @type {(marker: number, body: Uint8Array) => import("./copy.js").Dropped} */
function kindOf(marker, body) {
  if (marker === COM) return "text";
  if (marker === APP0 && begins(body, JFXX)) return "thumbnail";
  if (marker === APP1) return begins(body, EXIF) ? "exif" : begins(body, XMP) ? "xmp" : "other";
  return marker === APP13 ? "iptc" : "other";
}
