/**
 * Runs /bukti: code and words sign a statement for a desk, on this device.
 *
 * Rule: no request at all. What is typed leaves this page only in the file that the reporter saves.
 */
import { makeClaim } from "../../crypto/claims.js";
import { WrongCodeError, WrongWordsError } from "../../errors.js";
import { characters } from "../../form/lengths.js";
import { STATEMENT_MAX_CHARACTERS, parseChallenge } from "../../wire/claim.js";
import { parseAnchor } from "../../wire/keyring.js";
import { readTyped } from "../../crypto/typed-secret.js";
import { markTyped } from "../form/typed-marks.js";
import { button, clone, config, main, part, retitle, text, valueOf } from "../dom.js";
import { cannotBegin, secretErrors, showErrors } from "../form-errors.js";
import { keepUntilSaved, whenLeft } from "../page-leave.js";

/** @typedef {import("../../crypto/secret.js").ReporterSecret} ReporterSecret */

/**
 * @param {Map<string, string>} errors gets a sentence for each field that is wrong
 * @returns {{secret: ReporterSecret | null, challenge: Uint8Array | null, statement: string, desk: string}}
 */
function typed(errors) {
  const [desk, statement] = [valueOf("desk"), valueOf("statement")];
  let secret = null;
  let challenge = null;
  try {
    secret = readTyped(valueOf("code"), valueOf("words"));
  } catch (error) {
    if (!(error instanceof WrongCodeError || error instanceof WrongWordsError)) throw error;
    for (const [name, sentence] of secretErrors(error)) errors.set(name, sentence);
  }
  if (!desk) errors.set("desk", text("desk-required"));
  try {
    challenge = parseChallenge(valueOf("challenge"));
  } catch {
    errors.set("challenge", text(valueOf("challenge").trim() ? "challenge-wrong" : "challenge-required"));
  }
  if (!statement.trim()) errors.set("statement", text("statement-required"));
  else if (characters(statement) > STATEMENT_MAX_CHARACTERS)
    errors.set("statement", text("statement-too-long", { limit: STATEMENT_MAX_CHARACTERS }));
  else if (secret?.isRevealedBy(statement)) errors.set("statement", text("secret-in-text"));
  return { secret, challenge, statement, desk };
}

function begin() {
  const { instance } = parseAnchor(config.root);
  const copy = clone("t-form");
  const form = /** @type {HTMLElement} */ (copy.querySelector(".form"));

  function make() {
    /** @type {Map<string, string>} */
    const errors = new Map();
    const { secret, challenge, statement, desk } = typed(errors);
    showErrors(form, errors);
    if (errors.size || !secret || !challenge) return;
    done(makeClaim(secret, instance, desk, challenge, statement));
  }

  button(form, "make").addEventListener("click", () => {
    try {
      make();
    } catch {
      showErrors(form, new Map([["", text("page-error")]]));
    }
  });
  markTyped(copy);
  config.box.replaceChildren(copy);
}

/** @param {Uint8Array} claim */
function done(claim) {
  const end = clone("t-done");
  const save = /** @type {HTMLAnchorElement} */ (part(end, "save"));
  save.href = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (claim)], { type: "application/octet-stream" }));
  /** @type {HTMLTextAreaElement} */ (end.querySelector("textarea")).value = base64(claim);
  main.replaceChildren(end);
  keepUntilSaved(save, main.querySelector("textarea"));
  retitle("t-done");
  scrollTo({ top: 0, behavior: "instant" });
  main.querySelector("h1")?.focus({ preventScroll: true });
  whenLeft(() => URL.revokeObjectURL(save.href));
  save.click();
}

/** @param {Uint8Array} bytes up to 100 kB: too many for the arguments of one call */
const base64 = (bytes) => btoa(bytes.reduce((sum, byte) => sum + String.fromCharCode(byte), ""));

try {
  begin();
} catch (error) {
  cannotBegin(error);
}
