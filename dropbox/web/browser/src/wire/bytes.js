/**
 * Joins, compares and prints bytes: what Python's bytes have built in.
 *
 * Rule: no function changes its arguments.
 */
const encoder = new TextEncoder();

/**
 * @param {string} value
 * @returns {Uint8Array}
 */
export const utf8 = (value) => encoder.encode(value);

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array} the parts one after the other
 */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 * @returns {number} below zero, zero or above zero, by bytes; not in constant time, so never for secrets
 */
export function compare(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at++) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

/**
 * @param {readonly Uint8Array[]} items
 * @returns {boolean} whether each is greater than the one before
 */
export function ascending(items) {
  return items.every((item, at) => at === 0 || compare(items[at - 1], item) < 0);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} two hex digits for each byte, so that keys can be members of a Set
 */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
