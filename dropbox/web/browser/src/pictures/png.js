/**
 * Cleans a PNG: keeps what is needed to show it (PNG third edition: chunks, APNG, eXIf).
 *
 * Rule: an allow-list of chunks, with their allowed lengths; they are copied byte for byte. iCCP is dropped: it is
 * compressed, so names cannot be cut out, and screenshots contain the profile of one display.
 */
import { compare, concat, utf8 } from "../wire/bytes.js";
import { u32 } from "../wire/fields.js";
import { Copy, malformed } from "./copy.js";
import { bareExif, isBare, orientationOf } from "./exif.js";
import { fourCC } from "./profile.js";

const SIGNATURE = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);
const FRAME_BYTES = 12; // length, type and checksum
/** Least and most bytes. @type {Map<string, [number, number]>} */
const KEPT = new Map(
  Object.entries({
    IHDR: [13, 13],
    PLTE: [3, 768],
    IDAT: [0, Infinity],
    IEND: [0, 0],
    tRNS: [1, 256],
    gAMA: [4, 4],
    cHRM: [32, 32],
    sRGB: [1, 1],
    sBIT: [1, 4],
    bKGD: [1, 6],
    pHYs: [9, 9],
    cICP: [4, 4],
    mDCV: [24, 24],
    cLLI: [8, 8],
    acTL: [8, 8],
    fcTL: [26, 26],
    fdAT: [4, Infinity],
  }),
);
/** @type {Map<string, import("./copy.js").Dropped>} */
const KINDS = new Map(
  Object.entries({ eXIf: "exif", tEXt: "text", zTXt: "text", iTXt: "text", tIME: "date", iCCP: "display" }),
);

/**
 * @param {Uint8Array} bytes
 * @returns {number} CRC-32 as in the PNG specification, annex D
 */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** @type {(type: string, data: Uint8Array) => Uint8Array} */
function chunk(type, data) {
  const named = concat(utf8(type), data);
  return concat(u32(data.length), named, u32(crc32(named)));
}

/**
 * @param {Uint8Array} bytes
 * @returns {Copy} throws MalformedError
 */
export function cleanPng(bytes) {
  if (bytes.length < SIGNATURE.length || compare(bytes.subarray(0, SIGNATURE.length), SIGNATURE))
    malformed("not a PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const copy = new Copy(bytes);
  copy.keep(0, SIGNATURE.length);
  let [turned, image] = [false, false];
  for (let at = SIGNATURE.length, type = ""; type !== "IEND";) {
    if (at + FRAME_BYTES > bytes.length) malformed("no end");
    const length = view.getUint32(at);
    const to = at + FRAME_BYTES + length;
    if (to > bytes.length) malformed("a length is wrong");
    const first = type === "";
    type = fourCC(bytes, at + 4);
    if (first !== (type === "IHDR")) malformed("the head is not first");
    image ||= type === "IDAT";
    const data = bytes.subarray(at + 8, to - 4);
    const [least, most] = KEPT.get(type) ?? [1, 0];
    if (length >= least && length <= most) {
      copy.keep(at, to);
    } else if (isCritical(type)) {
      malformed("a chunk that must be understood is not");
    } else if (type === "eXIf" && !turned) {
      turned = true;
      const bare = bareExif(orientationOf(data));
      if (!isBare(data)) copy.dropped.add("exif");
      if (bare.length) copy.settle(at, to, chunk("eXIf", bare));
    } else {
      copy.dropped.add(KINDS.get(type) ?? "other");
    }
    at = to;
    if (type === "IEND" && at < bytes.length) copy.dropped.add("appended");
  }
  if (!image) malformed("no image in it");
  return copy;
}

/**
 * @param {string} type
 * @returns {boolean} its first letter is upper case
 */
const isCritical = (type) => (type.charCodeAt(0) & 0x20) === 0;
