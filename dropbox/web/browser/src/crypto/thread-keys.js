/**
 * Derives the keys of one thread at one desk; makes ids and digests (FORMAT "Reporter's secret", "Ids and digests").
 *
 * Rule: nothing here is ever logged, stored or put into an error.
 */
import { poly1305 } from "@noble/ciphers/_poly1305.js";
import { getPublicKey, hashes } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

import { prf } from "./kdf.js";

hashes.sha512 = sha512; // noble's Ed25519 has none of its own

/** The keys that a reporter's secret gives, 32 bytes each. */
export class ThreadKeys {
  /** @param {Uint8Array} mk */
  constructor(mk) {
    this.thread = prf(mk, "thread id");
    this.claim = getPublicKey(prf(mk, "claim key")); // public half of the claim key
    this.tagKey = prf(mk, "tag key");
    this.answerKey = prf(mk, "answer key");
    this.authKey = prf(mk, "auth key");
    this.idKey = prf(mk, "blob id key");
    this.digestKey = prf(mk, "digest key");
  }

  /** @returns {[string, Uint8Array][]} the values that every blob contains, by record name */
  shared() {
    return [
      ["thread", this.thread],
      ["claim", this.claim],
      ["tag-key", this.tagKey],
      ["answer-key", this.answerKey],
      ["auth-key", this.authKey],
    ];
  }

  /**
   * @param {Uint8Array} nonce 16 bytes
   * @returns {Uint8Array} 32 bytes, under which the server stores that message
   */
  blobId(nonce) {
    return prf(this.idKey, "blob id", nonce);
  }

  /** @returns {ContentDigest} a new digest, of one content */
  contentDigest() {
    return new ContentDigest(this.digestKey);
  }
}

/** digest = PRF(digest key, "digest", blob id, Poly1305(PRF(digest key, "poly"), content)). */
export class ContentDigest {
  /** @param {Uint8Array} digestKey */
  constructor(digestKey) {
    this.key = digestKey;
    this.poly = poly1305.create(prf(digestKey, "poly"));
    /** @type {Uint8Array | undefined} */
    this.tag = undefined;
  }

  /** @param {Uint8Array} content more of it */
  update(content) {
    this.poly.update(content);
  }

  /**
   * @param {Uint8Array} blobId
   * @returns {Uint8Array} the digest, 32 bytes; after the first call no content can be added
   */
  value(blobId) {
    this.tag ??= this.poly.digest();
    return prf(this.key, "digest", blobId, this.tag);
  }
}
