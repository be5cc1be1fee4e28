/**
 * Reduces an ICC profile (ICC.1:2022) to what colours need: numbers are kept; names, dates and identifiers are dropped.
 *
 * Rule: an allow-list of tags and of their types. Without its profile a wide-gamut photo would look dull and a CMYK
 * scan wrong, so curves and matrices are kept; texts, which name maker and device, are not.
 */
import { concat, utf8 } from "../wire/bytes.js";
import { u32 } from "../wire/fields.js";

const HEAD_BYTES = 128;
const ENTRY_BYTES = 12;
const TAGS_MAX = 100; // ICC.1 knows fewer
const TAGS = new Set(
  "rXYZ gXYZ bXYZ wtpt bkpt rTRC gTRC bTRC kTRC chad cicp gamt A2B0 A2B1 A2B2 B2A0 B2A1 B2A2".split(" "),
);
const TYPES = new Set(["XYZ ", "curv", "para", "sf32", "cicp", "mft1", "mft2", "mAB ", "mBA "]);
/** Tags of profiles that an operating system made for one display. */
const DISPLAY_TAGS = new Set(["vcgt", "mmod", "ndin", "meta"]);
const HEAD_KEPT = [
  [8, 24],
  [36, 40],
  [64, 80],
]; // version, class, spaces; signature; intent and illuminant

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export const fourCC = (bytes, at) => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * @param {Uint8Array} profile
 * @returns {{name: string, data: Uint8Array}[]} empty if it cannot be read
 */
function tagsOf(profile) {
  if (profile.length < HEAD_BYTES + 4 || fourCC(profile, 36) !== "acsp") return [];
  const view = new DataView(profile.buffer, profile.byteOffset, profile.length);
  const count = view.getUint32(HEAD_BYTES);
  if (count > TAGS_MAX || HEAD_BYTES + 4 + count * ENTRY_BYTES > profile.length) return [];
  const tags = [];
  for (let at = HEAD_BYTES + 4; tags.length < count; at += ENTRY_BYTES) {
    const [from, size] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (from + size > profile.length || size < 8) return [];
    tags.push({ name: fourCC(profile, at), data: profile.subarray(from, from + size) });
  }
  return tags;
}

/**
 * @param {Uint8Array} profile
 * @returns {boolean} whether it was made for one display
 */
export const isOfDisplay = (profile) => tagsOf(profile).some(({ name }) => DISPLAY_TAGS.has(name));

/**
 * @param {Uint8Array} profile
 * @returns {Uint8Array} the bare profile; empty if it cannot be read or says nothing
 */
export function bareProfile(profile) {
  const tags = tagsOf(profile).filter(({ name, data }) => TAGS.has(name) && TYPES.has(fourCC(data, 0)));
  if (!tags.length) return new Uint8Array();
  /** @type {Map<string, number>} new offset of shared data by its old range */
  const places = new Map();
  const table = [u32(tags.length)];
  const body = [];
  let at = HEAD_BYTES + 4 + tags.length * ENTRY_BYTES;
  for (const { name, data } of tags) {
    const range = `${data.byteOffset} ${data.length}`;
    let place = places.get(range);
    if (place === undefined) {
      places.set(range, (place = at));
      const padding = new Uint8Array(-data.length & 3);
      body.push(data, padding);
      at += data.length + padding.length;
    }
    table.push(utf8(name), u32(place), u32(data.length));
  }
  const head = new Uint8Array(HEAD_BYTES);
  head.set(u32(at));
  for (const [from, to] of HEAD_KEPT) head.set(profile.subarray(from, to), from);
  return concat(head, ...table, ...body);
}
