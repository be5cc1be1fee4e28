/**
 * Converts between numbers of 11 bits and the project's 2048 Indonesian words, unique by their first four letters.
 *
 * Rule: a typed word matches at most one word of the list. The list is dropbox/crypto/words.txt, without a copy.
 */
import LIST from "#word-list";

import { WrongWordsError } from "../errors.js";

export const WORD_BITS = 11;
export const KEY_LETTERS = 4;
const FINGERPRINT_WORDS = 12;

/** The words in their order: index 0 to 2047. */
export const WORDS = /** @type {readonly string[]} */ (LIST.trim().split("\n"));

/** @type {Map<string, number>} */
const indexByKey = new Map([
  ...WORDS.map((word, index) => /** @type {const} */ ([word.slice(0, KEY_LETTERS), index])),
  ...WORDS.map((word, index) => /** @type {const} */ ([word, index])),
]);

/**
 * @param {string} typed letters a to z
 * @param {number} position its place from 1, for the error
 * @returns {number} index of the word; throws WrongWordsError
 */
export function indexOf(typed, position) {
  const index = indexByKey.get(typed) ?? indexByKey.get(typed.slice(0, KEY_LETTERS));
  if (index === undefined) throw new WrongWordsError("a word is not of the list", "unknown", position);
  return index;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} count
 * @returns {number[]} the first `count` groups of 11 bits, most significant first
 */
export function wordIndices(bytes, count) {
  return Array.from({ length: count }, (_, at) => {
    let index = 0;
    for (let bit = at * WORD_BITS; bit < (at + 1) * WORD_BITS; bit++) {
      index = (index << 1) | ((bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
    }
    return index;
  });
}

/**
 * @param {Uint8Array} digest
 * @returns {string} its first 132 bits as 12 words to read aloud (FORMAT "Root anchor")
 */
export function fingerprintWords(digest) {
  return wordIndices(digest, FINGERPRINT_WORDS)
    .map((index) => WORDS[index])
    .join(" ");
}
