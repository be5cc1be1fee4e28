/**
 * Verifies the boards that every reporter downloads (FORMAT "Boards file"), and opens the answers to one thread.
 *
 * Rule: only boards that a desk's station signed are searched; an old board is used, and marked as old.
 */
import { openTimeline } from "../crypto/answers.js";
import { openObject } from "../crypto/signing.js";
import { UntrustedError } from "../errors.js";
import { BOARD_FRESH_DAYS } from "../limits.js";
import { TAG_BYTES, parseBoard } from "../wire/board.js";
import { takeObjects } from "../wire/bundle.js";
import { ascending } from "../wire/bytes.js";
import { Reader } from "../wire/fields.js";

/** @typedef {import("../wire/board.js").Board} Board */
/** @typedef {import("../wire/board.js").Entry} Entry */

/** All shards of a desk's board. */
export class DeskBoard {
  /**
   * @param {readonly Board[]} shards
   * @param {number} today
   */
  constructor(shards, today) {
    const { head } = shards[0];
    this.shards = shards;
    this.instance = head.instance;
    this.desk = head.desk;
    this.number = head.number;
    this.made = head.made;
    this.old = today - head.made > BOARD_FRESH_DAYS;
  }

  /** @param {Uint8Array} tag */
  find(tag) {
    for (const shard of this.shards) {
      const found = shard.find(tag);
      if (found) return found;
    }
    return null;
  }
}

/**
 * @param {import("../crypto/signing.js").Trust} trust of the keyring
 * @param {Uint8Array} packed the boards file
 * @returns {Promise<DeskBoard[]>} by desk, without those of revoked keys; throws MalformedError or UntrustedError
 */
export async function parseBoards(trust, packed) {
  const reader = new Reader(packed, "boards");
  const desks = takeObjects(reader);
  reader.end();
  /** @type {DeskBoard[]} */
  const boards = [];
  for (const untrusted of desks) {
    const shards = await shardsOf(trust, untrusted).catch(withoutRevoked);
    if (!shards) continue;
    boards.push(new DeskBoard(shards, trust.today));
  }
  if (boards.some(({ desk }, at) => at > 0 && desk <= boards[at - 1].desk)) reader.fail("desks are not ascending");
  return boards;
}

/** @type {(error: unknown) => null} a board under a stolen key must not hide the answers of other desks */
function withoutRevoked(error) {
  if (error instanceof UntrustedError && error.reason === "revoked") return null;
  throw error;
}

/** @type {(trust: import("../crypto/signing.js").Trust, packed: Uint8Array) => Promise<Board[]>} */
async function shardsOf(trust, packed) {
  const reader = new Reader(packed, "board");
  const objects = takeObjects(reader);
  reader.end();
  /** @type {Board[]} */
  const shards = [];
  for (const untrusted of objects) {
    // A board with an expired certificate is only old; its own day says so.
    const shard = parseBoard((await openObject(trust, untrusted, "board", { dated: false })).body);
    shards.push(shard);
    const [one, other] = [shards[0].head, shard.head];
    const alike = one.desk === other.desk && one.number === other.number && one.made === other.made;
    if (!alike || shard.shard !== shards.length - 1) reader.fail("shards of several boards, or out of order");
  }
  if (!shards.length || shards.some((shard) => shard.shards !== shards.length)) reader.fail("a shard is missing");
  const tags = shards.flatMap(({ cells }) => cells.map((cell) => cell.subarray(0, TAG_BYTES)));
  if (!ascending(tags)) reader.fail("shards are not ascending");
  return shards;
}

/**
 * @typedef {object} Answer a thread's timeline on one desk's board
 * @property {string} desk
 * @property {number} made day number of the board
 * @property {boolean} old whether the board is older than BOARD_FRESH_DAYS
 * @property {Entry[]} entries
 */

/**
 * @param {readonly DeskBoard[]} boards
 * @param {(desk: string) => import("../crypto/thread-keys.js").ThreadKeys} keysOf the thread's keys at a desk
 * @returns {Answer[]} the thread's, from each board that has one; throws DamagedError or MalformedError
 */
export function findAnswers(boards, keysOf) {
  return boards.flatMap((board) => {
    const keys = keysOf(board.desk);
    const entries = openTimeline(board, keys.tagKey, keys.answerKey);
    return entries ? [{ desk: board.desk, made: board.made, old: board.old, entries }] : [];
  });
}
