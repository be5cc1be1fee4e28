/**
 * Encodes and reads integers, texts, names and records (FORMAT "Conventions" and "Record").
 *
 * Rule: every value has exactly one encoding; a reader throws MalformedError for any other.
 */
import { MalformedError } from "../errors.js";
import { compare, concat, utf8 } from "./bytes.js";

/** @typedef {Map<string, Uint8Array>} NamedValues values of a record by its names */

export const LABEL_ROOT = "dropbox/v1/";
export const INSTANCE_BYTES = 16;
export const HASH_BYTES = 32;

const DESK = /^[a-z][a-z0-9-]{0,15}$/;
const CRITICAL = "must-"; // prefix of names that a reader must know; version 1 has none
const NAME = /^[a-z0-9-]{1,32}$/;
// U+FEFF is an ordinary character (FORMAT "text"): the decoder must not remove it.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {number} value
 * @param {number} size bytes
 * @returns {Uint8Array} big-endian
 */
function uint(value, size) {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** size) throw new RangeError("integer out of range");
  const out = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) out[at] = rest % 256;
  return out;
}

/** @param {number} value */
export const u8 = (value) => uint(value, 1);
/** @param {number} value */
export const u16 = (value) => uint(value, 2);
/** @param {number} value */
export const u32 = (value) => uint(value, 4);
/** @param {number} value below 2⁵³ */
export const u64 = (value) => uint(value, 8);

/** @param {Uint8Array} value */
export const lp = (value) => concat(u32(value.length), value);

/**
 * @param {Uint8Array} value
 * @returns {string} strict UTF-8; throws MalformedError
 */
export function text(value) {
  try {
    return decoder.decode(value);
  } catch {
    throw new MalformedError("a text is not UTF-8");
  }
}

/**
 * @param {string} name
 * @returns {string} the name itself if it is a desk name; throws MalformedError
 */
export function checkDesk(name) {
  if (!DESK.test(name)) throw new MalformedError("a desk name has 1 to 16 characters of a-z, 0-9, -; first a letter");
  return name;
}

/** Reads fields from the front of untrusted bytes; every method throws MalformedError when too few are left. */
export class Reader {
  /**
   * @param {Uint8Array} untrusted
   * @param {string} what is being read, for the error
   */
  constructor(untrusted, what) {
    this.bytes = untrusted;
    this.what = what;
    this.at = 0;
  }

  /**
   * @param {string} why
   * @returns {never}
   */
  fail(why) {
    throw new MalformedError(`${this.what}: ${why}`);
  }

  /** Number of bytes not yet read. */
  get left() {
    return this.bytes.length - this.at;
  }

  /** @param {number} count */
  take(count) {
    if (count > this.left) this.fail("too short");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** @param {Uint8Array} constant */
  expect(constant) {
    if (compare(this.take(constant.length), constant)) this.fail("not of this kind or version");
  }

  /** @param {number} size bytes, at most 6 */
  uint(size) {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** @param {number} [most] bytes */
  lp(most = Infinity) {
    const length = this.uint(4);
    if (length > most) this.fail("a field is too long");
    return this.take(length);
  }

  /** @returns {string} the desk name in u8(len) ‖ name */
  desk() {
    return checkDesk(text(this.take(this.uint(1))));
  }

  /** Throws MalformedError if bytes are left. */
  end() {
    if (this.left) this.fail("bytes after the end");
  }
}

/**
 * @param {NamedValues} values
 * @returns {Uint8Array} their one encoding
 */
export function encodeRecord(values) {
  const parts = [u16(values.size)];
  for (const name of [...values.keys()].sort()) {
    if (!NAME.test(name)) throw new MalformedError("a record name has 1 to 32 characters of a-z, 0-9 and -");
    parts.push(u8(name.length), utf8(name), lp(/** @type {Uint8Array} */ (values.get(name))));
  }
  return concat(...parts);
}

/**
 * @param {Uint8Array} untrusted
 * @returns {NamedValues} throws MalformedError unless it is the one encoding
 */
export function decodeRecord(untrusted) {
  const reader = new Reader(untrusted, "record");
  /** @type {NamedValues} */
  const values = new Map();
  let previous = "";
  for (let left = reader.uint(2); left > 0; left--) {
    const name = text(reader.take(reader.uint(1)));
    if (!NAME.test(name) || name <= previous) reader.fail("names are not ascending or hold a foreign symbol");
    if (name.startsWith(CRITICAL)) reader.fail("a later version demands what this reader does not know");
    values.set(name, reader.lp());
    previous = name;
  }
  reader.end();
  return values;
}

/**
 * @param {NamedValues} values
 * @param {string} name
 * @param {number} [size] bytes that the value must have
 * @returns {Uint8Array} the value; throws MalformedError
 */
export function required(values, name, size) {
  const value = values.get(name);
  if (!value || (size !== undefined && value.length !== size)) {
    throw new MalformedError(`record: ${name} is missing or has the wrong length`);
  }
  return value;
}
