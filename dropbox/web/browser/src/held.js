/**
 * FORMAT "Held list": the ids of all blobs that the server held at its daily rewrite, the same bytes for everybody.
 *
 *     held = "DBXH" ‖ u8(1) ‖ instance ‖ day ‖ u32(n) ‖ n × blob id
 *
 * Rule: it tells "stored by that day" and nothing else. It is not signed, and an id that is missing proves nothing.
 */
import { HASH_BYTES, INSTANCE_BYTES, Reader, ascending, compare, concat, u8, utf8 } from "./fields.js";
import { HELD_IDS_MIN } from "./limits.js";

/** The parsed list. */
export class Held {
  /** @param {number} day of the rewrite @param {readonly Uint8Array[]} ids ascending */
  constructor(day, ids) {
    this.day = day;
    this.ids = ids;
  }

  /** @param {Uint8Array} blobId @returns {boolean} whether it was stored on that day */
  has(blobId) {
    return this.ids.some((id) => !compare(id, blobId));
  }
}

/**
 * @param {Uint8Array} untrusted
 * @param {Uint8Array} instance ours
 * @returns {Held} throws MalformedError
 */
export function parseHeld(untrusted, instance) {
  const reader = new Reader(untrusted, "held list");
  reader.expect(concat(utf8("DBXH"), u8(1)));
  if (compare(reader.take(INSTANCE_BYTES), instance)) reader.fail("made by another instance");
  const [day, count] = [reader.uint(4), reader.uint(4)];
  if (count * HASH_BYTES !== reader.left) reader.fail("length does not match its count");
  const doublings = count / HELD_IDS_MIN;
  if (!Number.isInteger(Math.log2(doublings)) || doublings < 1) reader.fail("count");
  const ids = Array.from({ length: count }, () => reader.take(HASH_BYTES));
  if (!ascending(ids)) reader.fail("ids are not ascending");
  return new Held(day, ids);
}
