/**
 * Clears the page when it is left, and lets the browser ask first while something would be lost.
 *
 * Rule: texts, code and words leave the document, so that neither the back button nor a cached page shows them.
 */
import { main, text } from "./dom.js";
import { isUnsent } from "./unsent.js";

/** @type {(() => void)[]} */
const callbacks = [];

/** @param {() => void} callback called when the page is left */
export const whenLeft = (callback) => callbacks.push(callback);

let busy = 0;
let asking = false;

/**
 * @param {boolean} wanted whether the browser asks before the page is left by a link or the back button
 */
export const askBeforeLeaving = (wanted) => (asking = wanted);

/**
 * @template T
 * @param {Promise<T>} work while it runs, the browser asks before the page is left
 * @returns {Promise<T>}
 */
export async function busyWith(work) {
  busy += 1;
  try {
    return await work;
  } finally {
    busy -= 1;
  }
}

/**
 * Asks until the reporter saves what this page made: whether the browser saved it by itself, no page can know.
 *
 * @param {HTMLElement} save link to it
 * @param {HTMLElement | null} [copied] its text, from which it can also be taken
 */
export function keepUntilSaved(save, copied = null) {
  save.dataset.unsent = "";
  const keep = (/** @type {Event} */ { isTrusted }) => isTrusted && save.removeAttribute("data-unsent");
  save.addEventListener("click", keep);
  copied?.addEventListener("copy", keep);
}

addEventListener("beforeunload", (event) => {
  const emptied = !document.body.childElementCount; // by the quick exit, which must not be delayed
  if ((busy || asking || isUnsent()) && !emptied) event.preventDefault();
});

addEventListener("pagehide", () => {
  for (const callback of callbacks) callback();
  asking = false;
  for (const field of document.querySelectorAll("textarea, input")) {
    if (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== "radio"))
      field.value = "";
  }
  const note = document.createElement("p");
  note.className = "lead";
  note.setAttribute("data-error", "cleared");
  note.textContent = text("cleared");
  main.replaceChildren(note);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) main.focus();
});
