/**
 * Sends a reporter's acts besides writing: the answers were read, protection is requested, the report is withdrawn.
 *
 * Rule: each act is an ordinary addition, sealed here, of the same size, under its own form. Only what was ticked
 * counts, and what was typed is removed only after the server has acknowledged it.
 */
import { FIELD_MAX_CHARACTERS } from "../../limits.js";
import { isTooLong } from "../../form/lengths.js";
import { newForm } from "../../crypto/secret.js";
import { Sender, sendText } from "../../intake/sealing-stream.js";
import { button, clone, config, part, text, valueOf } from "../dom.js";
import { markDone, recordWords } from "./visit.js";
import { sentenceOf, showErrors } from "../form-errors.js";
import { busyWith, whenLeft } from "../page-leave.js";
import { BROWSER } from "../transport.js";
import { today } from "../published.js";

/** @typedef {import("./addition-form.js").Thread} Thread */

const FORMS = /** @type {const} */ (["read", "protect", "withdraw"]);

/**
 * @param {ParentNode} form
 * @returns {string[]} codes of the kinds that are ticked, in their order on the page
 */
const kindsIn = (form) =>
  Array.from(
    /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name='protection']:checked")),
    ({ value }) => value,
  );

/**
 * @param {"read" | "protect" | "withdraw"} act
 * @param {ParentNode} form
 * @returns {Record<string, string>} the reporter's fields of the addition, by record name
 */
function recordOf(act, form) {
  const what = form.querySelector("textarea")?.value ?? "";
  return act === "protect" ? { what, protection: kindsIn(form).join(",") } : { what, act };
}

/**
 * @param {"read" | "protect" | "withdraw"} act
 * @param {ParentNode} form
 * @param {import("../../crypto/secret.js").ReporterSecret} secret
 * @returns {Map<string, string>}
 */
function errorsIn(act, form, secret) {
  /** @type {Map<string, string>} */
  const errors = new Map();
  const typed = form.querySelector("textarea")?.value ?? "";
  if (act === "protect" && !kindsIn(form).length) errors.set("protection", text("protection-required"));
  if (isTooLong(typed)) errors.set(`${act}-text`, text("too-long", { limit: FIELD_MAX_CHARACTERS }));
  else if (secret.isRevealedBy(typed)) errors.set(`${act}-text`, text("secret-in-text"));
  if (act === "withdraw" && !valueOf("sure")) errors.set("sure", text("withdraw-sure"));
  return errors;
}

/**
 * @param {ParentNode} root with `_acts.html` in it
 * @param {Thread} thread
 */
export function mountActs(root, thread) {
  for (const act of FORMS)
    if (root.querySelector(`[data-part='form-${act}']`)) mount(part(root, `form-${act}`), act, thread);
}

/**
 * @param {HTMLElement} form
 * @param {"read" | "protect" | "withdraw"} act
 * @param {Thread} thread
 */
function mount(form, act, { secret, keyring, decoys, desk }) {
  const state = part(form, "state");
  const formNonce = newForm(); // its own: the server would see that two messages in one place belong together
  const controller = new AbortController();
  whenLeft(() => controller.abort());
  let sending = false;

  async function send() {
    const errors = errorsIn(act, form, secret);
    const to = desk || valueOf("desk");
    if (!to) errors.set("desk", text("desk-required"));
    showErrors(form, errors);
    if (errors.size) return;
    lock(true);
    state.textContent = text("sending");
    const { lang } = config;
    const from = { secret, keyring, decoys, desk: to, lang, day: today(), form: formNonce, transport: BROWSER };
    const sender = new Sender(from);
    const onRetry = () => (state.textContent = text("retrying"));
    const fields = recordOf(act, form);
    await sendText(sender, "addition", 0, fields, { signal: controller.signal, onRetry });
    recordWords(`t-did-${act}`, fields.what.trim());
    if (act === "withdraw") markDone(to, "withdrawn");
    const done = /** @type {HTMLElement} */ (clone(`t-added-${act}`).firstElementChild);
    done.setAttribute("data-added", act);
    done.tabIndex = -1;
    form.replaceWith(done);
    done.focus();
  }

  /** @param {boolean} locked while it is being sent */
  function lock(locked) {
    for (const area of form.querySelectorAll("textarea")) area.readOnly = locked;
    for (const box of form.querySelectorAll("input")) box.disabled = locked;
    button(form, act).setAttribute("aria-disabled", String(locked));
  }

  button(form, act).addEventListener("click", async () => {
    if (sending) return;
    sending = true;
    await busyWith(send()).catch((error) => {
      lock(false);
      state.textContent = text("not-sent");
      showErrors(form, new Map([["", sentenceOf(error)]]));
    });
    sending = false;
  });
}
