/**
 * Keeps on the page what the reporter did on this visit: what was sent, what counts as answered, what is still unsent.
 *
 * Rule: the page alone remembers it. While a file is on its way, no end of the visit is offered.
 */
import { button, clone, main, part, text } from "../dom.js";
import { clearErrors } from "../form-errors.js";
import { chosenFiles, discard, isPick, usedFields } from "../unsent.js";

const MOVING = ["waiting", "reading", "sending", "retrying"].map((state) => `[data-upload='${state}']`).join();
const HELD = "[data-upload='paused'], [data-upload='failed']";
const WORDS_SHOWN = 500; // characters of a text that was sent; the whole of it is with the desk

/** @type {(words: string) => string} */
export const shortened = (words) => (words.length > WORDS_SHOWN ? `${words.slice(0, WORDS_SHOWN)} …` : words);

/**
 * Adds a line to the list of this visit, which appears with its first line.
 *
 * @param {Node} line
 */
export function record(line) {
  const place = part(main, "visit");
  if (!place.hasChildNodes()) {
    place.append(clone("t-added"));
    place.firstElementChild?.setAttribute("data-added", "");
  }
  place.querySelector("ul")?.append(line);
}

/**
 * Records words that were sent.
 *
 * @param {string} template of the line
 * @param {string} words
 */
export function recordWords(template, words) {
  const line = clone(template);
  part(line, "words").textContent = shortened(words);
  if (!words) part(line, "words").remove();
  record(line);
}

/**
 * Puts what was done in place of a desk's question, which must not be asked again.
 *
 * @param {string} desk
 * @param {"answered" | "withdrawn"} act
 * @returns {HTMLElement | null} the sentence that now stands there, or null if it does not concern what the desk says
 */
export function markDone(desk, act) {
  const now = main.querySelector(`[data-now][data-desk="${desk}"]`);
  const question = now?.querySelector("[data-part='question']");
  if (!now || !(question || act === "withdrawn")) return null;
  if (question) for (const one of [question, part(now, "standing")]) one.remove();
  for (const one of now.querySelectorAll("[data-did]")) /** @type {HTMLElement} */ (one).hidden = true;
  const said = part(now, act);
  said.hidden = false;
  return said;
}

/** Watches what is on its way or unsent, and says it beside each end of the visit. */
export function watchEnd() {
  const [box, said] = [part(main, "unsent"), part(main, "unsent-said")];
  function look() {
    const count = (/** @type {string} */ selector) => main.querySelectorAll(selector).length;
    const moving = count(MOVING);
    const files = count(HELD) + chosenFiles().reduce((sum, { files }) => sum + (files?.length ?? 0), 0);
    for (const end of main.querySelectorAll("[data-end]")) /** @type {HTMLElement} */ (end).hidden = moving > 0;
    const used = usedFields();
    const things = []; // all that the button destroys
    if (used.some((field) => !isPick(field))) things.push(text("unsent-text"));
    if (used.some(isPick)) things.push(text("unsent-picks"));
    if (files) things.push(text("unsent-files", { count: files }));
    let sentence = things.length ? text("unsent", { things: things.join(", ") }) : "";
    if (moving) sentence = text("unsent-moving");
    box.hidden = !sentence;
    // "You may close this page" is true only while nothing is unsent or being checked.
    const sum = part(main, "sum");
    const all = part(sum, "sum-all");
    all.hidden = !all.textContent || Boolean(sentence) || main.querySelector("textarea[readonly]") !== null;
    sum.className = all.hidden ? "sum" : "done";
    button(box, "discard").hidden = moving > 0;
    if (said.textContent !== sentence) said.textContent = sentence;
  }
  button(box, "discard").addEventListener("click", () => {
    clearErrors(main);
    for (const field of usedFields()) discard(field);
    for (const chooser of chosenFiles()) {
      chooser.value = "";
      chooser.dispatchEvent(new Event("change", { bubbles: true }));
    }
    for (const item of main.querySelectorAll(HELD)) button(item, "cancel").click();
    look();
    const ends = /** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll("a[data-end]"));
    ends[ends.length - 1]?.focus(); // the nearest
  });
  for (const kind of ["input", "change"]) main.addEventListener(kind, look);
  const changes = { attributes: true, attributeFilter: ["data-upload", "readonly"], childList: true, subtree: true };
  new MutationObserver(look).observe(main, changes);
  look();
}
