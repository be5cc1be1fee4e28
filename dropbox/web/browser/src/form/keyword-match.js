/**
 * Searches a text for phrases of a list, which the page contains: words that suggest a conflict of interest, or
 * violence.
 *
 * Rule: a phrase matches from the beginning of a word, and may end inside one; as in dropbox/form/keyword_match.py.
 */

/**
 * @param {string} text
 * @returns {string} its ASCII letters and digits in lower case, one space for anything else, and one at both ends
 */
const wordsOf = (text) =>
  ` ${text
    .replace(/[^0-9A-Za-z]+/g, " ")
    .trim()
    .toLowerCase()} `;

/**
 * @param {string} text
 * @param {readonly string[]} phrases
 * @returns {boolean} whether it contains at least one of them
 */
export function holdsKeyword(text, phrases) {
  const told = wordsOf(text);
  return phrases.some((phrase) => told.includes(wordsOf(phrase).trimEnd()));
}
