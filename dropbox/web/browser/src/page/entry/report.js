/**
 * Runs /lapor: shows the form, code and words; seals the reviewed report, and sends it as one message.
 *
 * Rule: no form exists until the keyring is verified, and the form's content can only leave through the sealer.
 */
import { verifyKeyring } from "../../crypto/keyring.js";
import { Decoys } from "../../crypto/sealing.js";
import { FIRST_FORM, newSecret } from "../../crypto/secret.js";
import { Sender, sendText } from "../../intake/sealing-stream.js";
import { OfflineError } from "../../intake/tus.js";
import { mountAdding } from "../thread/addition-form.js";
import { keyring as answer } from "./keyring.js";
import { clone, config, fillSecret, main, part, retitle, text } from "../dom.js";
import { offerDesks } from "../form/desk-choice.js";
import { ReportForm } from "../form/report-form.js";
import { cannotBegin } from "../form-errors.js";
import { whenLeft } from "../page-leave.js";
import { BROWSER } from "../transport.js";
import { keepTold } from "../files/told.js";
import { today } from "../published.js";

/**
 * Loads the review of files. Some browsers remember that a module failed to load: the next attempt has another address.
 *
 * @type {import("../files/file-review-loader.js").LoadReview}
 */
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

  /** @type {import("../form/report-form.js").Road["send"]} */
  async function send({ desk, record }, say) {
    const { lang } = config;
    const from = { secret, keyring, decoys, desk, lang, day: today(), form: FIRST_FORM, transport: BROWSER };
    await sendText(new Sender(from), "report", 0, record, {
      signal: controller.signal,
      onRetry: () => say(text("retrying")),
    });
    acknowledge(desk);
  }

  /** @param {string} desk */
  function acknowledge(desk) {
    const receipt = clone("t-receipt");
    keepTold();
    fillSecret(receipt, secret);
    part(receipt, "desk").textContent = text(`desk-${desk}`);
    document.querySelector("a.language")?.remove(); // it would lose the page
    main.replaceChildren(receipt);
    retitle("t-receipt");
    mountAdding(main, { secret, keyring, decoys, desk, loadReview, loadLibrary: () => import("./metadata.js") });
    scrollTo({ top: 0, behavior: "instant" });
    main.querySelector("h1")?.focus({ preventScroll: true });
  }

  const copy = clone("t-form");
  offerDesks(copy, keyring);
  new ReportForm(copy, secret, { send, loadRegencies: () => import("./regencies.js") });
  config.box.replaceChildren(copy);
}

begin().catch((error) => cannotBegin(error));
