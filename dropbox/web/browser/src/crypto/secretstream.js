/**
 * Seals chunks with secretstream_xchacha20poly1305 as libsodium defines it: the pushing half, no additional data.
 *
 *     k ‖ inonce = HChaCha20(key, header[0:16]) ‖ header[16:24]       nonce = u32le(counter) ‖ inonce, counter from 1
 *     block      = ChaCha20(k, nonce, from block 1, tag ‖ 63 zeros)   c = ChaCha20(k, nonce, from block 2, message)
 *     mac        = Poly1305(ChaCha20(k, nonce, block 0)[0:32], block ‖ c ‖ pad ‖ u64le(0) ‖ u64le(64 + len(message)))
 *     chunk      = block[0] ‖ c ‖ mac;   inonce ^= mac[0:8];   counter += 1
 *
 * where pad is len(message) mod 16 zeros: an oddity that libsodium keeps for compatibility. Rekeying (tag REKEY or a
 * counter back at 0): k ‖ inonce ^= ChaCha20(k, nonce, from block 0), counter = 1.
 *
 * Rule: a chunk is pushed once; the state only moves forward.
 */
import { poly1305 } from "@noble/ciphers/_poly1305.js";
import { chacha20, hchacha } from "@noble/ciphers/chacha.js";

import { utf8 } from "../wire/bytes.js";

export const TAG_MESSAGE = 0;
export const TAG_REKEY = 2;
export const TAG_FINAL = 3;

const SIGMA = "expand 32-byte k";
const MAC_BYTES = 16;
const COUNTER_BYTES = 4;

/**
 * @param {Uint8Array} bytes
 * @returns {Uint32Array} a copy as words
 */
const words = (bytes) => new Uint32Array(bytes.slice().buffer);

/** @type {(key: Uint8Array, header: Uint8Array) => Uint8Array} */
function subkey(key, header) {
  const out = new Uint32Array(8);
  hchacha(words(utf8(SIGMA)), words(key), words(header.subarray(0, 16)), out);
  return new Uint8Array(out.buffer);
}

/** A stream that seals chunk after chunk. */
export class PushStream {
  /**
   * @param {Uint8Array} key 32 bytes
   * @param {Uint8Array} header 24 bytes, random
   */
  constructor(key, header) {
    /** @private */ this.key = subkey(key, header);
    /** @private */ this.nonce = new Uint8Array(12);
    this.nonce.set(header.subarray(16), COUNTER_BYTES);
    this.nonce[0] = 1;
  }

  /**
   * @param {Uint8Array} message
   * @param {number} tag
   * @returns {Uint8Array} the chunk, 17 bytes longer than the message
   */
  push(message, tag) {
    const { key, nonce } = this;
    const polyKey = chacha20(key, nonce, new Uint8Array(32));
    const block = new Uint8Array(64);
    block[0] = tag;
    chacha20(key, nonce, block, block, 1);
    // Three bytes before the chunk put its ciphertext on a word boundary, where noble works four bytes at a time.
    const chunk = new Uint8Array(3 + 1 + message.length + MAC_BYTES).subarray(3);
    const sealed = chunk.subarray(1, 1 + message.length);
    sealed.set(message);
    chacha20(key, nonce, sealed, sealed, 2);
    const lengths = new Uint8Array(16);
    new DataView(lengths.buffer).setUint32(8, 64 + message.length, true);
    const mac = poly1305
      .create(polyKey)
      .update(block)
      .update(sealed)
      .update(new Uint8Array(message.length % 16))
      .update(lengths)
      .digest();
    chunk[0] = block[0];
    chunk.set(mac, 1 + message.length);
    this.advance(mac, tag);
    return chunk;
  }

  /**
   * @private
   * @param {Uint8Array} mac
   * @param {number} tag
   */
  advance(mac, tag) {
    const { nonce } = this;
    for (let at = COUNTER_BYTES; at < nonce.length; at++) nonce[at] ^= mac[at - COUNTER_BYTES];
    let at = 0;
    while (at < COUNTER_BYTES && (nonce[at] = (nonce[at] + 1) & 0xff) === 0) at += 1; // little-endian, with carry
    if (tag & TAG_REKEY || at === COUNTER_BYTES) this.rekey();
  }

  /** @private */
  rekey() {
    const { nonce } = this;
    const both = new Uint8Array(40);
    both.set(this.key);
    both.set(nonce.subarray(COUNTER_BYTES), 32);
    const fresh = chacha20(this.key, nonce, both);
    this.key = fresh.slice(0, 32);
    nonce.fill(0);
    nonce[0] = 1;
    nonce.set(fresh.subarray(32), COUNTER_BYTES);
  }
}
