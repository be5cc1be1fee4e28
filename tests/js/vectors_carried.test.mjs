// Vectors of what is uploaded and carried: the twin of tests/crypto/test_vectors_carried.py.
import assert from "node:assert/strict";

import { Envelope } from "../../dropbox/web/browser/src/crypto/envelope.js";
import { parseSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import { text } from "../../dropbox/web/browser/src/wire/fields.js";
import { parseAnchorBytes } from "../../dropbox/web/browser/src/wire/keyring.js";
import {
  accept,
  openNotice,
  parseCourierKey,
  parseServerRequest,
  parseStationRequest,
  readContainer,
  splitCertificateFile,
  verifyFile,
} from "./carried.mjs";
import { EpochSecret } from "./opener.mjs";
import { each, outcome } from "./vector_stages.mjs";
import { hex } from "./vector_files.mjs";

each("container", async (vector) => {
  const found = [];
  const keep = (id, digest, blob) => found.push(`${hex(id)} ${hex(digest)} ${blob.length}`);
  await outcome(vector, () => readContainer(vector.body, vector.hex("instance"), keep));
  assert.equal(found.length, vector.number("good-blobs"));
  found.forEach((line, at) => assert.equal(line, vector.header[`blob.${at}`]));
});

each("accepted", async (vector) => {
  const slots = vector.header.slots.split(" ").map(Number);
  const known = { instance: vector.hex("instance"), today: vector.number("today"), slots };
  await outcome(vector, () => accept(vector.body, vector.number("length"), known));
});

each("digest", (vector) => {
  const { code, words, desk, kind } = vector.header;
  const keys = parseSecret(code, words).keys(vector.hex("instance"), desk);
  const envelope = new Envelope(keys, desk, "en", 0);
  const typed = Object.fromEntries([...vector.numbered("typed.")].map(([name, value]) => [name, text(value)]));
  const id = keys.blobId(vector.hex("nonce"));
  const whole = keys.contentDigest();
  whole.update(vector.hex("content"));
  assert.deepEqual([hex(id), hex(whole.value(id))], [vector.header.id, vector.header.digest]);
  if (kind === "file") {
    const digest = envelope.fileDigest(typed.name, typed.type);
    digest.update(vector.body);
    assert.equal(hex(digest.value(id)), vector.header.digest);
    return;
  }
  const made = envelope.text(kind, vector.hex("nonce"), typed);
  assert.deepEqual([hex(made.id), hex(made.digest)], [vector.header.id, vector.header.digest]);
});

each("file-signature", async (vector) => {
  const anchor = parseAnchorBytes(vector.hex("anchor"));
  await outcome(vector, () => verifyFile(anchor, vector.hex("file"), vector.body));
});

each("certificate-file", async (vector) => {
  const parts = await outcome(vector, () => splitCertificateFile(vector.body));
  if (parts) assert.deepEqual(parts.map(hex), [vector.header.certificate, vector.header.list]);
});

each("station-request", async (vector) => {
  const request = await outcome(vector, () => parseStationRequest(vector.body));
  if (request) assert.deepEqual([request.desk, hex(request.station)], [vector.header.desk, vector.header.station]);
});

each("server-request", async (vector) => {
  const request = await outcome(vector, () => parseServerRequest(vector.body));
  if (request)
    assert.deepEqual([hex(request.instance), hex(request.server)], [vector.header.instance, vector.header.server]);
});

each("courier-key", async (vector) => {
  const key = await outcome(vector, () => parseCourierKey(vector.body));
  if (key) assert.equal(hex(key), vector.header.key);
});

each("notice", async (vector) => {
  const notice = await outcome(vector, () => openNotice(new EpochSecret(vector.hex("epoch-seed")), vector.body));
  if (notice) assert.deepEqual([notice.day, notice.value], [vector.number("day"), vector.number("value")]);
});
