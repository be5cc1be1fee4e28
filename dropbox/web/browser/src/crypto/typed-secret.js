/**
 * Reads a receipt code and a passphrase as people type and paste them.
 *
 * Rule: only what has a right check symbol and a right checksum is taken for a secret; otherwise the error is the one
 * of the first reading. dropbox/crypto/typed_secret.py reads the same.
 */
import { parseSecret } from "./secret.js";

// A code within other text; the lookahead finds those that begin within an earlier match.
const CODE = /(?:^|[^0-9A-Za-z])(?=([0-9A-Za-z]{4}(?:[-\s]?[0-9A-Za-z]{4}){3})(?![0-9A-Za-z]))/g;
export const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g; // what phones and pages put into words
const TYPED_MAX = 1000; // characters that are searched
const WORD_COUNT = 8;

/**
 * @param {string} typedCode
 * @param {string} typedWords
 * @returns {import("./secret.js").ReporterSecret} also if both are in one field, each is in the other's, or their
 *   labels come with them; throws WrongCodeError or WrongWordsError for each in its own field
 */
export function readTyped(typedCode, typedWords) {
  const [code, words] = [typedCode, typedWords].map((typed) => typed.replace(INVISIBLE, ""));
  try {
    return parseSecret(code, words);
  } catch (error) {
    const found = foundIn(`${code}\n${words}`.slice(0, TYPED_MAX));
    if (!found) throw error;
    return found;
  }
}

/** @type {(typed: string) => string[]} */
const wordsOf = (typed) => typed.match(/[A-Za-z]+/g) ?? [];

/**
 * @param {string} typed
 * @returns {import("./secret.js").ReporterSecret | null}
 */
function foundIn(typed) {
  for (const match of typed.matchAll(CODE)) {
    const at = /** @type {number} */ (match.index) + match[0].length;
    const rest = `${typed.slice(0, at)}\n${typed.slice(at + match[1].length)}`;
    const words = wordsOf(rest);
    // First what is alone behind its label; then eight words in a row, from the end, because labels come before.
    const tries = rest.split(/[\n:]/).map(wordsOf);
    for (let first = words.length - WORD_COUNT; first >= 0; first -= 1) {
      tries.push(words.slice(first, first + WORD_COUNT));
    }
    for (const eight of tries.filter((one) => one.length === WORD_COUNT)) {
      try {
        return parseSecret(match[1], eight.join(" "));
      } catch {
        // the next eight words
      }
    }
  }
  return null;
}
