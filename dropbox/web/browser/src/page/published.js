/**
 * Downloads what everybody downloads, and verifies it from the pinned root.
 *
 * Rule: the requests are the same for all reporters, and are made before anything is typed.
 */
import { dayOf } from "../wire/calendar.js";
import { UntrustedError } from "../errors.js";
import { Reader } from "../wire/fields.js";
import { verifyKeyring } from "../crypto/keyring.js";
import { parseAnchor } from "../wire/keyring.js";
import { takeObjects } from "../wire/bundle.js";
import { openRevocations } from "../crypto/signing.js";
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
    // said below
  }
  throw new OfflineError("a file could not be downloaded");
}

/** The day that this device believes in. */
export const today = () => dayOf(Date.now());

/**
 * Whom to trust for answers. They can be read when no desk has a key for new reports.
 *
 * @param {Uint8Array} packed the keyring file
 * @param {string} root text of root.pub
 * @returns {Promise<{trust: import("../crypto/signing.js").Trust, keyring: import("../crypto/keyring.js").Keyring | null, why?: UntrustedError}>}
 *   without a keyring: why nothing can be sealed
 */
export async function trustFor(packed, root) {
  let why;
  try {
    const keyring = await verifyKeyring(packed, root, today());
    return { trust: keyring.trust, keyring };
  } catch (error) {
    if (!(error instanceof UntrustedError && ["date", "epoch", "list"].includes(error.reason))) throw error;
    why = error;
  }
  const anchor = parseAnchor(root);
  const reader = new Reader(packed, "keyring");
  takeObjects(reader);
  const revocations = reader.lp();
  reader.end();
  const { keys } = await openRevocations(anchor, revocations);
  return { trust: { anchor, today: today(), revoked: new Set(keys) }, keyring: null, why };
}
