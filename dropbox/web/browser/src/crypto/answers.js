/**
 * Finds and opens the cells of one's own timeline on a board (FORMAT "Answer board").
 *
 *     tag = PRF(tag key, "tag", desk, u32(board number), u8(part))[0:16]
 *
 * Rule: a cell that has the thread's tag either opens or is an error; which tags were looked for stays on this device.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

import { DamagedError } from "../errors.js";
import { NONCE_BYTES, TAG_BYTES, parsePart, parseTimeline } from "../wire/board.js";
import { concat, utf8 } from "../wire/bytes.js";
import { LABEL_ROOT, lp, u32, u8 } from "../wire/fields.js";
import { prf } from "./kdf.js";

/** @typedef {import("../wire/board.js").Entry} Entry */

/**
 * @typedef {object} WholeBoard a verified board of one desk
 * @property {Uint8Array} instance
 * @property {string} desk
 * @property {number} number
 * @property {(tag: Uint8Array) => Uint8Array | null} find returns `nonce ‖ sealed` of the cell with that tag
 */

/** @type {(tagKey: Uint8Array, desk: string, number: number, part: number) => Uint8Array} */
export const tagOf = (tagKey, desk, number, part) =>
  prf(tagKey, "tag", utf8(desk), u32(number), u8(part)).subarray(0, TAG_BYTES);

/**
 * Opens the thread's timeline on one board.
 *
 * @param {WholeBoard} board
 * @param {Uint8Array} tagKey of the thread, 32 bytes
 * @param {Uint8Array} answerKey of the thread, 32 bytes
 * @returns {Entry[] | null} oldest first; null if the board has no cell of this thread; throws DamagedError if a cell
 *   cannot be decrypted or a part is missing, MalformedError if the timeline breaks the grammar
 */
export function openTimeline(board, tagKey, answerKey) {
  const key = prf(answerKey, "cell");
  const pieces = [];
  for (let part = 0, parts = 1; part < parts; part++) {
    const number = u32(board.number);
    const cell = board.find(tagOf(tagKey, board.desk, board.number, part));
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
