/**
 * Parses the cells of an answer board, and timelines joined from parts (FORMAT "Answer board"). No keys.
 *
 * Rule: all cells have one size and are sorted by tag. A board shows how many there are (rounded up), never whose.
 */
import { MalformedError } from "../errors.js";
import { ascending, compare } from "./bytes.js";
import { Reader, decodeRecord, required, text } from "./fields.js";
import { BOARD_CELLS_MAX, CELL_BYTES, CELL_PARTS_MAX, SHARD_CELLS_MAX } from "../limits.js";
import { readHead } from "./signed.js";

export const TAG_BYTES = 16;
export const NONCE_BYTES = 24;
export const SHARDS_MAX = BOARD_CELLS_MAX / SHARD_CELLS_MAX;
const KINDS = ["status", "received", "message"];
const CELL_TOTAL_BYTES = TAG_BYTES + NONCE_BYTES + CELL_BYTES + 16;

/** One shard of a desk's board: cells `tag ‖ nonce ‖ sealed`, ascending; the next shard continues after the last. */
export class Board {
  /**
   * @param {import("./signed.js").Head} head
   * @param {number} shard
   * @param {number} shards
   * @param {readonly Uint8Array[]} cells
   */
  constructor(head, shard, shards, cells) {
    this.head = head;
    this.shard = shard;
    this.shards = shards;
    this.cells = cells;
  }

  /**
   * @param {Uint8Array} tag
   * @returns {Uint8Array | null} `nonce ‖ sealed` of the cell with that tag
   */
  find(tag) {
    const cell = this.cells.find((one) => !compare(one.subarray(0, TAG_BYTES), tag));
    return cell ? cell.subarray(TAG_BYTES) : null;
  }
}

/**
 * @param {Uint8Array} untrustedBody
 * @returns {Board} throws MalformedError
 */
export function parseBoard(untrustedBody) {
  const reader = new Reader(untrustedBody, "board");
  const head = readHead(reader);
  const [shard, shards, count] = [reader.uint(2), reader.uint(2), reader.uint(4)];
  if (count * CELL_TOTAL_BYTES !== reader.left) reader.fail("length does not match its number of cells");
  if (count > SHARD_CELLS_MAX) reader.fail("more cells than a shard has");
  const cells = Array.from({ length: count }, () => reader.take(CELL_TOTAL_BYTES));
  if (shards > SHARDS_MAX || shards & (shards - 1) || shard >= shards) reader.fail("shard numbers");
  const tags = cells.map((cell) => cell.subarray(0, TAG_BYTES));
  if (!ascending(tags)) reader.fail("cells are not ascending");
  return new Board(head, shard, shards, cells);
}

/**
 * @typedef {object} Entry one line of a reporter's timeline
 * @property {number} day number, UTC
 * @property {string} kind `status`, `received` or `message`
 * @property {string} status code, or empty
 * @property {string} text of the desk, or empty
 * @property {number} next day number that the desk named, or 0
 * @property {number} texts how many were received
 * @property {number} files how many were received
 */

/**
 * @param {import("./fields.js").NamedValues} values
 * @returns {Entry}
 */
function entryOf(values) {
  /** @param {string} name */
  const number = (name) => new Reader(required(values, name, 4), name).uint(4);
  /** @param {string} name */
  const optional = (name) => (values.has(name) ? number(name) : 0);
  const empty = new Uint8Array();
  const [day, kind] = [number("day"), text(required(values, "kind"))];
  if (!KINDS.includes(kind)) throw new MalformedError("timeline: an unknown kind of entry");
  return {
    day,
    kind,
    status: text(values.get("status") ?? empty),
    text: text(values.get("text") ?? empty),
    next: optional("next"),
    texts: optional("texts"),
    files: optional("files"),
  };
}

/**
 * @param {Uint8Array} untrusted
 * @returns {Entry[]} oldest first; throws MalformedError
 */
export function parseTimeline(untrusted) {
  const reader = new Reader(untrusted, "timeline");
  const entries = Array.from({ length: reader.uint(2) }, () => entryOf(decodeRecord(reader.lp())));
  reader.end();
  return entries;
}

/**
 * @param {Uint8Array} plaintext of a cell
 * @param {number} part index under which it was decrypted
 * @returns {{parts: number, data: Uint8Array}} throws MalformedError
 */
export function parsePart(plaintext, part) {
  const reader = new Reader(plaintext, "cell");
  const [index, parts, length] = [reader.uint(1), reader.uint(1), reader.uint(2)];
  const data = reader.take(length);
  if (index !== part || part >= parts || parts > CELL_PARTS_MAX || reader.take(reader.left).some(Boolean)) {
    throw new MalformedError("cell: parts or padding");
  }
  return { parts, data };
}
