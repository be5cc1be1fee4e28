/**
 * Finds what the reporter typed or chose on this page and has not sent: texts, files, and uploads that stand still.
 *
 * Rule: it reads the page itself, so that no form can be forgotten. Code and words do not count: they are on paper.
 */

/** What is unsent as it stands: a review from the server, a text to copy, an upload that is paused or has failed. */
const KEPT = "[data-unsent], [data-upload='paused'], [data-upload='failed']";

/** @type {(selector: string) => HTMLInputElement[]} the fields that are not empty */
const filled = (selector) =>
  Array.from(/** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(selector))).filter(({ value }) =>
    value.trim(),
  );

/** @returns {HTMLInputElement[]} text areas, which have all that is used of a field */
export const typedTexts = () => filled("textarea:not([readonly], .mono)");

/** @returns {HTMLInputElement[]} */
export const chosenFiles = () => filled("input[type='file']");

/** @returns {boolean} */
export const isUnsent = () =>
  document.querySelector(KEPT) !== null || typedTexts().length > 0 || chosenFiles().length > 0;
