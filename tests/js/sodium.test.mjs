// libsodium.js as third party: it opens what these modules seal, and makes what they make.
import assert from "node:assert/strict";
import { test } from "node:test";

import { blobLength } from "../../dropbox/web/browser/src/wire/blob.js";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { lp } from "../../dropbox/web/browser/src/wire/fields.js";
import { labelledHash, prf, randomBytes, sha256, sha256Bulk } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { encapsulate, ephemeralPublicKey } from "../../dropbox/web/browser/src/crypto/kem.js";
import { Decoys, Sealer, commitmentOf, streamKey } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { newSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import { PushStream } from "../../dropbox/web/browser/src/crypto/secretstream.js";
import { verify } from "../../dropbox/web/browser/src/crypto/signing.js";
import { load, loadSodium } from "./dev.mjs";
import { EPOCH, Inspectorate } from "./inspectorate.mjs";
import { hex, joined } from "./vector_files.mjs";

const sodium = await loadSodium();
const { chacha20poly1305, xchacha20poly1305 } = await load("@noble/ciphers/chacha.js");

test("libsodium pulls the chunks that are pushed here, across tags and rekeyings", () => {
  const [key, header] = [randomBytes(32), randomBytes(24)];
  const [mine, theirs] = [
    new PushStream(key, header),
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key),
  ];
  for (const size of [0, 1, 15, 16, 17, 63, 64, 65, 4096, 65535, 65536]) {
    for (const tag of [0, 1, 2, 3]) {
      const message = randomBytes(size);
      const pulled = sodium.crypto_secretstream_xchacha20poly1305_pull(theirs, mine.push(message, tag));
      assert.equal(pulled.tag, tag);
      assert.equal(Buffer.compare(pulled.message, message), 0);
    }
  }
});

test("libsodium decapsulates X-Wing, and encapsulates to a throw-away key", () => {
  const seed = randomBytes(32);
  const pair = sodium.crypto_kem_xwing_seed_keypair(seed);
  for (let round = 0; round < 10; round++) {
    const { ciphertext, secret } = encapsulate(pair.publicKey);
    assert.equal(hex(sodium.crypto_kem_xwing_dec(ciphertext, pair.privateKey)), hex(secret));
  }
  assert.equal(sodium.crypto_kem_xwing_enc(ephemeralPublicKey()).ciphertext.length, 1120);
});

test("libsodium opens a whole file by the steps of FORMAT", () => {
  const here = new Inspectorate();
  const pair = sodium.crypto_kem_xwing_seed_keypair(randomBytes(32));
  const keys = newSecret().keys(here.instance, "itjen");
  const address = { instance: here.instance, epoch: EPOCH, slots: 2, slot: 1, key: pair.publicKey };
  const record = new Map([...keys.shared(), ["kind", utf8("file")], ["name", utf8("x")], ["type", utf8("")]]);
  const sealer = new Sealer(address, new Decoys(), keys.authKey, record);
  const file = joined(Array.from({ length: 3 }, () => randomBytes(50_000)));
  const blob = joined([sealer.start(), ...sealer.update(file), ...sealer.finish()]);
  assert.equal(blob.length, blobLength(2, 1 << 18));
  const stanza = blob.subarray(26 + 1168, 26 + 2336);
  const ct = stanza.subarray(0, 1120);
  const secret = sodium.crypto_kem_xwing_dec(ct, pair.privateKey);
  const blake = (key, label, ...fields) =>
    sodium.crypto_generichash(32, concat(...[utf8(`dropbox/v1/${label}`), ...fields].map(lp)), key);
  const keyHash = sodium.crypto_hash_sha256?.(pair.publicKey) ?? sha256(pair.publicKey);
  const wrapping = blake(secret, "stanza", here.instance, Uint8Array.of(1), Uint8Array.of(1), keyHash, ct);
  const fileKey = sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
    null,
    stanza.subarray(1120),
    null,
    new Uint8Array(12),
    wrapping,
  );
  assert.equal(
    hex(commitmentOf(fileKey, blob.subarray(0, 26), blob.subarray(26, 2362))),
    hex(blob.subarray(2362, 2394)),
  );
  assert.equal(hex(blake(fileKey, "stream")), hex(streamKey(fileKey)));
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(
    blob.subarray(2394, 2418),
    blake(fileKey, "stream"),
  );
  const content = [];
  for (let at = 2418; at < blob.length; at += 65536 + 17) {
    const { message, tag } = sodium.crypto_secretstream_xchacha20poly1305_pull(
      state,
      blob.subarray(at, at + 65536 + 17),
    );
    assert.equal(tag, at + 65536 + 17 >= blob.length ? 3 : 0);
    content.push(message);
  }
  const all = joined(content);
  const start = 4 + Buffer.from(all).readUInt32BE(0);
  assert.equal(Buffer.compare(all.subarray(start, start + file.length), file), 0);
  assert.equal(all[start + file.length], 0x80);
});

test("BLAKE2b agrees, with and without a key", () => {
  for (const size of [0, 1, 127, 128, 129, 5000]) {
    const data = randomBytes(size);
    const message = concat(lp(utf8("dropbox/v1/x")), lp(data));
    const key = randomBytes(16);
    assert.equal(hex(prf(key, "x", data)), hex(sodium.crypto_generichash(32, message, key)));
    assert.equal(hex(labelledHash("x", data)), hex(sodium.crypto_generichash(32, message, null)));
  }
});

test("ChaCha20-Poly1305 and XChaCha20-Poly1305 agree, and so Poly1305", () => {
  for (const size of [0, 1, 48, 2048]) {
    const [key, data, ad, short, long] = [
      randomBytes(32),
      randomBytes(size),
      randomBytes(30),
      randomBytes(12),
      randomBytes(24),
    ];
    const ietf = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(data, ad, null, short, key);
    assert.equal(hex(chacha20poly1305(key, short, ad).encrypt(data)), hex(ietf));
    const extended = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(data, ad, null, long, key);
    assert.equal(hex(xchacha20poly1305(key, long, ad).encrypt(data)), hex(extended));
  }
});

test("libsodium's Ed25519 signatures are taken, and every changed bit is refused", async () => {
  const pair = sodium.crypto_sign_keypair();
  const [instance, body] = [randomBytes(16), randomBytes(100)];
  const message = concat(lp(utf8("dropbox/v1/sign/keys")), lp(instance), lp(sha256(body)));
  const signature = sodium.crypto_sign_detached(message, pair.privateKey);
  assert.equal(await verify(pair.publicKey, "keys", instance, body, signature), true);
  for (let bit = 0; bit < 512; bit += 7) {
    const bent = signature.slice();
    bent[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(verify(pair.publicKey, "keys", instance, body, bent), { reason: "signature" });
  }
  await assert.rejects(verify(pair.publicKey, "board", instance, body, signature), { reason: "signature" });
  await assert.rejects(verify(pair.publicKey, "keys", instance, body, signature.subarray(1)), { reason: "signature" });
});

test("a page without WebCrypto hashes the same", async () => {
  const data = randomBytes(3000);
  const subtle = await sha256Bulk(data);
  const whole = Object.getOwnPropertyDescriptor(globalThis, "crypto") ?? {};
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: { getRandomValues: () => {} } });
  try {
    assert.deepEqual(await sha256Bulk(data), subtle);
  } finally {
    Object.defineProperty(globalThis, "crypto", whole);
  }
});
