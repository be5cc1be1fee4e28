/**
 * Offers only the desks that can be addressed today, and says so for the others before anything is typed.
 *
 * Rule: no other desk replaces a closed one. The reporter chooses who reads.
 */
import { text } from "../dom.js";

const USUAL = "itjen"; // the desk of an unanswered question

/** @typedef {Pick<import("../../crypto/keyring.js").Keyring, "desks">} Keyring */

/** @type {(keyring: Keyring, name: string) => boolean} */
export const isOpen = ({ desks }, name) => desks.some((desk) => desk.name === name && desk.key !== null);

/**
 * @param {string} name of a desk
 * @returns {string} a sentence: it is closed, and what to do
 */
export const closedSentence = (name) => `${text(`desk-${name}`) || name}: ${text("desk-closed")}`;

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLInputElement | null} its radio button
 */
export const choiceOf = (root, name) => root.querySelector(`input[name="desk"][value="${name}"]`);

/**
 * @param {ParentNode} root with the question about desks in it
 * @param {Keyring} keyring
 */
export function offerDesks(root, keyring) {
  const all = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("input[name='desk']"));
  const [group, { id }] = [all[0].closest("fieldset"), all[0]];
  for (const radio of all) {
    if (isOpen(keyring, radio.value)) continue;
    const note = Object.assign(document.createElement("p"), {
      className: "warning",
      textContent: closedSentence(radio.value),
    });
    note.setAttribute("data-desk-closed", radio.value);
    root.querySelector("[data-question]")?.before(note); // before anything is typed
    radio.closest("label")?.remove();
    if (radio.value === USUAL) group?.querySelector(".hint")?.remove(); // it names the default, which is closed
  }
  const first = root.querySelector("input[name='desk']");
  if (first) first.id = id; // where a link from an error leads
}
