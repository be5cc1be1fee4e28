/**
 * Verifies carried epoch keys against the signed list of their hashes (FORMAT "Key bundle" and "Carried keys").
 *
 * Rule: a key whose hash is not in a key bundle that the desk's station signed is never returned.
 */
import { UntrustedError } from "../errors.js";
import { compare } from "../wire/bytes.js";
import { parseKeyBundle, parseKeyedBundle } from "../wire/keyring.js";
import { sha256Bulk } from "./kdf.js";
import { openObject } from "./signing.js";

/** @typedef {import("./signing.js").Trust} Trust */
/** @typedef {import("./signing.js").VerifiedBody} VerifiedBody */
/** @typedef {import("../wire/keyring.js").KeyBundle} KeyBundle */

/**
 * @param {Trust} trust
 * @param {Uint8Array} untrusted a keyed bundle
 * @returns {Promise<VerifiedBody & {bundle: KeyBundle, keys: Map<number, Uint8Array>}>} also under an expired
 *   certificate; throws MalformedError; UntrustedError, also for a key that the bundle does not name
 */
export async function openKeyedBundle(trust, untrusted) {
  const { signed, keys } = parseKeyedBundle(untrusted);
  const opened = await openObject(trust, signed, "keys", { dated: false });
  const bundle = parseKeyBundle(opened.body);
  for (const [epoch, key] of keys) {
    const named = bundle.epochs.get(epoch);
    if (!named || compare(named, await sha256Bulk(key))) {
      throw new UntrustedError("a key is none of those that the key bundle names", "key");
    }
  }
  return { ...opened, bundle, keys };
}
