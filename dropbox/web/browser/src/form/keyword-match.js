/**
 * Whether a text speaks of certain things: phrases that the page brings along.
 *
 * Rule: the same as `holds_keyword` in dropbox/form/keyword_match.py; a phrase begins a word of the text, and may end inside one.
 */

/**
 * @param {string} text
 * @returns {string} its ASCII letters and digits, small, a blank for all between and at both ends
 */
const wordsOf = (text) =>
  ` ${text
    .replace(/[^0-9A-Za-z]+/g, " ")
    .trim()
    .toLowerCase()} `;

/**
 * @param {string} text
 * @param {readonly string[]} phrases
 * @returns {boolean} whether it holds one of them
 */
export function holdsKeyword(text, phrases) {
  const told = wordsOf(text);
  return phrases.some((phrase) => told.includes(wordsOf(phrase).trimEnd()));
}
