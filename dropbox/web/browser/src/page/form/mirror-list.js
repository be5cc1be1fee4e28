/**
 * Shows on the review which passages of the answers may point to the reporter.
 *
 * Rule: only answers that were typed are searched. What is found stays in the page; it stops nobody.
 */
import { passages } from "../../form/mirror.js";
import table from "../../../../../form/mirror.json";
import { part } from "../dom.js";

const SHOWN = 2; // passages of a kind

/** @type {Record<string, string>} */
const parts = table.parts;

/** @type {(pattern: string) => string} with its parts in their places, as dropbox/form/mirror.py reads them */
const whole = (pattern) => pattern.replace(/\{([a-z]+)\}/g, (_, name) => whole(parts[name] ?? ""));

/**
 * @param {ParentNode} sheet the review, with `_mirror.html` in it
 * @param {ParentNode} form
 */
export function fillMirror(sheet, form) {
  const box = part(sheet, "mirror");
  const typed = /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll("[data-question] textarea, [data-question] [type='text']:not([data-kind]):not([inputmode])")
  );
  for (const [kind, alternatives] of Object.entries(table.kinds)) {
    const line = box.querySelector(`#m-${kind}`);
    if (!line) continue;
    const pattern = whole(alternatives.join("|"));
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
