/**
 * Finds passages of a text that may point to the person who wrote it.
 *
 * Rule: the same passages as dropbox/form/mirror.py (tests/js/mirror.json).
 */

const PASSAGE_MAX = 40;

/**
 * @param {string} text
 * @param {string} pattern of one kind; the one group that took part is the passage
 * @returns {string[]} from left to right, each at most PASSAGE_MAX characters long
 */
export function passages(text, pattern) {
  const found = text.replace(/[ \t\r\n]+/g, " ").matchAll(new RegExp(pattern, "gi"));
  return Array.from(found, (match) => match.slice(1).find(Boolean)?.slice(0, PASSAGE_MAX) ?? "").filter(Boolean);
}
