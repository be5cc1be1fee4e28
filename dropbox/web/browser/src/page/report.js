/**
 * /lapor: code and words are made and shown here; then one text, sealed and acknowledged by itself.
 *
 * Rule: no form exists until the keyring is verified, and what the form holds has no way out but through the sealer.
 */
import { Envelope } from "../envelope.js";
import { utf8 } from "../fields.js";
import { FIELD_MAX_BYTES } from "../limits.js";
import { Decoys } from "../sealing.js";
import { FIRST_FORM, newSecret } from "../secret.js";
import { sendText } from "../sending.js";
import { mountAdding } from "./adding.js";
import { button, clone, config, fillSecret, main, part, text, valueOf } from "./dom.js";
import { cannotBegin, sentenceOf, showFaults } from "./faults.js";
import { busyWith, whenLeft } from "./forget.js";
import { BROWSER } from "./transport.js";
import { loadKeyring, today } from "./trusted.js";

const TEXTS = ["what", "who", "where", "when"];
const FIELDS = ["channel", "category", ...TEXTS];
const REQUIRED = ["channel", "desk", "category", "what", "who", "where"];

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

  /** @type {(typed: Record<string, string>) => Map<string, string>} */
  function check(typed) {
    /** @type {Map<string, string>} */
    const faults = new Map();
    for (const name of [...REQUIRED, "when"]) {
      if (REQUIRED.includes(name) && !typed[name].trim()) faults.set(name, text(`${name}-required`));
      if (!TEXTS.includes(name)) continue;
      if (utf8(typed[name]).length > FIELD_MAX_BYTES) faults.set(name, text("too-long", { limit: FIELD_MAX_BYTES }));
      else if (secret.isToldBy(typed[name])) faults.set(name, text("secret-in-text"));
    }
    if (!valueOf("noted")) faults.set("noted", text("noted-required"));
    return faults;
  }

  async function send() {
    const typed = Object.fromEntries([...FIELDS, "desk"].map((name) => [name, valueOf(name)]));
    const faults = check(typed);
    showFaults(form, faults);
    if (faults.size) {
      state.textContent = text("not-sent");
      return;
    }
    state.textContent = text("sending");
    lock(true);
    try {
      const keys = secret.keys(keyring.instance, typed.desk);
      const sender = {
        envelope: new Envelope(keys, typed.desk, config.lang, today()),
        address: keyring.address(typed.desk),
        decoys,
        transport: BROWSER,
        form: FIRST_FORM,
      };
      const fields = Object.fromEntries(FIELDS.filter((name) => typed[name]).map((name) => [name, typed[name]]));
      const onRetry = () => (state.textContent = text("retrying"));
      await sendText(sender, "report", 0, fields, { signal: controller.signal, onRetry });
    } catch (error) {
      lock(false);
      state.textContent = text("not-sent");
      showFaults(form, new Map([["", sentenceOf(error)]]));
      return;
    }
    acknowledge(typed.desk);
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
    mountAdding(main, { secret, keyring, decoys, desk });
    scrollTo({ top: 0, behavior: "instant" });
    main.querySelector("h1")?.focus({ preventScroll: true });
  }

  button(copy, "send").addEventListener("click", async () => {
    if (sending) return;
    sending = true;
    await busyWith(send());
    sending = false;
  });
  whenLeft(() => controller.abort());
  config.box.replaceChildren(copy);
}

begin().catch((error) => cannotBegin(error));
