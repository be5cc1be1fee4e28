/**
 * Says beside a file field what is chosen, in the page's language: the browser's own words are hidden.
 */
import { part, text } from "../dom.js";

/** @param {HTMLInputElement} chooser with a part `chosen` beside it */
export function showChosen(chooser) {
  const said = part(/** @type {ParentNode} */ (chooser.parentNode), "chosen");
  const none = said.textContent;
  chooser.addEventListener("change", () => {
    const names = Array.from(chooser.files ?? [], ({ name }) => name).join(", ");
    said.textContent = names ? text("chosen", { names }) : none;
  });
}
