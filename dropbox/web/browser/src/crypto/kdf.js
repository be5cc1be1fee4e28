/**
 * Derives keys, hashes, and draws random bytes (FORMAT "Conventions").
 *
 *     PRF(key, label, f1, …, fn) = BLAKE2b-256(key = key, lp("dropbox/v1/" ‖ label) ‖ lp(f1) ‖ … ‖ lp(fn))
 *
 * Rule: every use of a key has its own label, and randomness comes from the system.
 */
import { blake2b } from "@noble/hashes/blake2.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { concat, utf8 } from "../wire/bytes.js";
import { HASH_BYTES, LABEL_ROOT, lp } from "../wire/fields.js";

export { sha256 };

/**
 * @param {Uint8Array} key 16 to 64 bytes
 * @param {string} label
 * @param {...Uint8Array} fields
 * @returns {Uint8Array} 32 bytes that look random without the key
 */
export function prf(key, label, ...fields) {
  return blake2b(message(label, fields), { key, dkLen: HASH_BYTES });
}

/**
 * @param {string} label
 * @param {...Uint8Array} fields
 * @returns {Uint8Array} 32 bytes, without a key
 */
export function labelledHash(label, ...fields) {
  return blake2b(message(label, fields), { dkLen: HASH_BYTES });
}

/** @type {(label: string, fields: Uint8Array[]) => Uint8Array} */
const message = (label, fields) => concat(lp(utf8(LABEL_ROOT + label)), ...fields.map(lp));

/**
 * Hashes a large body with the browser's own SHA-256, which is fast even in Tor Browser's level "Safer".
 *
 * @param {Uint8Array} data
 * @returns {Promise<Uint8Array>} 32 bytes
 */
export async function sha256Bulk(data) {
  const subtle = globalThis.crypto.subtle; // absent where the page is not a secure context
  return subtle ? new Uint8Array(await subtle.digest("SHA-256", /** @type {BufferSource} */ (data))) : sha256(data);
}

/**
 * @param {number} count at most 65536
 * @returns {Uint8Array} bytes of the system's generator
 */
export function randomBytes(count) {
  return globalThis.crypto.getRandomValues(new Uint8Array(count));
}
