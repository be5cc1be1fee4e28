/**
 * /lapor: code and words are made and shown here; then one text, sealed and acknowledged by itself.
 *
 * Rule: no form exists until the keyring is verified, and what the form holds has no way out but through the sealer.
 */
import { Envelope } from "../envelope.js";
import { Decoys } from "../sealing.js";
import { FIRST_FORM, newSecret } from "../secret.js";
import { sendText } from "../sending.js";
import { mountAdding } from "./adding.js";
import { faultsOf, fieldsOf, typedReport } from "./checks.js";
import { button, clone, config, fillSecret, main, part, text } from "./dom.js";
import { cannotBegin, sentenceOf, showFaults } from "./faults.js";
import { busyWith, whenLeft } from "./forget.js";
import { BROWSER } from "./transport.js";
import { loadKeyring, today } from "./trusted.js";

/** @type {import("./late.js").LoadReview} some browsers remember that a module did not come: then by another address */
const loadReview = (attempt) => {
  const again = `./files.js?${attempt}`;
  return attempt ? import(again) : import("./files.js");
};

async function begin() {
  const keyring = await loadKeyring(config.root);
  const decoys = new Decoys();
  const secret = newSecret();
  const controller = new AbortController();
  const copy = clone("t-form");
  fillSecret(copy, secret);
  const form = /** @type {HTMLElement} */ (copy.querySelector(".form"));
  const state = part(copy, "state");
  let sending = false;

  async function send() {
    const typed = typedReport();
    const faults = faultsOf(typed, secret);
    showFaults(form, faults);
    if (faults.size) {
      state.textContent = text("not-sent");
      return;
    }
    state.textContent = text("sending");
    lock(true);
    const keys = secret.keys(keyring.instance, typed.desk);
    const sender = {
      envelope: new Envelope(keys, typed.desk, config.lang, today()),
      address: keyring.address(typed.desk),
      decoys,
      transport: BROWSER,
      form: FIRST_FORM,
    };
    const onRetry = () => (state.textContent = text("retrying"));
    await sendText(sender, "report", 0, fieldsOf(typed), { signal: controller.signal, onRetry });
    acknowledge(typed.desk);
  }

  /** @param {unknown} error wherever it was thrown: the button works again */
  function failed(error) {
    lock(false);
    state.textContent = text("not-sent");
    showFaults(form, new Map([["", sentenceOf(error)]]));
  }

  /** @param {boolean} locked what is being sent is not changed meanwhile */
  function lock(locked) {
    for (const area of form.querySelectorAll("textarea")) area.readOnly = locked;
    button(form, "send").setAttribute("aria-disabled", String(locked));
  }

  /** @param {string} desk */
  function acknowledge(desk) {
    const receipt = clone("t-receipt");
    fillSecret(receipt, secret);
    part(receipt, "desk").textContent = text(`desk-${desk}`);
    main.replaceChildren(receipt);
    mountAdding(main, { secret, keyring, decoys, desk, loadReview });
    scrollTo({ top: 0, behavior: "instant" });
    main.querySelector("h1")?.focus({ preventScroll: true });
  }

  button(copy, "send").addEventListener("click", async () => {
    if (sending) return;
    sending = true;
    await busyWith(send()).catch(failed);
    sending = false;
  });
  whenLeft(() => controller.abort());
  config.box.replaceChildren(copy);
}

begin().catch((error) => cannotBegin(error));
