// Every file of tests/vectors fails at its stage, or gives its values: the twin of tests/crypto/test_vectors.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { openTimeline } from "../../dropbox/web/browser/src/crypto/answers.js";
import { STANZA_BYTES } from "../../dropbox/web/browser/src/wire/blob.js";
import { parseBoard, parseTimeline } from "../../dropbox/web/browser/src/wire/board.js";
import { makeClaim } from "../../dropbox/web/browser/src/crypto/claims.js";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader, decodeRecord, encodeRecord, lp, text, u16 } from "../../dropbox/web/browser/src/wire/fields.js";
import { labelledHash, prf, sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { encapsulate } from "../../dropbox/web/browser/src/crypto/kem.js";
import { openKeyedBundle } from "../../dropbox/web/browser/src/crypto/key-bundle.js";
import { verifyKeyring } from "../../dropbox/web/browser/src/crypto/keyring.js";
import { DeskBoard, parseBoards } from "../../dropbox/web/browser/src/published/boards.js";
import { parseChallenge } from "../../dropbox/web/browser/src/wire/claim.js";
import { parseAnchor, parseAnchorBytes, parseKeyBundle } from "../../dropbox/web/browser/src/wire/keyring.js";
import { Sealer, SystemRandomness } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { parseCode, parseSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import { parseObject } from "../../dropbox/web/browser/src/wire/signed.js";
import {
  openObject,
  openRevocations,
  rootFingerprint,
  verify,
  verifyCertificate,
} from "../../dropbox/web/browser/src/crypto/signing.js";
import { holdsKeyword } from "../../dropbox/web/browser/src/form/keyword-match.js";
import { WORDS, fingerprintWords } from "../../dropbox/web/browser/src/crypto/words.js";
import { parseReceipts, parseReturn, parseStatistics } from "./bundle.mjs";
import { load } from "./dev.mjs";
import { openLogStatement } from "./log_statement.mjs";
import { openExport, openServerCertificate } from "./exports.mjs";
import { isBlank, openAnswer, openDossier, readCard } from "./dossier.mjs";
import { EpochSecret, StageError, open } from "./opener.mjs";
import { checkReturn } from "./returning.mjs";
import { each, outcome, ran } from "./vector_stages.mjs";
import { VECTORS, families, family, hex, joined, unhex } from "./vector_files.mjs";

const { ed25519 } = await load("@noble/curves/ed25519.js");
// The others are in vectors_carried.test.mjs.
const ELSEWHERE = [
  ...["accepted", "certificate-file", "container", "courier-key", "digest", "file-signature", "notice"],
  ...["server-request", "station-request"],
];

const READ_BY_NO_BROWSER = ["imported-after", "site-manifest"];

test("every family of vectors is run", () =>
  assert.deepEqual(families(), [...ran, ...ELSEWHERE, ...READ_BY_NO_BROWSER].sort()));

const typed = (vector) =>
  "code-hex" in vector.header
    ? [text(vector.hex("code-hex")), text(vector.hex("words-hex"))]
    : [vector.header.code, vector.header.words];

each("secret", async (vector) => {
  const [code, words] = typed(vector);
  const act = () => {
    try {
      return parseSecret(code, words);
    } catch (error) {
      assert.equal(error.position ?? 0, vector.number("position") || 0);
      throw error;
    }
  };
  const secret = await outcome(vector, act);
  if (!secret) return;
  assert.equal(secret.code, vector.header["same-code"] ?? code);
  assert.equal(secret.words, vector.header["same-words"] ?? words);
  const keys = secret.keys(vector.hex("instance"), vector.header.desk);
  const { thread, claim, idKey, digestKey, tagKey, answerKey, authKey } = keys;
  const shown = {
    thread,
    claim,
    "id-key": idKey,
    "digest-key": digestKey,
    "tag-key": tagKey,
    "answer-key": answerKey,
    "auth-key": authKey,
  };
  for (const [name, value] of Object.entries(shown)) assert.equal(hex(value), vector.header[name], name);
  const first = keys.blobId(new Uint8Array(16));
  const next = keys.blobId(vector.hex("next-nonce"));
  assert.equal(hex(first), vector.header["first-blob-id"]);
  assert.equal(hex(next), vector.header["next-blob-id"]);
  const digest = keys.contentDigest();
  digest.update(vector.hex("content"));
  assert.equal(hex(digest.value(first)), vector.header["digest-first"]);
  assert.equal(hex(digest.value(next)), vector.header["digest-next"]);
  assert.equal(hex(keys.contentDigest().value(first)), vector.header["digest-of-nothing"]);
  const indices = concat(...secret.words.split(" ").map((word) => u16(WORDS.indexOf(word))));
  const master = prf(
    indices,
    "master",
    vector.hex("instance"),
    ...[vector.header.desk, parseCode(code)].map((part) => new TextEncoder().encode(part)),
  );
  assert.equal(hex(master), vector.header.master);
  assert.equal(hex(ed25519.getPublicKey(vector.hex("claim-seed"))), vector.header.claim);
});

function fileOf(vector) {
  if ("file" in vector.header) return vector.hex("file");
  const [unit, count] = vector.header["file-repeat"].split(" ");
  return unhex(unit.repeat(Number(count)));
}

const cases = JSON.parse(readFileSync(new URL("xwing-draft.json", VECTORS), "ascii"));

test("X-Wing makes the draft's keys, ciphertexts and secrets", () => {
  for (const { seed, eseed, pk, ct, ss } of cases) {
    const secret = new EpochSecret(unhex(seed));
    assert.equal(hex(secret.public), pk);
    const made = encapsulate(unhex(pk), unhex(eseed));
    assert.equal(hex(made.ciphertext), ct);
    assert.equal(hex(made.secret), ss);
    assert.equal(hex(secret.decapsulate(unhex(ct))), ss);
  }
});

/** What was random when the vector's blob was sealed. */
class Replay extends SystemRandomness {
  constructor(vector) {
    super();
    this.vector = vector;
  }

  fileKey() {
    return this.vector.hex("file-key");
  }

  encapsulate(key) {
    return encapsulate(key, this.vector.hex("kem-eseed"));
  }

  streamHeader() {
    return this.vector.hex("stream-header");
  }
}

/** Seals what the vector says, with its randomness, its file in pieces of that size. */
function sealedAgain(vector, key, file, size) {
  const [slots, slot] = [vector.number("slots"), vector.number("slot")];
  const stanzas = Array.from({ length: slots }, (_, at) =>
    vector.body.subarray(26 + at * STANZA_BYTES, 26 + (at + 1) * STANZA_BYTES),
  );
  stanzas.splice(slot, 1);
  const record = vector.numbered("record.");
  record.delete("member");
  const address = { instance: vector.hex("instance"), epoch: vector.number("epoch"), slots, slot, key };
  const sealer = new Sealer(
    address,
    { stanza: () => stanzas.shift() },
    vector.hex("auth-key"),
    record,
    new Replay(vector),
  );
  const made = [sealer.start()];
  for (let at = 0; at < file.length; at += size) made.push(...sealer.update(file.subarray(at, at + size)));
  return joined([...made, ...sealer.finish()]);
}

each("blob", async (vector) => {
  const secret = new EpochSecret(vector.hex("epoch-seed"));
  const act = () => open(vector.body, vector.hex("instance"), vector.header.desk, secret);
  const opened = await outcome(vector, act, ["ok", "member"]);
  if (!opened) return;
  assert.equal(opened.isMember, vector.expect === "ok");
  if (vector.expect === "member") return;
  const file = fileOf(vector);
  assert.equal(hex(opened.file), hex(file));
  assert.deepEqual(opened.record, vector.numbered("record."));
  assert.deepEqual([opened.fields.join(" "), opened.lang], [vector.header.fields, vector.header.lang]);
  for (const name of ["name", "type"]) assert.equal(hex(utf8(opened.texts[name])), vector.header[name] ?? "");
  for (const size of [7001, 65536, 1 << 20]) {
    assert.equal(hex(sealedAgain(vector, secret.public, file, size)), hex(vector.body), `pieces of ${size}`);
  }
});

each("anchor", async (vector) => {
  const anchor = await outcome(vector, () => parseAnchorBytes(vector.body));
  if (!anchor) return;
  assert.equal(hex(anchor.instance), vector.header.instance);
  assert.equal(hex(anchor.key), vector.header.key);
  assert.deepEqual([anchor.demo, anchor.last], [vector.header.use === "demo", vector.number("last")]);
  assert.equal(hex(rootFingerprint(vector.body)), vector.header.fingerprint);
  assert.equal(fingerprintWords(rootFingerprint(vector.body)), vector.header["fingerprint-words"]);
});

function trustOf(vector) {
  const revoked = new Set(vector.header.revoked.split(" ").filter(Boolean));
  return { anchor: parseAnchor(text(vector.hex("anchor"))), today: vector.number("today"), revoked, ahead: 1 };
}

each("certificate", async (vector) => {
  const certificate = await outcome(vector, () => verifyCertificate(trustOf(vector), vector.body));
  if (!certificate) return;
  assert.equal(certificate.desk, vector.header.desk);
  assert.equal(hex(certificate.station), vector.header.station);
  for (const name of ["first", "last", "serial"]) assert.equal(certificate[name], vector.number(name));
});

each("revocations", async (vector) => {
  const revocations = await outcome(vector, () => openRevocations(trustOf(vector).anchor, vector.body));
  if (!revocations) return;
  assert.equal(revocations.number, vector.number("number"));
  assert.equal(revocations.made, vector.number("made"));
  assert.equal(revocations.keys.join(" "), vector.header.keys);
});

/** The statement of a claim, read from FORMAT alone: no page checks one. */
async function statementOf(vector) {
  const reader = new Reader(vector.body, "claim");
  reader.expect(concat(utf8("DBXM"), Uint8Array.of(1)));
  const instance = reader.take(16);
  const desk = reader.desk();
  const [challenge, key] = [reader.take(32), reader.take(32)];
  const statement = text(reader.lp(100_000));
  const body = vector.body.subarray(0, vector.body.length - 64);
  const signature = reader.take(64);
  reader.end();
  if (isBlank(statement)) reader.fail("empty");
  const stop = (reason) => {
    throw new StageError(reason, "of another");
  };
  if (hex(instance) !== vector.header.instance) stop("instance");
  if (desk !== vector.header.desk) stop("desk");
  if (hex(challenge) !== vector.header.challenge) stop("challenge");
  if (hex(key) !== vector.header.key) stop("key");
  await verify(key, "claim", instance, body, signature);
  return statement;
}

each("claim", async (vector) => {
  const statement = await outcome(vector, () => statementOf(vector));
  if (statement === undefined) return;
  assert.equal(statement, vector.header.statement ?? text(vector.hex("statement-hex")));
  const { code, words, desk, challenge } = vector.header;
  const made = makeClaim(parseSecret(code, words), vector.hex("instance"), desk, parseChallenge(challenge), statement);
  assert.equal(hex(made), hex(vector.body));
});

each("card", async (vector) => {
  const card = await outcome(vector, () => readCard(vector.body));
  if (!card) return;
  assert.deepEqual([card.label, card.purpose], [text(vector.hex("label-hex")), vector.header.purpose]);
  assert.deepEqual([card.first, card.last], [vector.number("first"), vector.number("last")]);
  assert.deepEqual([hex(card.sign), hex(card.seal)], [vector.header.sign, vector.header.seal]);
  const print = labelledHash("receiver fingerprint", vector.body);
  assert.deepEqual(
    [hex(print), fingerprintWords(print)],
    [vector.header.fingerprint, vector.header["fingerprint-words"]],
  );
});

/** The receiver whose card's facts stand in the file. */
const receiverOf = (vector) => ({
  sign: ed25519.getPublicKey(vector.hex("sign-seed")),
  sha256: vector.hex("card-sha256"),
  first: vector.number("card-first"),
  last: vector.number("card-last"),
});

each("dossier", async (vector) => {
  const receiver = { ...receiverOf(vector), secret: new EpochSecret(vector.hex("epoch-seed")) };
  const dossier = await outcome(vector, () => openDossier(vector.body, trustOf(vector), receiver));
  if (!dossier) return;
  assert.deepEqual([hex(dossier.id), hex(dossier.replyKey)], [vector.header.id, vector.header["reply-key"]]);
  assert.deepEqual([dossier.head.desk, dossier.head.made], [vector.header.desk, vector.number("made")]);
  for (const { name, bytes } of dossier.parts) assert.equal(hex(sha256(bytes)), vector.header[`sha256.${name}`]);
});

each("answer", async (vector) => {
  const reply = new EpochSecret(vector.hex("reply-seed"));
  const known = [vector.hex("instance"), vector.hex("dossier"), reply, receiverOf(vector), vector.number("today")];
  const answer = await outcome(vector, () => openAnswer(vector.body, ...known));
  if (!answer) return;
  assert.equal(answer.day, vector.number("day"));
  for (const name of ["number", "result", "question", "remark"]) {
    assert.equal(answer[name], text(vector.hex(`${name}-hex`)));
  }
});

/** A parsed body of a signed object. */
const body = (vector, label, parse) => async () => {
  const dated = vector.header.dated !== "no";
  return parse((await openObject(trustOf(vector), vector.body, label, { dated })).body);
};

each("keys", async (vector) => {
  const bundle = await outcome(vector, body(vector, "keys", parseKeyBundle));
  if (!bundle) return;
  assert.deepEqual([bundle.head.desk, bundle.head.number], [vector.header.desk, vector.number("number")]);
  assert.deepEqual([bundle.head.made, hex(bundle.previous)], [vector.number("made"), vector.header.previous]);
  assert.equal([...bundle.epochs.keys()].join(" "), vector.header.epochs);
  const seeds = vector.header["epoch-seeds"].split(" ");
  const publics = seeds.map((seed) => hex(new EpochSecret(unhex(seed)).public));
  assert.deepEqual(
    [...bundle.epochs.values()].map(hex),
    publics.map((key) => hex(sha256(unhex(key)))),
  );
});

each("keyed", async (vector) => {
  const opened = await outcome(vector, () => openKeyedBundle(trustOf(vector), vector.body));
  if (opened) assert.equal([...opened.keys.keys()].join(" "), vector.header.epochs);
});

each("receipts", async (vector) => {
  const receipts = await outcome(vector, body(vector, "receipts", parseReceipts));
  if (!receipts) return;
  assert.deepEqual([receipts.head.number, receipts.head.made], [vector.number("number"), vector.number("made")]);
  assert.equal(receipts.blobs.map(hex).join(" "), vector.header.blobs);
});

each("statistics", async (vector) => {
  const statistics = await outcome(vector, body(vector, "statistics", parseStatistics));
  statistics?.periods.forEach(({ first, last, counted, tables }, at) => {
    assert.equal(`${first} ${last} ${counted}`, vector.header[`period.${at}`]);
    tables.forEach(({ code, columns, rows }, place) => {
      const lines = rows.map((row) => [row.code, ...row.values.map((value) => value ?? "-")].join(" "));
      assert.equal([[code, ...columns].join(" "), ...lines].join("; "), vector.header[`table.${at}.${place}`]);
    });
  });
});

each("log-statement", async (vector) => {
  const found = await outcome(vector, () => openLogStatement(trustOf(vector), vector.body));
  if (!found) return;
  assert.deepEqual([found.year, found.lines], [vector.number("year"), vector.number("lines")]);
  assert.deepEqual([found.ofYear, hex(found.hash)], [vector.number("of-year"), vector.header.hash]);
});

each("return", async (vector) => {
  const bundle = await outcome(vector, body(vector, "return", parseReturn));
  if (!bundle) return;
  assert.equal(bundle.objects.map((one) => parseObject(one).label).join(" "), vector.header.labels);
  assert.equal([...bundle.keys.keys()].join(" "), vector.header.epochs);
  assert.equal(hex(bundle.revocations), vector.header.list);
});

each("board", async (vector) => {
  const inside = ["cell", "part", "timeline", "none", "ok"].includes(vector.expect);
  const parse = body(vector, "board", parseBoard);
  const board = inside ? await parse() : await outcome(vector, parse);
  if (!board) return;
  const { head } = board;
  const lookedAt = { instance: head.instance, desk: head.desk, number: head.number, find: (tag) => board.find(tag) };
  const entries = await outcome(vector, () => openTimeline(lookedAt, vector.hex("tag-key"), vector.hex("answer-key")), [
    "ok",
    "none",
  ]);
  if (entries === undefined) return;
  if (vector.expect === "none") return assert.equal(entries, null);
  assert.deepEqual(entries, parseTimeline(vector.hex("timeline")));
  assert.deepEqual([head.number, head.made], [vector.number("number"), vector.number("made")]);
  entries.forEach((entry, at) => {
    const values = vector.numbered(`entry.${at}.`);
    for (const name of ["day", "next", "texts", "files"]) {
      assert.equal(entry[name], values.has(name) ? Number(`0x${hex(values.get(name))}`) : 0, name);
    }
    for (const name of ["kind", "status", "text"])
      assert.equal(entry[name], values.has(name) ? text(values.get(name)) : "", name);
  });
  if (board.shards === 1) assert.equal(new DeskBoard([board], head.made + 11).old, true);
});

each("boards", async (vector) => {
  const trust = { ...trustOf(vector), ahead: 2 }; // a browser's own clock
  const boards = await outcome(vector, () => parseBoards(trust, vector.body));
  if (!boards) return;
  assert.equal(boards.map(({ desk, shards }) => `${desk}:${shards.length}`).join(" "), vector.header.desks);
  for (const board of boards) {
    for (const { cells } of board.shards) {
      for (const cell of cells) assert.deepEqual(board.find(cell.subarray(0, 16)), cell.subarray(16));
    }
  }
});

each("keyring", async (vector) => {
  const { anchor, today } = vector.header;
  const ring = await outcome(vector, () => verifyKeyring(vector.body, text(unhex(anchor)), Number(today)));
  if (!ring) return;
  const names = (desks) => desks.map(({ name }) => name).join(" ");
  assert.equal(names(ring.desks), vector.header.desks);
  assert.equal(names(ring.desks.filter(({ key }) => key === null)), vector.header.closed);
});

each("imported", async (vector) => {
  const checked = await outcome(vector, () => checkReturn(trustOf(vector), vector.body));
  if (checked) assert.equal(checked.keys.join(" "), vector.header.keys);
});

each("server-certificate", async (vector) => {
  const certificate = await outcome(vector, () =>
    openServerCertificate(parseAnchorBytes(vector.hex("anchor")), vector.body),
  );
  if (!certificate) return;
  assert.equal(hex(certificate.server), vector.header.server);
  for (const name of ["first", "last", "serial"]) assert.equal(certificate[name], vector.number(name), name);
});

each("export", async (vector) => {
  const good = [];
  const keep = (id, content, hash) => good.push(`${hex(id)} ${content.length} ${hex(hash)}`);
  const read = await outcome(vector, () => openExport(trustOf(vector), vector.body, vector.hex("instance"), keep));
  assert.equal(good.length, vector.number("good-blobs"));
  if (!read) return;
  assert.deepEqual([read.number, read.day], [vector.number("number"), vector.number("day")]);
  good.forEach((line, at) => assert.equal(line, vector.header[`blob.${at}`]));
  for (const name of ["held", "returns"]) {
    assert.equal(read[name].map((pair) => pair.join("=")).join(" "), vector.header[name], name);
  }
});

each("confirm", (vector) => {
  const secret = parseSecret(vector.header.code, vector.header.words);
  assert.equal(secret.confirmNumber, vector.number("number"));
  assert.equal(secret.isConfirmedBy(text(vector.hex("typed-hex"))), vector.expect === "ok");
});

each("keyword-match", (vector) => {
  assert.equal(holdsKeyword(text(vector.body), vector.header.phrases.split("|")), vector.expect === "ok");
});

test("a record has one encoding", () => {
  for (const vector of family("blob").filter((one) => one.expect === "ok")) {
    const record = vector.numbered("record.");
    assert.deepEqual(decodeRecord(encodeRecord(record)), record);
    assert.equal(lp(encodeRecord(record)).length, 4 + encodeRecord(record).length);
  }
});
