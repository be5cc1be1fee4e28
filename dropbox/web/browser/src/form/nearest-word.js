/**
 * Finds the words of the public list that a mistyped word may have been.
 *
 * Rule: it looks at the list alone. Which words belong to a reporter's code is known to nobody here.
 */
import { WrongWordsError } from "../errors.js";
import { KEY_LETTERS, WORDS, indexOf } from "../crypto/words.js";

const OFFERED_MAX = 5;
const SLIPS_MAX = 2; // with more, half of the list would be near

/**
 * @param {string} typed letters a to z
 * @returns {boolean} whether it stands for a word of the list
 */
export function isOfList(typed) {
  try {
    return indexOf(typed, 1) >= 0;
  } catch (error) {
    if (error instanceof WrongWordsError) return false;
    throw error;
  }
}

/**
 * @param {string} typed letters a to z
 * @returns {string[]} the words with the fewest slips, at most five; none if all have more than two
 */
export function nearestWords(typed) {
  const short = typed.length <= KEY_LETTERS; // four letters stand for a word
  const slips = WORDS.map((word) => {
    const other = short ? word.slice(0, KEY_LETTERS) : word;
    const far = Math.abs(other.length - typed.length) > SLIPS_MAX;
    return far ? Infinity : slipsBetween(typed, other);
  });
  const least = Math.min(...slips);
  if (least > Math.min(SLIPS_MAX, typed.length - 2)) return [];
  return WORDS.filter((_, at) => slips[at] === least).slice(0, OFFERED_MAX);
}

/** @type {(one: string, other: string) => number} letters missing, too many, wrong or exchanged with their neighbour */
function slipsBetween(one, other) {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[one.length][other.length];
}
