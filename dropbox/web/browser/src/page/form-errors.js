/**
 * Shows what went wrong, where the server's pages show it: a summary above the form, and a sentence at each field.
 *
 * Rule: an error never removes what was typed.
 */
import {
  DropboxError,
  MalformedError,
  RefusedError,
  TooLargeError,
  UntrustedError,
  WrongClockError,
} from "../errors.js";
import { WrongCodeError, WrongWordsError } from "../errors.js";
import { FileUnreadableError } from "../intake/file-bytes.js";
import { LostUploadError, OfflineError, ServerRefusedError } from "../intake/tus.js";
import { clone, config, hasText, retitle, text, valueOf, weekdayText } from "./dom.js";

/** @typedef {Map<string, string>} FormErrors sentence by field name; the empty name stands for the whole form */

/**
 * @param {unknown} error
 * @returns {string} key of the sentence for the reporter
 */
export function keyOf(error) {
  if (error instanceof ServerRefusedError) return hasText(error.key) ? error.key : "server-error";
  if (error instanceof OfflineError) return "gave-up";
  if (error instanceof LostUploadError) return "upload-unknown";
  if (error instanceof FileUnreadableError) return "file-unreadable";
  if (error instanceof WrongClockError) return "clock";
  if (error instanceof UntrustedError) {
    return ["date", "list", "root-expired"].includes(error.reason) ? "keys-expired" : "keyring-forged";
  }
  if (error instanceof RefusedError) return "keys-expired"; // no desk is open
  if (error instanceof TooLargeError) return "too-large";
  return "page-error";
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  const today = error instanceof WrongClockError ? weekdayText(error.today) : "";
  return text(keyOf(error), { today, limit: config.fileMax });
}

/**
 * Shows a sentence instead of the form when the page cannot start, above the other ways to report.
 *
 * @param {unknown} error
 * @param {Partial<Record<"offline" | "malformed" | "untrusted", string>>} [keys] of this page's own sentences
 */
export function cannotBegin(error, keys = {}) {
  let key = error instanceof DropboxError ? keyOf(error) : "page-failed";
  if (error instanceof OfflineError) key = keys.offline ?? "load-failed";
  else if (error instanceof MalformedError) key = keys.malformed ?? "keyring-forged";
  else if (key === "keyring-forged") key = keys.untrusted ?? key;
  stop(key, error instanceof WrongClockError ? { today: weekdayText(error.today) } : {});
}

/**
 * @param {string} key
 * @param {Record<string, string>} [values]
 */
export function stop(key, values = {}) {
  const why = document.createElement("p");
  why.className = "lead";
  why.setAttribute("role", "alert");
  why.setAttribute("data-error", key);
  why.textContent = text(key, values);
  if (key === "clock")
    config.box.replaceChildren(why); // no other way helps there
  else config.box.querySelector("[data-part='why'], [data-error]")?.replaceWith(why);
  retitle("sealed");
}

/**
 * @param {unknown} error thrown for code and words
 * @returns {FormErrors}
 */
export function secretErrors(error) {
  /** @type {FormErrors} */
  const errors = new Map();
  for (const name of ["code", "words"]) if (!valueOf(name).trim()) errors.set(name, text(`${name}-required`));
  if (errors.size) return errors;
  if (error instanceof WrongCodeError) return errors.set("code", text(`code-${error.reason}`));
  if (!(error instanceof WrongWordsError)) return errors.set("", text("page-error"));
  return errors.set("words", text(`words-${error.reason}`, { count: 8, position: error.position }));
}

/** @param {ParentNode} root below which all errors are removed */
export function clearErrors(root) {
  for (const old of root.querySelectorAll(".errors, .fault")) old.remove();
  for (const field of root.querySelectorAll(".faulty")) field.classList.remove("faulty");
  for (const field of root.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    const ids = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("-error"));
    if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
    else field.removeAttribute("aria-describedby");
  }
  retitle();
}

/**
 * @param {HTMLElement} form
 * @param {FormErrors} errors in their order on the page
 */
export function showErrors(form, errors) {
  clearErrors(document); // of other forms too: what was tried last is what the page speaks about
  if (!errors.size) return;
  const summary = /** @type {HTMLElement} */ (clone("t-errors").firstElementChild);
  summary.setAttribute("data-error", "form");
  for (const [name, sentence] of errors) {
    summary.querySelector("ul")?.append(lineOf(name, sentence));
    if (name) mark(name, sentence);
  }
  form.before(summary);
  retitle();
  summary.focus();
  summary.scrollIntoView({ block: "start", behavior: "instant" });
}

/** @type {(name: string, sentence: string) => HTMLElement} */
function lineOf(name, sentence) {
  const line = document.createElement("li");
  line.setAttribute("data-error-field", name);
  const link = document.createElement("a");
  if (name) {
    link.href = `#${name}`;
    line.append(link);
  }
  (name ? link : line).textContent = sentence;
  if (name) {
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address stays as it is
      const control = document.getElementById(name);
      unfold(control);
      control?.focus();
    });
  }
  return line;
}

/** @param {Element | null} control whose enclosing details are opened */
export function unfold(control) {
  for (let box = control?.closest("details"); box; box = box.parentElement?.closest("details")) box.open = true;
}

/**
 * @param {string} name
 * @param {string} sentence
 */
function mark(name, sentence) {
  const control = document.getElementById(name);
  if (!control) return;
  unfold(control);
  const note = /** @type {HTMLElement} */ (clone("t-fault").firstElementChild);
  note.id = `${name}-error`;
  /** @type {HTMLElement} */ (note.querySelector("span")).textContent = sentence;
  (control.closest(".pick") ?? control).before(note);
  control.closest(".field")?.classList.add("faulty");
  const described = control.closest("fieldset") ?? control;
  const ids = described.getAttribute("aria-describedby");
  described.setAttribute("aria-describedby", ids ? `${ids} ${note.id}` : note.id);
  described.setAttribute("aria-invalid", "true");
}
