/**
 * FORMAT "Claim": a reporter proves to have written a report, years later, with code and words. The twin of
 * dropbox/wire/claim.py and dropbox/crypto/claims.py.
 *
 *     claim = body ‖ Ed25519(claim key, "claim", instance, body)
 *
 * Rule: the statement and the desk's challenge are signed together, so that a proof says one thing, once.
 */
import { sign } from "@noble/ed25519";

import { MalformedError } from "../errors.js";
import { HASH_BYTES, concat, lp, u8, utf8 } from "../wire/fields.js";
import { sha256 } from "./kdf.js";
import { signedMessage } from "./signing.js";

const MAGIC = "DBXM";
const CHALLENGE_BYTES = HASH_BYTES;
export const STATEMENT_MAX_BYTES = 100_000;

/**
 * @param {string} typed 64 hex digits, in any case and with anything between them that people write
 * @returns {Uint8Array} throws MalformedError
 */
export function parseChallenge(typed) {
  const digits = typed.replace(/[\s:-]/g, "");
  if (!new RegExp(`^[0-9a-fA-F]{${2 * CHALLENGE_BYTES}}$`).test(digits)) {
    throw new MalformedError("a challenge has 64 hex digits");
  }
  return Uint8Array.from({ length: CHALLENGE_BYTES }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/**
 * @param {import("./secret.js").ReporterSecret} secret code and words of the report
 * @param {Uint8Array} instance
 * @param {string} desk to which the report went
 * @param {Uint8Array} challenge 32 bytes, from that desk
 * @param {string} statement what the claimant declares
 * @returns {Uint8Array} the bytes of the claim's file
 */
export function makeClaim(secret, instance, desk, challenge, statement) {
  const name = utf8(desk);
  const { claim } = secret.keys(instance, desk);
  const body = concat(utf8(MAGIC), u8(1), instance, u8(name.length), name, challenge, claim, lp(utf8(statement)));
  return concat(body, sign(signedMessage("claim", instance, sha256(body)), secret.claimSeed(instance, desk)));
}
