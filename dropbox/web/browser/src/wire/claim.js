/**
 * Parses a typed challenge of a proof of authorship (FORMAT "Claim"). No keys.
 *
 * Rule: a challenge has 32 bytes; blanks, - and : between its digits are ignored.
 */
import { MalformedError } from "../errors.js";
import { HASH_BYTES } from "./fields.js";

export const CLAIM_MAGIC = "DBXM";
export const CHALLENGE_BYTES = HASH_BYTES;
export const STATEMENT_MAX_CHARACTERS = 25_000; // at most STATEMENT_MAX_BYTES in any script
export const STATEMENT_MAX_BYTES = 4 * STATEMENT_MAX_CHARACTERS;

/**
 * @param {string} typed 64 hex digits in any case, with blanks, - or : between them
 * @returns {Uint8Array} 32 bytes; throws MalformedError
 */
export function parseChallenge(typed) {
  const digits = typed.replace(/[\s:-]/g, "");
  if (!new RegExp(`^[0-9a-fA-F]{${2 * CHALLENGE_BYTES}}$`).test(digits)) {
    throw new MalformedError("a challenge has 64 hex digits");
  }
  return Uint8Array.from({ length: CHALLENGE_BYTES }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}
