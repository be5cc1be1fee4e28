/**
 * Runs the offline sealer: a report and its files become one file, which any browser can upload later.
 *
 * Rule: no network. No form exists until a keyring is verified with the root key inside this file, and the form's
 * content can only leave through the sealer.
 */
import "../sealer-language.js";
import { dayOf, epochFirstDay, epochOf } from "../../wire/calendar.js";
import { Sender } from "../../intake/sealing-stream.js";
import { packFile, packText } from "../../offline/seal.js";
import { sealedName } from "../../crypto/envelope.js";
import { DropboxError, MalformedError } from "../../errors.js";
import { verifyKeyring } from "../../crypto/keyring.js";
import { EPOCH_COMPLETE_DAYS, EPOCH_DAYS } from "../../limits.js";
import { containerHead } from "../../wire/container.js";
import * as library from "../../pictures/describe.js";
import { Decoys } from "../../crypto/sealing.js";
import { FIRST_FORM, newSecret } from "../../crypto/secret.js";
import { clone, config, fillSecret, main, part, retitle, text, weekdayText } from "../dom.js";
import { offerDesks } from "../form/desk-choice.js";
import { ReportForm } from "../form/report-form.js";
import { keyOf } from "../form-errors.js";
import { keepUntilSaved, whenLeft } from "../page-leave.js";
import { showChosen } from "../files/chosen.js";
import { Review } from "../files/file-review.js";
import { holdsTold } from "../files/told.js";

/** @typedef {import("../../crypto/keyring.js").Keyring} Keyring */

const MIB = 1024 * 1024;
const today = () => dayOf(Date.now());

/**
 * @param {Keyring} keyring
 * @returns {number} last day number on which all of its open desks can be used
 */
function lastDayOf({ desks, trust }) {
  const open = desks.filter(({ key }) => key);
  return Math.min(
    epochFirstDay(epochOf(trust.today)) + EPOCH_DAYS - 1,
    ...open.map(({ certificate }) => certificate.last),
  );
}

/**
 * @param {File} file
 * @returns {Promise<Keyring>}
 */
async function keyringIn(file) {
  return verifyKeyring(new Uint8Array(await file.arrayBuffer()), config.root, today());
}

function begin() {
  const chooser = /** @type {HTMLInputElement} */ (document.getElementById("keyring"));
  const state = part(main, "keyring-state");
  showChosen(chooser);
  chooser.addEventListener("change", async () => {
    const file = chooser.files?.[0];
    if (!file) return;
    state.className = "";
    state.textContent = text("keyring-reading");
    state.removeAttribute("data-error");
    try {
      openForm(await keyringIn(file));
    } catch (error) {
      const malformed = error instanceof MalformedError || !(error instanceof DropboxError);
      const key = malformed ? "keyring-malformed" : keyOf(error);
      state.className = "fault";
      state.setAttribute("data-error", key);
      state.textContent = text(key, { today: weekdayText(today()) });
    }
  });
}

/** @param {Keyring} keyring verified */
function openForm(keyring) {
  document.querySelector("a.language")?.remove(); // a change of language would now lose what is typed
  const secret = newSecret();
  const copy = clone("t-form");
  part(copy, "good").textContent = text("keyring-good", { until: weekdayText(lastDayOf(keyring)) });
  const chooser = /** @type {HTMLInputElement} */ (copy.querySelector("#files"));
  showChosen(chooser);
  const review = new Review({ clone, config, part, text, holdsTold }, copy, chooser, () => Promise.resolve(library));
  const decoys = new Decoys();
  /** @type {File[]} */
  let files = []; // as chosen and reviewed

  /** @param {File[]} chosen */
  function fileError(chosen) {
    if (chosen.length > config.filesMax) return text("too-many-files", { limit: config.filesMax });
    const total = chosen.reduce((sum, file) => sum + file.size, 0);
    const empty = chosen.filter(({ size }) => !size);
    if (empty.length) return text("file-empty", { names: empty.map(({ name }) => name).join(", ") });
    if (total > config.fileMax * MIB) return text("too-large", { limit: config.fileMax });
    return chosen.some((file) => secret.isRevealedBy(sealedName(file.name))) ? text("secret-in-file-name") : "";
  }

  /**
   * @param {Map<string, string>} errors
   * @param {(sentence: string) => void} say
   */
  async function check(errors, say) {
    if (!review.shown) say(text("pictures-checking"));
    const chosen = Array.from(chooser.files ?? []);
    files = await review.decide(chosen, errors);
    if (fileError(chosen)) errors.set("files", fileError(chosen));
  }

  /** @type {import("../form/report-form.js").Road["send"]} */
  async function seal({ desk, record }, say) {
    const { lang } = config;
    const sender = new Sender({ secret, keyring, decoys, desk, lang, day: today(), form: FIRST_FORM });
    const pieces = [containerHead(keyring.instance, 1 + files.length), ...packText(sender, "report", record)];
    for (const [at, file] of files.entries()) {
      say(text("sealing-file", { place: at + 1, count: files.length }));
      pieces.push(...(await packFile(sender, at + 1, file)));
    }
    done(new Blob(/** @type {BlobPart[]} */ (pieces), { type: "application/octet-stream" }));
  }

  /** @param {Blob} container */
  function done(container) {
    const end = clone("t-done");
    fillSecret(end, secret);
    part(end, "until").textContent = text("upload-until", {
      until: weekdayText(epochFirstDay(epochOf(keyring.trust.today)) + EPOCH_DAYS - 1 + EPOCH_COMPLETE_DAYS),
    });
    const save = /** @type {HTMLAnchorElement} */ (part(end, "save"));
    save.href = URL.createObjectURL(container);
    main.replaceChildren(end);
    keepUntilSaved(save);
    retitle("t-done");
    scrollTo({ top: 0, behavior: "instant" });
    main.querySelector("h1")?.focus({ preventScroll: true });
    whenLeft(() => URL.revokeObjectURL(save.href));
    save.click();
  }

  offerDesks(copy, keyring);
  new ReportForm(copy, secret, { send: seal, check });
  const note = part(copy, "good");
  note.tabIndex = -1;
  config.box.replaceChildren(copy);
  retitle("t-form");
  note.focus(); // the chooser that had the focus is gone
}

begin();
