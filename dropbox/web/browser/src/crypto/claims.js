/**
 * Signs a proof, years later, that the holder of a code and its words wrote the report (FORMAT "Claim").
 *
 *     claim = body ‖ Ed25519(claim key, "claim", instance, body)
 *
 * Rule: the statement and the desk's challenge are signed together, so that a proof says one thing, once.
 */
import { sign } from "@noble/ed25519";

import { CLAIM_MAGIC } from "../wire/claim.js";
import { concat, utf8 } from "../wire/bytes.js";
import { lp, u8 } from "../wire/fields.js";
import { sha256 } from "./kdf.js";
import { signedMessage } from "./signing.js";

/**
 * @param {import("./secret.js").ReporterSecret} secret code and words of the report
 * @param {Uint8Array} instance 16 bytes
 * @param {string} desk to which the report went
 * @param {Uint8Array} challenge 32 bytes, from that desk
 * @param {string} statement what the claimant declares
 * @returns {Uint8Array} the bytes of the claim's file
 */
export function makeClaim(secret, instance, desk, challenge, statement) {
  const name = utf8(desk);
  const { claim } = secret.keys(instance, desk);
  const body = concat(utf8(CLAIM_MAGIC), u8(1), instance, u8(name.length), name, challenge, claim, lp(utf8(statement)));
  return concat(body, sign(signedMessage("claim", instance, sha256(body)), secret.claimSeed(instance, desk)));
}
