/**
 * Collects what a cleaned picture consists of: ranges of the original, and the few bytes that are written new.
 *
 * Rule: image data is never changed, only cut out. So a cleaned file can refer to the original and needs no memory.
 */
import { MalformedError } from "../errors.js";
import { compare, concat } from "../wire/bytes.js";

/** @typedef {"exif" | "xmp" | "iptc" | "text" | "thumbnail" | "date" | "appended" | "display" | "other"} Dropped */
/** @typedef {{from: number, to: number} | Uint8Array} Piece a range of the original, or new bytes */

/**
 * Throws MalformedError with that reason.
 *
 * @param {string} why
 * @returns {never}
 */
export function malformed(why) {
  throw new MalformedError(`picture: ${why}`);
}

/** A copy that grows at its end. */
export class Copy {
  /** @param {Uint8Array} bytes of the original */
  constructor(bytes) {
    this.bytes = bytes;
    /** @type {Piece[]} */ this.pieces = [];
    /** @type {Set<Dropped>} */ this.dropped = new Set(); // empty: the original can be sent as it is
    this.length = 0;
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  keep(from, to) {
    const last = this.pieces[this.pieces.length - 1];
    if (last && !(last instanceof Uint8Array) && last.to === from) last.to = to;
    else this.pieces.push({ from, to });
    this.length += to - from;
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.pieces.push(bytes);
    this.length += bytes.length;
  }

  /**
   * Keeps a range if it has exactly these bytes, else writes them.
   *
   * @type {(from: number, to: number, bytes: Uint8Array) => boolean}
   */
  settle(from, to, bytes) {
    const same = compare(this.bytes.subarray(from, to), bytes) === 0;
    if (same) this.keep(from, to);
    else this.write(bytes);
    return same;
  }

  /** @param {Copy} other of the same original, whose pieces come next */
  append(other) {
    for (const piece of other.pieces) {
      if (piece instanceof Uint8Array) this.write(piece);
      else this.keep(piece.from, piece.to);
    }
  }

  /** @returns {Uint8Array} the whole copy */
  joined() {
    return concat(
      ...this.pieces.map((piece) => (piece instanceof Uint8Array ? piece : this.bytes.subarray(piece.from, piece.to))),
    );
  }
}
