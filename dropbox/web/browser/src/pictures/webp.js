/**
 * Cleans a WebP: keeps what is needed to show it (RFC 9649).
 *
 * Rule: an allow-list of chunks, also inside frames of animations. Image data is copied byte for byte, and the flags of
 * the extended header say what is left.
 */
import { compare, concat, utf8 } from "../wire/bytes.js";
import { u8 } from "../wire/fields.js";
import { Copy, malformed } from "./copy.js";
import { bareExif, isBare, orientationOf } from "./exif.js";
import { bareProfile, fourCC, isOfDisplay } from "./profile.js";

const HEAD_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
const FRAME_HEAD_BYTES = 16;
const [PROFILE, ALPHA, EXIF, ANIMATION] = [0x20, 0x10, 0x08, 0x02]; // flags of VP8X
const IMAGE = new Set(["VP8 ", "VP8L", "ALPH"]);
const EXIF_NAME = utf8("Exif\0\0"); // in some files before the TIFF structure, against the specification

/** @typedef {{name: string, from: number, to: number, data: Uint8Array}} Chunk to: with its padding */

/**
 * @param {number} value
 * @returns {Uint8Array} 4 bytes, little-endian
 */
const le32 = (value) => concat(...[0, 8, 16, 24].map((shift) => u8((value >>> shift) & 0xff)));

/** @type {(name: string, data: Uint8Array) => Uint8Array} */
const chunk = (name, data) => concat(utf8(name), le32(data.length), data, new Uint8Array(data.length & 1));

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} end
 * @returns {Chunk[]}
 */
function chunksOf(bytes, at, end) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks = [];
  while (at < end) {
    if (at + CHUNK_HEAD_BYTES > end) malformed("a chunk is cut off");
    const length = view.getUint32(at + 4, true);
    const data = at + CHUNK_HEAD_BYTES;
    const to = data + length + (length & 1);
    if (to > end) malformed("a length is wrong");
    chunks.push({ name: fourCC(bytes, at), from: at, to, data: bytes.subarray(data, data + length) });
    at = to;
  }
  return chunks;
}

/**
 * @param {Uint8Array} data of a chunk EXIF
 * @returns {Uint8Array} the TIFF structure in it
 */
const tiffOf = (data) =>
  compare(data.subarray(0, EXIF_NAME.length), EXIF_NAME) ? data : data.subarray(EXIF_NAME.length);

/** One frame of an animation. @type {(copy: Copy, frame: Chunk) => void} */
function copyFrame(copy, { from, data }) {
  if (data.length < FRAME_HEAD_BYTES) malformed("a frame is cut off");
  const start = from + CHUNK_HEAD_BYTES;
  const inner = new Copy(copy.bytes);
  inner.keep(start, start + FRAME_HEAD_BYTES);
  for (const one of chunksOf(copy.bytes, start + FRAME_HEAD_BYTES, start + data.length)) {
    if (IMAGE.has(one.name)) inner.keep(one.from, one.to);
    else copy.dropped.add("other");
  }
  copy.settle(from, start, concat(utf8("ANMF"), le32(inner.length)));
  copy.append(inner);
  if (inner.length & 1) copy.write(u8(0));
}

/**
 * @param {Uint8Array} bytes
 * @returns {Copy} throws MalformedError
 */
export function cleanWebp(bytes) {
  if (bytes.length < HEAD_BYTES || fourCC(bytes, 0) !== "RIFF" || fourCC(bytes, 8) !== "WEBP") malformed("not a WebP");
  const end = 8 + new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(4, true);
  if (end > bytes.length) malformed("a length is wrong");
  const all = chunksOf(bytes, HEAD_BYTES, end);
  if (!all.some(({ name }) => name === "VP8 " || name === "VP8L" || name === "ANMF")) malformed("no image in it");
  const exif = all.find(({ name }) => name === "EXIF");
  const bare = bareExif(orientationOf(exif ? tiffOf(exif.data) : new Uint8Array()));
  const icc = all.find(({ name }) => name === "ICCP");
  const profile = icc ? bareProfile(icc.data) : new Uint8Array();
  const body = new Copy(bytes);
  for (const [place, one] of all.entries()) {
    const { name, from, to, data } = one;
    if (name === "VP8X") {
      if (place || data.length !== 10) malformed("the head is wrong");
      const flags = (data[0] & (ALPHA | ANIMATION)) | (profile.length ? PROFILE : 0) | (bare.length ? EXIF : 0);
      body.settle(from, to, chunk("VP8X", concat(u8(flags), new Uint8Array(3), data.subarray(4))));
    } else if (IMAGE.has(name) || (name === "ANIM" && data.length === 6)) {
      body.keep(from, to);
    } else if (name === "ANMF") {
      copyFrame(body, one);
    } else if (one === icc) {
      if (isOfDisplay(data)) body.dropped.add("display");
      else if (!profile.length) body.dropped.add("other"); // it is called a profile, and is none
      if (profile.length) body.settle(from, to, chunk("ICCP", profile));
    } else if (one === exif) {
      if (!isBare(data)) body.dropped.add("exif");
      if (bare.length) body.settle(from, to, chunk("EXIF", bare));
    } else {
      body.dropped.add(name === "XMP " ? "xmp" : "other");
    }
  }
  if (end < bytes.length) body.dropped.add("appended");
  const copy = new Copy(bytes);
  copy.settle(0, HEAD_BYTES, concat(utf8("RIFF"), le32(4 + body.length), utf8("WEBP")));
  copy.append(body);
  copy.dropped = body.dropped;
  return copy;
}
