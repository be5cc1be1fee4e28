/**
 * /lapor: what is typed is read back beside code and words, which are made here; then one text, sealed and acknowledged
 * by itself.
 *
 * Rule: no form exists until the keyring is verified, and what the form holds has no way out but through the sealer.
 */
import { Envelope } from "../envelope.js";
import { verifyKeyring } from "../keyring.js";
import { Decoys } from "../sealing.js";
import { FIRST_FORM, newSecret } from "../secret.js";
import { sendText } from "../sending.js";
import { OfflineError } from "../tus.js";
import { mountAdding } from "./adding.js";
import { keyring as answer } from "./ahead.js";
import { clone, config, fillSecret, main, part, text } from "./dom.js";
import { offerDesks } from "./desks.js";
import { Draft } from "./draft.js";
import { cannotBegin } from "./faults.js";
import { whenLeft } from "./forget.js";
import { BROWSER } from "./transport.js";
import { today } from "./trusted.js";

/** @type {import("./late.js").LoadReview} some browsers remember that a module did not come: then by another address */
const loadReview = (attempt) => {
  const again = `./files.js?${attempt}`;
  return attempt ? import(again) : import("./files.js");
};

/** @returns {Promise<Uint8Array>} the keyring file, not yet verified; throws OfflineError */
async function download() {
  const response = await answer;
  const body = response?.ok && (await response.arrayBuffer().catch(() => null));
  if (!body) throw new OfflineError("the keyring could not be downloaded");
  return new Uint8Array(body);
}

async function begin() {
  const keyring = await verifyKeyring(await download(), config.root, today());
  const decoys = new Decoys();
  const secret = newSecret();
  const controller = new AbortController();
  whenLeft(() => controller.abort());

  /** @type {import("./draft.js").Road["send"]} */
  async function send(desk, record, say) {
    const keys = secret.keys(keyring.instance, desk);
    const sender = {
      envelope: new Envelope(keys, desk, config.lang, today()),
      address: keyring.address(desk),
      decoys,
      transport: BROWSER,
      form: FIRST_FORM,
    };
    await sendText(sender, "report", 0, record, { signal: controller.signal, onRetry: () => say(text("retrying")) });
    acknowledge(desk);
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

  const copy = clone("t-form");
  offerDesks(copy, keyring);
  new Draft(copy, secret, { send });
  config.box.replaceChildren(copy);
}

begin().catch((error) => cannotBegin(error));
