/**
 * X-Wing, the sender's half: draft-connolly-cfrg-xwing-kem, sections 5.2 to 5.4.
 *
 *     ss = SHA3-256(ss_M ‖ ss_X ‖ ct_X ‖ pk_X ‖ "\.//^\")
 *
 * Rule: any failure in here is an invalid key and becomes a MalformedError.
 */
import { x25519 } from "@noble/curves/ed25519.js";
import { sha3_256 } from "@noble/hashes/sha3.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";

import { MalformedError } from "./errors.js";
import { concat, utf8 } from "./fields.js";
import { randomBytes } from "./kdf.js";

export const EPOCH_KEY_BYTES = 1216;
const ML_KEM_KEY_BYTES = 1184;
const LABEL = utf8("\\.//^\\");

/**
 * @param {Uint8Array} key a desk's public key of one epoch
 * @param {Uint8Array} [seed] 64 bytes; only vectors give one
 * @returns {{ciphertext: Uint8Array, secret: Uint8Array}} 1120 and 32 bytes; throws MalformedError
 */
export function encapsulate(key, seed = randomBytes(64)) {
  if (key.length !== EPOCH_KEY_BYTES) throw new MalformedError("an epoch key has 1216 bytes");
  const pkX = key.subarray(ML_KEM_KEY_BYTES);
  try {
    const half = ml_kem768.encapsulate(key.subarray(0, ML_KEM_KEY_BYTES), seed.subarray(0, 32));
    const ctX = x25519.getPublicKey(seed.subarray(32));
    const ssX = x25519.getSharedSecret(seed.subarray(32), pkX);
    return {
      ciphertext: concat(half.cipherText, ctX),
      secret: sha3_256(concat(half.sharedSecret, ssX, ctX, pkX, LABEL)),
    };
  } catch {
    throw new MalformedError("an epoch key is invalid");
  }
}

/** @returns {Uint8Array} a valid public key whose private half is forgotten before this returns */
export function throwAwayKey() {
  return concat(ml_kem768.keygen(randomBytes(64)).publicKey, x25519.getPublicKey(randomBytes(32)));
}
