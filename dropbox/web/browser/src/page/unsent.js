/**
 * Finds what the reporter typed, picked or chose on this page and has not sent: texts, picks, files, and uploads that
 * stand still.
 *
 * Rule: it reads the page itself, so that no form can be forgotten. Code and words do not count: they are on paper.
 */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** What is unsent as it stands: a review from the server, a text to copy, an upload that is paused or has failed. */
const KEPT = "[data-unsent], [data-upload='paused'], [data-upload='failed']";
// The desk is who reads; `.mono` is what is copied from paper.
const FIELDS =
  ":is(textarea, input[name], select[name]):not([readonly], .mono, [type=hidden], [type=file], [name=desk])";

/** @type {(selector: string) => any[]} */
const all = (selector) => Array.from(document.querySelectorAll(selector));

/** @type {(field: Field) => boolean} whether it is ticked or picked, not written */
export const isPick = ({ type }) => ["checkbox", "radio", "select-one"].includes(type);

/** @type {(field: Field) => boolean} a text counts also where the server wrote it back */
function isUsed(field) {
  if (!isPick(field)) return field.value.trim() !== "";
  if (field instanceof HTMLInputElement) return field.checked !== field.defaultChecked;
  const options = Array.from(/** @type {HTMLSelectElement} */ (field).options);
  return !(options.find((one) => one.defaultSelected) ?? options[0])?.selected;
}

/** @returns {Field[]} those that hold more than the page gave; not the picks about chosen files */
export const usedFields = () => all(FIELDS).filter((one) => isUsed(one) && !one.closest("[data-part='review']"));

/** @returns {HTMLInputElement[]} */
export const chosenFiles = () => all("input[type='file']").filter(({ value }) => value);

/** @returns {boolean} */
export const isUnsent = () =>
  document.querySelector(KEPT) !== null || usedFields().length > 0 || chosenFiles().length > 0;

/** @param {Field} field that gets back what the page gave, or nothing where it is written */
export function discard(field) {
  if (!isPick(field)) field.value = "";
  else if (field instanceof HTMLInputElement) field.checked = field.defaultChecked;
  else for (const one of /** @type {HTMLSelectElement} */ (field).options) one.selected = one.defaultSelected;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
