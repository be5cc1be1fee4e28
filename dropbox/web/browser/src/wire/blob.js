/**
 * Encodes the header of a blob, and computes the length of the whole (FORMAT "Blob"). No keys.
 *
 * Rule: the header contains no size, and no time but the epoch.
 */
import { concat, utf8 } from "./bytes.js";
import { u32, u8 } from "./fields.js";
import { CHUNK_BYTES } from "../limits.js";

export const VERSION = 1;
export const HEADER_BYTES = 26;
export const WRAPPED_BYTES = 48;
export const STANZA_BYTES = 1120 + WRAPPED_BYTES;
export const COMMITMENT_BYTES = 32;
export const STREAM_HEADER_BYTES = 24;
export const CHUNK_OVERHEAD_BYTES = 17;
export const NONCE_BYTES = 16;

/** @typedef {"report" | "addition" | "file"} Kind */

/**
 * @param {number} slots
 * @param {number} epoch
 * @param {Uint8Array} instance
 * @returns {Uint8Array} 26 bytes
 */
export function encodeHeader(slots, epoch, instance) {
  return concat(utf8("DBXB"), u8(VERSION), u8(slots), u32(epoch), instance);
}

/**
 * @param {number} slots
 * @param {number} bucket
 * @returns {number} length of such a blob in bytes
 */
export function blobLength(slots, bucket) {
  return (
    HEADER_BYTES +
    slots * STANZA_BYTES +
    COMMITMENT_BYTES +
    STREAM_HEADER_BYTES +
    bucket +
    Math.ceil(bucket / CHUNK_BYTES) * CHUNK_OVERHEAD_BYTES
  );
}
