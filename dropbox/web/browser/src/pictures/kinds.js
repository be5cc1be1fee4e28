/**
 * Finds what a chosen file is by its first bytes: the name and type that a system gives it may be wrong.
 *
 * Rule: a file counts as one of the three formats that can be cleaned only if that is certain.
 */

/** @typedef {"jpeg" | "png" | "webp"} Cleanable */
/** @typedef {Cleanable | "office" | "media" | "unknown" | "empty"} Kind */

export const HEAD_BYTES = 16;

/** @type {[Kind, string, number][]} kind, its bytes, and their offset */
const SIGNS = [
  ["jpeg", "\xff\xd8\xff", 0],
  ["png", "\x89PNG\r\n\x1a\n", 0],
  ["webp", "WEBP", 8],
  ["office", "%PDF", 0],
  ["office", "PK\x03\x04", 0], // docx, xlsx, pptx, odt
  ["office", "\xd0\xcf\x11\xe0", 0], // doc, xls, ppt
  ["office", "{\\rtf", 0],
  ["media", "ftyp", 4], // HEIC, AVIF, MP4, MOV, M4A
  ["media", "II*\0", 0], // TIFF and raw pictures
  ["media", "MM\0*", 0],
  ["media", "GIF8", 0],
  ["media", "\x1aE\xdf\xa3", 0], // WebM, MKV
  ["media", "OggS", 0],
  ["media", "ID3", 0],
  ["media", "RIFF", 0], // WAV, AVI
];

/**
 * @param {Uint8Array} head the first HEAD_BYTES
 * @param {string} type media type that the system gives
 * @returns {Kind}
 */
export function kindOf(head, type) {
  if (!head.length) return "empty";
  const start = String.fromCharCode(...head);
  const sign = SIGNS.find(([, mark, at]) => start.startsWith(mark, at));
  if (sign && sign[0] !== "webp") return sign[0];
  if (sign) return start.startsWith("RIFF") ? "webp" : "unknown";
  return /^(audio|video|image)\//.test(type) ? "media" : "unknown";
}

const DATE = /(19|20)\d\d[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d{5})/;
const MAKER =
  /whatsapp|telegram|screen ?shot|tangkapan|(^|[^a-z])(img|vid|pxl|dsc|dscn|dji|mvimg|scan|camscanner)[-_ ]?\d/i;

// A mobile number, a NIK, a NIP.
const NUMBER = /(^|\D)((\+62[ ._-]?|62|0)8\d{1,2}([ ._-]?\d{3,5}){2,3}|\d{16}|\d{18})(?!\d)/;
const OWN = /(^|[^a-z])(saya|aku|ktp|nik|nip|my|users?)(?![a-z])/i; // "KTP saya", a path with the name of a user

/**
 * @param {string} name of a file
 * @returns {boolean} whether it contains a date, an app's name, a camera's counter, a person's number or "mine"
 */
export const isTellingName = (name) => [DATE, MAKER, NUMBER, OWN].some((one) => one.test(name));
