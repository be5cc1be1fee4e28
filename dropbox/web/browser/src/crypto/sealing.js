/**
 * Seals a message to one desk while it is being read (FORMAT "Blob", the sender's half).
 *
 *     commitment = PRF(file key, "commitment", header ‖ stanzas)
 *     stream     = secretstream_xchacha20poly1305(PRF(file key, "stream"), content, 64 KiB chunks)
 *
 * Rule: memory does not grow with the message, a chunk is sealed once, and nothing sealed here can be opened here
 * again.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

import { STREAM_HEADER_BYTES, VERSION, WRAPPED_BYTES, encodeHeader } from "../wire/blob.js";
import { RefusedError, TooLargeError } from "../errors.js";
import { concat } from "../wire/bytes.js";
import { encodeRecord, lp, u8 } from "../wire/fields.js";
import { encapsulate, ephemeralPublicKey } from "./kem.js";
import { prf, randomBytes, sha256 } from "./kdf.js";
import { CHUNK_BYTES, DESKS_MAX, FORM_MAX_BYTES, RECORD_MAX_BYTES } from "../limits.js";
import { BUCKETS, MARK, bucketFor } from "../wire/padding.js";
import { PushStream, TAG_FINAL, TAG_MESSAGE } from "./secretstream.js";

/** @typedef {import("../wire/fields.js").NamedValues} NamedValues */

/**
 * @typedef {object} Address the keyring's slots, and the addressed one
 * @property {Uint8Array} instance 16 bytes
 * @property {number} epoch
 * @property {number} slots how many
 * @property {number} slot index of the addressed one, from 0
 * @property {Uint8Array} key the desk's epoch key, 1216 bytes
 */

const WRAP_NONCE = new Uint8Array(12); // a wrap key is used once

/** @type {(fileKey: Uint8Array, header: Uint8Array, stanzas: Uint8Array) => Uint8Array} */
export const commitmentOf = (fileKey, header, stanzas) => prf(fileKey, "commitment", concat(header, stanzas));

/** @type {(fileKey: Uint8Array) => Uint8Array} */
export const streamKey = (fileKey) => prf(fileKey, "stream");

/** @type {(authKey: Uint8Array, commitment: Uint8Array, record: NamedValues) => Uint8Array} */
export const memberOf = (authKey, commitment, record) => prf(authKey, "member", commitment, encodeRecord(record));

// wrap key = PRF(ss, "stanza", instance, u8(1), u8(slot), SHA-256(epoch key), ct)
/** @type {(secret: Uint8Array, address: Address, ciphertext: Uint8Array) => Uint8Array} */
export const wrapKey = (secret, { instance, slot, key }, ciphertext) =>
  prf(secret, "stanza", instance, u8(VERSION), u8(slot), sha256(key), ciphertext);

/** @type {(wrapping: Uint8Array) => ReturnType<typeof chacha20poly1305>} */
export const wrapCipher = (wrapping) => chacha20poly1305(wrapping, WRAP_NONCE);

/** Fills the slots of desks that are not addressed: encapsulations to an ephemeral key, one key for a whole page. */
export class Decoys {
  /** @private */ key = ephemeralPublicKey();

  /** @returns {Uint8Array} an encapsulation and 48 random bytes */
  stanza() {
    return concat(encapsulate(this.key).ciphertext, randomBytes(WRAPPED_BYTES));
  }
}

/** The source of a sealer's randomness; test vectors replace it, the page never does. */
export class SystemRandomness {
  fileKey() {
    return randomBytes(32);
  }

  /** @param {Uint8Array} key */
  encapsulate(key) {
    return encapsulate(key);
  }

  streamHeader() {
    return randomBytes(STREAM_HEADER_BYTES);
  }
}

/** Seals one message piece by piece: `start`, then `update`…, then `finish`; join what they return. */
export class Sealer {
  /**
   * @param {Address} address
   * @param {Pick<Decoys, "stanza">} decoys
   * @param {Uint8Array} authKey of the thread
   * @param {NamedValues} record without `member`; the text of a report may be longer than a chunk
   * @param {SystemRandomness} [randomness]
   */
  constructor(address, decoys, authKey, record, randomness = new SystemRandomness()) {
    const { slot, slots } = address;
    if (!(slot >= 0 && slot < slots && slots <= DESKS_MAX)) throw new RangeError("not a slot of the keyring");
    const fileKey = randomness.fileKey();
    const header = encodeHeader(slots, address.epoch, address.instance);
    const own = () => {
      const { ciphertext, secret } = randomness.encapsulate(address.key);
      return concat(ciphertext, wrapCipher(wrapKey(secret, address, ciphertext)).encrypt(fileKey));
    };
    const stanzas = concat(...Array.from({ length: slots }, (_, at) => (at === slot ? own() : decoys.stanza())));
    const commitment = commitmentOf(fileKey, header, stanzas);
    const streamHeader = randomness.streamHeader();
    const complete = new Map(record).set("member", memberOf(authKey, commitment, record));
    /** @private */ this.prefix = concat(header, stanzas, commitment, streamHeader);
    /** @private */ this.stream = new PushStream(streamKey(fileKey), streamHeader);
    /** @private */ this.recordBytes = encodeRecord(complete);
    if (this.recordBytes.length > FORM_MAX_BYTES) throw new TooLargeError("a text is longer than any form");
    /** @private */ this.buffer = new Uint8Array(CHUNK_BYTES);
    /** @private */ this.held = 0;
    /** @private */ this.length = 0;
    /** @private */ this.state = "new";
  }

  /** @returns {Uint8Array} everything before the first chunk, and the chunks that a long record fills */
  start() {
    this.move("new", "open");
    return concat(this.prefix, ...this.take(lp(this.recordBytes)));
  }

  /**
   * @param {Uint8Array} data file bytes
   * @returns {Uint8Array[]} the sealed chunks that the data fills, maybe none; throws TooLargeError or RefusedError,
   *   after which the sealer and what it returned cannot be used
   */
  update(data) {
    this.move("open", "failed");
    if (this.recordBytes.length > RECORD_MAX_BYTES) throw new RefusedError("the record of a file is too long");
    const out = this.take(data);
    this.state = "open";
    return out;
  }

  /** @returns {Generator<Uint8Array, void>} the last chunks (mark, zeros, FINAL) one by one: padding may be 256 MiB */
  *finish() {
    this.move("open", "finished");
    let left = bucketFor(this.length) - this.length;
    const tail = new Uint8Array(Math.min(left, CHUNK_BYTES));
    tail[0] = MARK;
    while (left) {
      const fill = tail.subarray(0, Math.min(left, CHUNK_BYTES));
      yield* this.fill(fill);
      left -= fill.length;
      tail[0] = 0;
    }
    yield this.stream.push(this.buffer.subarray(0, this.held), TAG_FINAL);
    this.buffer.fill(0);
  }

  /**
   * @private
   * @param {Uint8Array} data
   */
  take(data) {
    this.length += data.length;
    if (this.length + 1 > BUCKETS[BUCKETS.length - 1]) throw new TooLargeError("larger than the largest bucket");
    return this.fill(data);
  }

  /**
   * @private
   * @param {Uint8Array} data
   * @returns {Uint8Array[]}
   */
  fill(data) {
    const out = [];
    for (let at = 0; at < data.length;) {
      // A full chunk waits for the next data: it may be the final one.
      if (this.held === CHUNK_BYTES) {
        out.push(this.stream.push(this.buffer, TAG_MESSAGE));
        this.held = 0;
      }
      const piece = data.subarray(at, at + CHUNK_BYTES - this.held);
      this.buffer.set(piece, this.held);
      this.held += piece.length;
      at += piece.length;
    }
    return out;
  }

  /**
   * @private
   * @param {string} from
   * @param {string} to
   */
  move(from, to) {
    if (this.state !== from) throw new Error(`a sealer is used once: it is ${this.state}, not ${from}`);
    this.state = to;
  }
}

/**
 * @param {Address} address
 * @param {Pick<Decoys, "stanza">} decoys
 * @param {Uint8Array} authKey
 * @param {NamedValues} record of any length
 * @returns {Uint8Array} a whole blob without file bytes; throws TooLargeError
 */
export function sealText(address, decoys, authKey, record) {
  const sealer = new Sealer(address, decoys, authKey, record);
  return concat(sealer.start(), ...sealer.finish());
}
