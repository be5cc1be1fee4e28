/**
 * Computes the padded size of a content (FORMAT "Content and padding").
 *
 * Rule: the length of a blob reveals which of sixteen buckets it is, and nothing more.
 */
import { TooLargeError } from "../errors.js";
import { BUCKET_COUNT, BUCKET_MIN_BYTES, CHUNK_BYTES } from "../limits.js";

export const MARK = 0x80;

/** @type {readonly number[]} */
export const BUCKETS = Array.from(
  { length: BUCKET_COUNT },
  (_, i) => BUCKET_MIN_BYTES * 2 ** i + (i === BUCKET_COUNT - 1 ? CHUNK_BYTES : 0), // 512 MiB and a record
);

/**
 * @param {number} contentBytes
 * @returns {number} size in bytes of the smallest bucket for the content and its mark; throws TooLargeError
 */
export function bucketFor(contentBytes) {
  const bucket = BUCKETS.find((one) => contentBytes + 1 <= one);
  if (bucket === undefined) throw new TooLargeError("a message is larger than the largest bucket");
  return bucket;
}
