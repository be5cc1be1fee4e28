/**
 * FORMAT "Answer board" and "Boards file": verifies the boards that all download, finds and opens one's own cells.
 *
 *     tag = PRF(tag key, "tag", desk, u32(board number), u8(part))[0:16]
 *
 * Rule: nothing leaves here that a desk's station did not sign; which cells were looked for stays on this device.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

import { NONCE_BYTES, TAG_BYTES, parseBoard, parsePart, parseTimeline } from "../wire/board.js";
import { DamagedError, UntrustedError } from "../errors.js";
import { LABEL_ROOT, Reader, ascending, concat, lp, u32, u8, utf8 } from "../wire/fields.js";
import { prf } from "./kdf.js";
import { BOARD_FRESH_DAYS } from "../limits.js";
import { takeObjects } from "../wire/signed.js";
import { openObject } from "./signing.js";

/** @typedef {import("../wire/board.js").Board} Board */
/** @typedef {import("../wire/board.js").Entry} Entry */

/** A desk's board, all its shards. */
export class DeskBoard {
  /** @param {readonly Board[]} shards @param {number} today */
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
 * @param {import("./signing.js").Trust} trust the keyring's
 * @param {Uint8Array} packed the boards file
 * @returns {Promise<DeskBoard[]>} by desk, without those of revoked keys; throws MalformedError or UntrustedError
 */
export async function parseBoards(trust, packed) {
  const reader = new Reader(packed, "boards");
  const desks = takeObjects(reader);
  reader.end();
  const boards = [];
  for (const untrusted of desks) {
    const shards = await shardsOf(trust, untrusted).catch(withoutRevoked);
    if (!shards) continue;
    const board = new DeskBoard(shards, trust.today);
    if (boards.length && board.desk <= boards[boards.length - 1].desk) reader.fail("desks are not ascending");
    boards.push(board);
  }
  return boards;
}

/** @type {(error: unknown) => null} a thief's board must not keep the other desks' answers away */
function withoutRevoked(error) {
  if (error instanceof UntrustedError && error.reason === "revoked") return null;
  throw error;
}

/** @type {(trust: import("./signing.js").Trust, packed: Uint8Array) => Promise<Board[]>} */
async function shardsOf(trust, packed) {
  const reader = new Reader(packed, "board");
  const objects = takeObjects(reader);
  reader.end();
  /** @type {Board[]} */
  const shards = [];
  for (const untrusted of objects) {
    // A board whose certificate is over is merely old; its own day says so.
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
 * @typedef {object} Timeline
 * @property {string} desk
 * @property {number} made day of the board
 * @property {boolean} old whether the board is older than boards should be
 * @property {Entry[]} entries
 */

/**
 * @param {readonly DeskBoard[]} boards
 * @param {(desk: string) => import("./thread-keys.js").ThreadKeys} keysOf the thread's keys of a desk
 * @returns {Timeline[]} one's own, from each board that has one; throws DamagedError or MalformedError
 */
export function openTimeline(boards, keysOf) {
  return boards.flatMap((board) => {
    const keys = keysOf(board.desk);
    const entries = openOne(board, keys.tagKey, keys.answerKey);
    return entries ? [{ desk: board.desk, made: board.made, old: board.old, entries }] : [];
  });
}

/**
 * @param {Pick<DeskBoard, "instance" | "desk" | "number" | "find">} board
 * @param {Uint8Array} tagKey
 * @param {Uint8Array} answerKey
 * @returns {Entry[] | null} null if the board has no cell of this thread
 */
export function openOne(board, tagKey, answerKey) {
  const key = prf(answerKey, "cell");
  const pieces = [];
  for (let part = 0, parts = 1; part < parts; part++) {
    const number = u32(board.number);
    const cell = board.find(prf(tagKey, "tag", utf8(board.desk), number, u8(part)).subarray(0, TAG_BYTES));
    if (!cell && part === 0) return null;
    if (!cell) throw new DamagedError("a part of the answer is missing", "part");
    const ad = [utf8(`${LABEL_ROOT}cell`), board.instance, utf8(board.desk), number, u8(part)];
    const opened = parsePart(open(key, cell, concat(...ad.map(lp))), part);
    if (part > 0 && opened.parts !== parts) throw new DamagedError("the parts of the answer do not agree", "part");
    parts = opened.parts;
    pieces.push(opened.data);
  }
  return parseTimeline(concat(...pieces));
}

/** @type {(key: Uint8Array, cell: Uint8Array, ad: Uint8Array) => Uint8Array} */
function open(key, cell, ad) {
  try {
    return xchacha20poly1305(key, cell.subarray(0, NONCE_BYTES), ad).decrypt(cell.subarray(NONCE_BYTES));
  } catch {
    throw new DamagedError("a cell does not open", "cell");
  }
}
