/**
 * Counts characters as people do.
 *
 * Rule: the same count as dropbox/form/lengths.py (tests/js): code points, and the end of a line once.
 */
import { FIELD_MAX_CHARACTERS } from "../limits.js";

/**
 * @param {string} typed
 * @returns {number}
 */
export function characters(typed) {
  let count = 0;
  for (const _ of typed) count += 1;
  return count - (typed.match(/\r\n/g)?.length ?? 0);
}

/**
 * @param {string} typed
 * @returns {boolean} whether it has more than FIELD_MAX_CHARACTERS
 */
export function isTooLong(typed) {
  return typed.length > FIELD_MAX_CHARACTERS && characters(typed) > FIELD_MAX_CHARACTERS;
}
