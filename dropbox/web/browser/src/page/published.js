/**
 * Downloads what every reporter downloads, and verifies it from the pinned root.
 *
 * Rule: the requests are the same for all reporters, and are made before anything is typed.
 */
import { dayOf } from "../wire/calendar.js";
import { UntrustedError } from "../errors.js";
import { Reader } from "../wire/fields.js";
import { verifyKeyring } from "../crypto/keyring.js";
import { parseAnchor } from "../wire/keyring.js";
import { takeObjects } from "../wire/bundle.js";
import { checkListDay, openRevocations } from "../crypto/signing.js";
import { OfflineError } from "../intake/tus.js";

/**
 * @param {string} path
 * @returns {Promise<Uint8Array>} throws OfflineError
 */
export async function download(path) {
  try {
    const answer = await fetch(path, {
      cache: "no-store",
      credentials: "omit",
      mode: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch {
    // the same error as for an answer that is not a success
  }
  throw new OfflineError("a file could not be downloaded");
}

/** @typedef {import("../crypto/keyring.js").Keyring} Keyring */
/** @typedef {import("../crypto/signing.js").Trust} Trust */

/** @returns {number} UTC day number by this device's clock */
export const today = () => dayOf(Date.now());

/**
 * Verifies whose answers to trust. Answers can be read even while no desk has a key for new reports, but not with a
 * list of revocations that is old or of a day to come.
 *
 * @param {Uint8Array} packed the keyring file
 * @param {string} root text of root.pub
 * @returns {Promise<{trust: Trust, keyring: Keyring | null, why?: UntrustedError}>} `why` nothing can be sealed, where
 *   there is no keyring; throws MalformedError or UntrustedError
 */
export async function trustFor(packed, root) {
  let why;
  try {
    const keyring = await verifyKeyring(packed, root, today());
    return { trust: keyring.trust, keyring };
  } catch (error) {
    if (!(error instanceof UntrustedError && ["date", "epoch"].includes(error.reason))) throw error;
    why = error;
  }
  const anchor = parseAnchor(root);
  const reader = new Reader(packed, "keyring");
  takeObjects(reader);
  const revocations = reader.lp();
  reader.end();
  const { made, keys } = await openRevocations(anchor, revocations);
  // An old list may lack a key that was revoked since, and a board's certificate may be over: only this check ends it.
  try {
    checkListDay(made, today());
  } catch {
    throw why; // it says more: this device's clock may be wrong
  }
  return { trust: { anchor, today: today(), revoked: new Set(keys) }, keyring: null, why };
}
