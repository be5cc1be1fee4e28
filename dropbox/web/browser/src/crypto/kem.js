/**
 * Encapsulates keys with X-Wing, the sender's half (draft-connolly-cfrg-xwing-kem, sections 5.2 to 5.4).
 *
 *     ss = SHA3-256(ss_M ‖ ss_X ‖ ct_X ‖ pk_X ‖ "\.//^\")
 *
 * Rule: any failure in here means an invalid key and becomes a MalformedError.
 */
import { pow } from "@noble/curves/abstract/modular.js";
import { montgomery } from "@noble/curves/abstract/montgomery.js";
import { sha3_256 } from "@noble/hashes/sha3.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";

import { MalformedError } from "../errors.js";
import { concat, utf8 } from "../wire/bytes.js";
import { EPOCH_KEY_BYTES } from "../wire/keyring.js";
import { randomBytes } from "./kdf.js";

const ML_KEM_KEY_BYTES = 1184;
const P = 2n ** 255n - 19n;
const LABEL = utf8("\\.//^\\");

/**
 * X25519 (RFC 7748) on noble's ladder. Noble's own export includes the Edwards curve for a faster base point: 5 KB more
 * to download, for a multiplication that a report needs four times.
 */
const x25519 = montgomery({
  P,
  type: "x25519",
  powPminus2: (x) => pow(x, P - 2n, P),
  adjustScalarBytes: clamp,
});

/**
 * @param {Uint8Array} bytes the scalar's 32 bytes, changed in place
 * @returns {Uint8Array} the same array (RFC 7748, section 5)
 */
function clamp(bytes) {
  bytes[0] &= 248;
  bytes[31] = (bytes[31] & 127) | 64;
  return bytes;
}

/**
 * @param {Uint8Array} key a desk's public key of one epoch
 * @param {Uint8Array} [seed] 64 bytes; only test vectors pass one
 * @returns {{ciphertext: Uint8Array, secret: Uint8Array}} 1120 bytes and 32 bytes; throws MalformedError
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

/** @returns {Uint8Array} a valid public key of 1216 bytes; its private half is dropped before this returns */
export function ephemeralPublicKey() {
  return concat(ml_kem768.keygen(randomBytes(64)).publicKey, x25519.getPublicKey(randomBytes(32)));
}
