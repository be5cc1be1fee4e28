/**
 * Reduces Exif to the picture's orientation (CIPA DC-008, tag Orientation): without it, pictures are shown on their
 * side.
 *
 * Rule: what cannot be read counts as upright; the written bytes are the same for everybody.
 */
import { compare, concat, utf8 } from "../wire/bytes.js";
import { u16, u32 } from "../wire/fields.js";

const ORIENTATION = 0x0112;
const SHORT = 3;
const UPRIGHT = 1;
const ENTRY_BYTES = 12;

/**
 * @param {Uint8Array} tiff from its byte order on
 * @returns {number} 1 to 8
 */
export function orientationOf(tiff) {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  if (tiff.length < 8) return UPRIGHT;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return UPRIGHT;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return UPRIGHT;
  const count = view.getUint16(directory, little);
  for (let at = directory + 2, left = count; left > 0 && at + ENTRY_BYTES <= tiff.length; at += ENTRY_BYTES, left--) {
    if (view.getUint16(at, little) !== ORIENTATION || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/**
 * @param {number} orientation 1 to 8
 * @returns {Uint8Array} a TIFF structure of one tag; empty where none is needed
 */
export function bareExif(orientation) {
  if (orientation === UPRIGHT) return new Uint8Array();
  const entry = [u16(ORIENTATION), u16(SHORT), u32(1), u16(orientation), u16(0)];
  return concat(utf8("MM"), u16(42), u32(8), u16(1), ...entry, u32(0));
}

/**
 * @param {Uint8Array} tiff
 * @returns {boolean} whether it contains the orientation and nothing else
 */
export function isBare(tiff) {
  const bare = bareExif(orientationOf(tiff));
  return bare.length > 0 && compare(bare, tiff) === 0;
}
