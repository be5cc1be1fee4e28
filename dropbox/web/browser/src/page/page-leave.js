/**
 * Nothing stays: when the page is left, its texts, code and words go out of the document, so that the back button and a
 * memory of pages show nothing.
 */
import { main, text } from "./dom.js";

/** @type {(() => void)[]} */
const callbacks = [];

/** @param {() => void} callback what else must end when the page is left */
export const whenLeft = (callback) => callbacks.push(callback);

let busy = 0;
let asking = false;

/**
 * @param {boolean} wanted whether leaving the page loses something, so that the browser asks: a link or the back button is near
 */
export const askBeforeLeaving = (wanted) => (asking = wanted);

/**
 * @template T
 * @param {Promise<T>} work during which leaving the page loses something
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

addEventListener("beforeunload", (event) => {
  const emptied = !document.body.childElementCount; // by the quick exit, which nothing may hold up
  if ((busy || asking) && !emptied) event.preventDefault();
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
