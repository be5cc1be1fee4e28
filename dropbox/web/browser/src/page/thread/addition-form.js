/**
 * Runs the form for more words and files: seals and sends the text first, then file after file.
 *
 * Rule: what was typed is removed only after the server has acknowledged it, and stays on the page as sent.
 */
import { sealedName } from "../../crypto/envelope.js";
import { FIELD_MAX_CHARACTERS } from "../../limits.js";
import { isTooLong } from "../../form/lengths.js";
import { newForm } from "../../crypto/secret.js";
import { FileStream, Sender, sendText } from "../../intake/sealing-stream.js";
import { offerDesks } from "../form/desk-choice.js";
import { button, clone, config, part, text, valueOf } from "../dom.js";
import { markDone, record, recordWords, watchEnd } from "./visit.js";
import { sentenceOf, showErrors } from "../form-errors.js";
import { busyWith, whenLeft } from "../page-leave.js";
import { isUnsent } from "../unsent.js";
import { showChosen } from "../files/chosen.js";
import { LateReview } from "../files/file-review-loader.js";
import { BROWSER } from "../transport.js";
import { today } from "../published.js";
import { Uploads } from "../files/upload-list.js";

const MIB = 1024 * 1024;

/** @type {(files: readonly File[]) => string} */
const namesOf = (files) => files.map(({ name }) => name).join(", ");

/**
 * @typedef {object} Thread the thread that the form adds to
 * @property {import("../../crypto/secret.js").ReporterSecret} secret
 * @property {import("../../crypto/keyring.js").Keyring} keyring
 * @property {import("../../crypto/sealing.js").Decoys} decoys
 * @property {string} desk empty when only the reporter knows it
 * @property {import("../files/file-review-loader.js").LoadReview} loadReview called at once
 * @property {import("../../pictures/checking.js").LoadLibrary} loadLibrary called when a picture has metadata to name
 */

/**
 * @param {ParentNode} root with `_add_form.html` in it
 * @param {Thread} thread
 */
export function mountAdding(root, { secret, keyring, decoys, desk, loadReview, loadLibrary }) {
  const form = part(root, "add");
  const state = part(form, "state");
  const advice = state.textContent;
  const area = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const chooser = /** @type {HTMLInputElement} */ (form.querySelector("input[type='file']"));
  const formNonce = newForm();
  const controller = new AbortController();
  whenLeft(() => controller.abort());
  let files = 0;
  let texts = 0;
  let sending = false;
  if (!desk) {
    form.prepend(clone("t-desk"));
    offerDesks(form, keyring);
  }
  showChosen(chooser);
  const review = new LateReview(form, chooser, loadReview, loadLibrary);

  const uploads = new Uploads(
    form,
    (name) => {
      const line = clone("t-added-file");
      const shown = /** @type {HTMLElement} */ (line.querySelector("span"));
      shown.textContent = name;
      shown.setAttribute("data-added-file", "");
      record(line);
    },
    (desks) => {
      if (!isUnsent()) state.textContent = text("files-safe");
      for (const one of desks) markDone(one, "answered");
    },
  );
  form.addEventListener("input", () => (state.textContent = advice));
  watchEnd();

  /**
   * @param {Map<string, string>} errors
   * @returns {File[]} those that may be sent
   */
  function chosen(errors) {
    const all = Array.from(chooser.files ?? []);
    if (all.length > config.filesMax) {
      errors.set("files", text("too-many-files", { limit: config.filesMax }));
      return [];
    }
    const large = all.filter(({ size }) => size > config.fileMax * MIB);
    const revealing = all.filter(({ name }) => secret.isRevealedBy(sealedName(name)));
    const faults = [];
    if (large.length) faults.push(text("too-large", { limit: config.fileMax }), namesOf(large));
    if (revealing.length) faults.push(text("secret-in-file-name")); // its name holds the secret
    if (faults.length) errors.set("files", faults.join(" "));
    return all.filter((file) => file.size && !large.includes(file) && !revealing.includes(file));
  }

  async function send() {
    /** @type {Map<string, string>} */
    const errors = new Map();
    const what = area.value;
    const to = desk || valueOf("desk");
    if (!to) errors.set("desk", text("desk-required"));
    if (isTooLong(what)) errors.set("what", text("too-long", { limit: FIELD_MAX_CHARACTERS }));
    else if (secret.isRevealedBy(what)) errors.set("what", text("secret-in-text"));
    let end = advice;
    area.readOnly = true; // what is checked is what is sent
    try {
      if (!review.shown) state.textContent = text("pictures-checking");
      /** @type {Map<string, string>} */
      const open = new Map();
      const picked = await review.decide(chosen(errors), open, errors);
      const empty = Array.from(chooser.files ?? []).filter(({ size }) => !size);
      if (empty.length) open.set("files", text("file-empty", { names: namesOf(empty) }));
      const nothing = !what.trim() && !picked.length && !errors.size && !open.size;
      if (nothing) errors.set("", text("addition-empty"));
      showErrors(form, new Map([...errors, ...open]));
      if (errors.size || open.size) return; // not even the text: the button sends all of it or nothing
      const { lang } = config;
      const from = { secret, keyring, decoys, desk: to, lang, day: today(), form: formNonce, transport: BROWSER };
      const sender = new Sender(from);
      if (what.trim()) {
        state.textContent = text("sending");
        const watch = { signal: controller.signal, onRetry: () => (state.textContent = text("retrying")) };
        await sendText(sender, "addition", 0, { what }, watch, texts);
        texts += 1;
        area.value = "";
        recordWords("t-added-text", what.trim());
        const said = markDone(to, "answered") ?? part(form, "visit");
        if (!picked.length) {
          if (uploads.areDone && !isUnsent()) end = text("text-safe");
          said.focus();
        }
      }
      if (picked.length) part(form, "sum").focus();
      for (const file of picked) uploads.add(new FileStream(sender, (files += 1), file), file.size, to);
      review.clear();
    } catch (error) {
      showErrors(form, new Map([...errors, ["", sentenceOf(error)]]));
    } finally {
      area.readOnly = false;
      state.textContent = end;
    }
  }

  button(form, "add").addEventListener("click", async () => {
    if (sending) return;
    sending = true;
    await busyWith(send()).catch((error) => showErrors(form, new Map([["", sentenceOf(error)]])));
    sending = false;
  });
}
