/**
 * Shows on the review which passages of the answers may point to the reporter.
 *
 * Rule: only answers that were typed are searched. What is found stays in the page; it stops nobody.
 */
import { passages } from "../../form/mirror.js";
import { part } from "../dom.js";

const SHOWN = 2; // passages of a kind

/**
 * @param {ParentNode} sheet the review, with `_mirror.html` in it
 * @param {ParentNode} form
 */
export function fillMirror(sheet, form) {
  const box = part(sheet, "mirror");
  const typed = /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll("[data-question] textarea, [data-question] [type='text']:not([data-kind]):not([inputmode])")
  );
  for (const line of box.querySelectorAll("[data-pattern]")) {
    const pattern = line.getAttribute("data-pattern") ?? "";
    const found = Array.from(typed, ({ name, value }) => ({ name, list: passages(value, pattern) }));
    const first = found.find(({ list }) => list.length);
    if (!first) {
      line.remove();
      continue;
    }
    const all = [...new Set(found.flatMap(({ list }) => list))];
    part(line, "passages").textContent = all.slice(0, SHOWN).join(", ");
    line.querySelector("button")?.setAttribute("data-field", first.name);
  }
  if (!box.querySelector("li")) box.remove();
}
