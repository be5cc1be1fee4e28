// What must hold for every input.
import assert from "node:assert/strict";
import { test } from "node:test";

import { blobLength } from "../../dropbox/web/browser/src/wire/blob.js";
import { parseBoard, parsePart, parseTimeline } from "../../dropbox/web/browser/src/wire/board.js";
import {
  MalformedError,
  RefusedError,
  TooLargeError,
  WrongCodeError,
  WrongWordsError,
} from "../../dropbox/web/browser/src/errors.js";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { decodeRecord, encodeRecord, lp, u16 } from "../../dropbox/web/browser/src/wire/fields.js";
import { randomBytes } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { parseAnchor, parseKeyBundle, parseKeyedBundle } from "../../dropbox/web/browser/src/wire/keyring.js";
import { CHUNK_BYTES, FORM_MAX_BYTES } from "../../dropbox/web/browser/src/limits.js";
import { BUCKETS, bucketFor } from "../../dropbox/web/browser/src/wire/padding.js";
import { Decoys, Sealer, sealText } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { newSecret, parseCode, parseSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import { characters, isTooLong } from "../../dropbox/web/browser/src/form/lengths.js";
import { passages } from "../../dropbox/web/browser/src/form/mirror.js";
import { isOfList, nearestWords } from "../../dropbox/web/browser/src/form/nearest-word.js";
import { readTyped } from "../../dropbox/web/browser/src/crypto/typed-secret.js";
import { sealedName } from "../../dropbox/web/browser/src/crypto/envelope.js";
import {
  parseCertificate,
  parseObject,
  parseRevocations,
  splitCertificate,
} from "../../dropbox/web/browser/src/wire/signed.js";
import { WORDS } from "../../dropbox/web/browser/src/crypto/words.js";
import { fc } from "./dev.mjs";
import { readFileSync } from "node:fs";
import { EPOCH, Inspectorate, TODAY } from "./inspectorate.mjs";
import { open } from "./opener.mjs";
import { joined } from "./vector_files.mjs";

const MIRROR = readFileSync(new URL("./mirror.json", import.meta.url), "utf8");
const RULES = readFileSync(new URL("../../dropbox/form/mirror.json", import.meta.url), "utf8");
const TYPED = JSON.parse(readFileSync(new URL("./typed.json", import.meta.url), "utf8"));
const LENGTHS = readFileSync(new URL("./lengths.json", import.meta.url), "utf8");
const here = new Inspectorate();
const decoys = new Decoys();
const keys = newSecret().keys(here.instance, "itjen");
const address = { instance: here.instance, epoch: EPOCH, slots: 2, slot: 1, key: here.epochs.itjen.public };
const bytes = (size) => fc.uint8Array({ maxLength: size });

function record(kind, values) {
  const fixed = { kind: utf8(kind), nonce: randomBytes(16), desk: utf8("itjen"), sent: new Uint8Array(4) };
  return new Map([...keys.shared(), ...Object.entries(fixed), ...Object.entries(values)]);
}

const fileRecord = () => record("file", { name: utf8("a.bin"), type: utf8("") });

/** A file sealed in the given pieces. */
function sealed(pieces, values = fileRecord()) {
  const sealer = new Sealer(address, decoys, keys.authKey, values);
  const made = [sealer.start()];
  for (const piece of pieces) made.push(...sealer.update(piece));
  return joined([...made, ...sealer.finish()]);
}

const lengths = fc.oneof(
  fc.nat(3000),
  fc.integer({ min: 15_000, max: 17_000 }),
  fc.integer({ min: 3 * CHUNK_BYTES - 700, max: 3 * CHUNK_BYTES + 100 }),
  fc.integer({ min: 4 * CHUNK_BYTES - 700, max: 4 * CHUNK_BYTES + 100 }),
);

test("a file opens again, in whatever pieces it came; zeros and marks at its end stay", () => {
  fc.assert(
    fc.property(
      lengths,
      fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 8 }),
      bytes(40),
      (length, cuts, tail) => {
        const file = concat(randomBytes(Math.min(length, 60_000)), new Uint8Array(Math.max(0, length - 60_000)), tail);
        const pieces = [];
        let at = 0;
        for (const cut of cuts) {
          pieces.push(file.subarray(at, at + cut));
          at = Math.min(file.length, at + cut);
        }
        const opened = open(sealed([...pieces, file.subarray(at)]), here.instance, "itjen", here.epochs.itjen);
        assert.ok(opened.isMember);
        assert.equal(Buffer.compare(opened.file, file), 0);
      },
    ),
    { numRuns: 40 },
  );
});

const overhead = lp(encodeRecord(fileRecord().set("member", new Uint8Array(32)))).length;

test("a chunk that a piece fills exactly waits for what follows", () => {
  const full = randomBytes(CHUNK_BYTES - overhead);
  for (const pieces of [
    [full],
    [full, new Uint8Array()],
    [full, full],
    [full, randomBytes(CHUNK_BYTES), new Uint8Array(1)],
  ]) {
    const opened = open(sealed(pieces), here.instance, "itjen", here.epochs.itjen);
    assert.equal(Buffer.compare(opened.file, concat(...pieces)), 0);
  }
});

test("a message may fill the largest bucket but for its mark, and no more", () => {
  const nearlyFull = (left) => {
    const sealer = new Sealer(address, decoys, keys.authKey, fileRecord());
    sealer.start();
    Object.assign(sealer, { length: BUCKETS[15] - 1 - left }); // as if so much had been sealed
    return sealer;
  };
  nearlyFull(10).update(new Uint8Array(10));
  const sealer = nearlyFull(10);
  assert.throws(() => sealer.update(new Uint8Array(11)), TooLargeError);
  assert.throws(() => sealer.update(new Uint8Array(1)), /used once/);
});

test("the length depends on the bucket alone", () => {
  for (const length of [
    0,
    1,
    16384 - overhead - 1,
    16384 - overhead,
    32768 - overhead - 1,
    32768 - overhead,
    65536,
    65537,
  ]) {
    assert.equal(sealed([new Uint8Array(length)]).length, blobLength(2, bucketFor(overhead + length)));
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: BUCKETS[15] - 1 }), (length) => {
      const bucket = bucketFor(length);
      assert.ok(bucket > length && (bucket === BUCKETS[0] || BUCKETS[BUCKETS.indexOf(bucket) - 1] <= length));
    }),
  );
  assert.throws(() => bucketFor(BUCKETS[15]), TooLargeError);
  assert.equal(new Set(BUCKETS.map((bucket) => blobLength(2, bucket))).size, 16);
});

test("a text of any length is one blob", () => {
  for (const length of [0, 16_000, 70_000, 300_000]) {
    const text = utf8("é".repeat(length / 2));
    const values = record("addition", { what: text });
    const opened = open(sealText(address, decoys, keys.authKey, values), here.instance, "itjen", here.epochs.itjen);
    assert.deepEqual(opened.record.get("what"), text);
  }
  const huge = record("addition", { what: new Uint8Array(FORM_MAX_BYTES) });
  assert.throws(() => sealText(address, decoys, keys.authKey, huge), TooLargeError);
});

test("a sealer is used once, in order", () => {
  const fresh = () => new Sealer(address, decoys, keys.authKey, fileRecord());
  const sealer = fresh();
  assert.throws(() => sealer.update(new Uint8Array(1)));
  sealer.start();
  assert.throws(() => sealer.start());
  joined(sealer.finish());
  assert.throws(() => sealer.update(new Uint8Array(1)));
  assert.throws(() => [...sealer.finish()]);
  const long = new Sealer(
    address,
    decoys,
    keys.authKey,
    record("file", { name: new Uint8Array(65_000), type: utf8("") }),
  );
  long.start();
  assert.throws(() => long.update(new Uint8Array(1)), RefusedError);
  assert.throws(() => [...long.finish()]);
  assert.throws(() => new Sealer({ ...address, slot: 2 }, decoys, keys.authKey, fileRecord()), RangeError);
  const longKey = concat(address.key, new Uint8Array(1));
  assert.throws(() => new Sealer({ ...address, key: longKey }, decoys, keys.authKey, fileRecord()), MalformedError);
  assert.throws(
    () => new Sealer({ ...address, key: new Uint8Array(1216).fill(255) }, decoys, keys.authKey, fileRecord()),
    MalformedError,
  );
});

test("two blobs of one message have nothing in common behind the header", () => {
  const values = fileRecord();
  const [one, other] = [sealed([], values), sealed([], values)];
  for (let at = 26; at < one.length - 16; at += 16)
    assert.notEqual(Buffer.compare(one.subarray(at, at + 16), other.subarray(at, at + 16)), 0);
});

const names = fc.stringMatching(/^[a-z0-9-]{1,32}$/);

test("a record has one encoding, whatever the order of its names", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(names, bytes(50)), { selector: ([name]) => name }), (pairs) => {
      const encoded = encodeRecord(new Map(pairs));
      assert.deepEqual(encodeRecord(new Map([...pairs].reverse())), encoded);
      assert.deepEqual(new Map([...decodeRecord(encoded)]), new Map([...pairs].sort(([a], [b]) => (a < b ? -1 : 1))));
    }),
  );
  fc.assert(
    fc.property(bytes(60), (data) => {
      try {
        assert.deepEqual(encodeRecord(decodeRecord(data)), data);
      } catch (error) {
        assert.ok(error instanceof MalformedError);
      }
    }),
  );
});

/** Bytes near something good: bytes of a good body with some changed, cut, or followed by others. */
const near = (good) =>
  fc
    .tuple(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255))), fc.nat(good.length), bytes(8))
    .map(([edits, end, tail]) => {
      const bent = good.slice();
      for (const [at, value] of edits) bent[at] = value;
      return concat(end % 3 ? bent : bent.subarray(0, end), end % 2 ? tail : new Uint8Array());
    });

test("parsers throw MalformedError and nothing else", () => {
  const object = here.keys("itjen");
  const { body, certificate } = parseObject(object);
  const entry = record("x", { day: new Uint8Array(4) });
  const timeline = concat(u16(1), lp(encodeRecord(entry)));
  /** @type {[Uint8Array, (data: any) => unknown][]} */
  const targets = [
    [object, parseObject],
    [certificate, splitCertificate],
    [splitCertificate(certificate).body, parseCertificate],
    [body, parseKeyBundle],
    [here.keyed("itjen"), parseKeyedBundle],
    [here.revocations(["irjen", "itjen"]), parseRevocations],
    [parseObject(here.board("itjen", [])[0]).body, parseBoard],
    [timeline, parseTimeline],
    [concat(new Uint8Array([0, 1]), u16(3), utf8("abc"), new Uint8Array(9)), (data) => parsePart(data, 0)],
    [encodeRecord(entry), decodeRecord],
    [utf8(here.anchor), (data) => parseAnchor(String.fromCharCode(...data))],
  ];
  for (const [good, parse] of targets) {
    fc.assert(
      fc.property(fc.oneof(near(good), bytes(200)), (data) => {
        try {
          parse(data);
        } catch (error) {
          assert.ok(error instanceof MalformedError, String(error.stack));
        }
      }),
      { numRuns: 300 },
    );
  }
});

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a code with one wrong symbol or two exchanged is noticed", () => {
  const code = newSecret().code.replaceAll("-", "");
  for (let at = 0; at < 16; at++) {
    for (const symbol of SYMBOLS.replace(code[at], "")) {
      assert.throws(() => parseCode(code.slice(0, at) + symbol + code.slice(at + 1)), { reason: "check" });
    }
    for (let to = 0; to < at; to++) {
      if (code[at] === code[to]) continue;
      const swapped = [...code];
      [swapped[at], swapped[to]] = [code[to], code[at]];
      assert.throws(() => parseCode(swapped.join("")), { reason: "check" });
    }
  }
});

test("a new secret is read back as it is shown or typed, and a typed one fails by meaning", () => {
  for (let round = 0; round < 50; round++) {
    const secret = newSecret();
    assert.match(secret.code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const short = secret.words
      .split(" ")
      .map((word) => word.slice(0, 4))
      .join("  ")
      .toUpperCase();
    assert.equal(parseSecret(secret.code.toLowerCase(), short).words, secret.words);
    assert.deepEqual(
      parseSecret(secret.code, secret.words).keys(here.instance, "itjen"),
      secret.keys(here.instance, "itjen"),
    );
  }
  fc.assert(
    fc.property(fc.string(), fc.string(), (code, words) => {
      assert.throws(
        () => parseSecret(code, words),
        (error) => error instanceof WrongCodeError || error instanceof WrongWordsError,
      );
    }),
  );
});

test("fresh secrets differ, use all symbols and words' halves alike", () => {
  const secrets = Array.from({ length: 400 }, newSecret);
  assert.equal(new Set(secrets.map(({ code }) => code)).size, 400);
  for (let place = 0; place < 18; place++) {
    assert.ok(new Set(secrets.map(({ code }) => code[place])).size > (place % 5 === 4 ? 0 : 28));
  }
  const low = secrets.flatMap(({ words }) => words.split(" ")).filter((word) => WORDS.indexOf(word) < 1024).length;
  assert.ok(low > 1400 && low < 1800, String(low));
});

test("a text that holds the code or four words in a row tells the secret", () => {
  const secret = newSecret();
  const words = secret.words.split(" ");
  assert.ok(secret.isRevealedBy(`kode saya: ${secret.code.toLowerCase().replaceAll("-", " ")}.`));
  assert.ok(secret.isRevealedBy(`…${words.slice(3, 7).join(", ").toUpperCase()}`));
  assert.ok(!secret.isRevealedBy(words.slice(0, 3).join(" ")));
  assert.ok(!secret.isRevealedBy(`${words.slice(0, 3).join(" ")} lalu ${words.slice(3, 6).join(" ")}`));
  assert.ok(!secret.isRevealedBy(newSecret().words));
});

test("a secret shows nothing of itself unless asked", () => {
  const secret = newSecret();
  assert.deepEqual([Object.keys(secret), JSON.stringify(secret)], [[], "{}"]);
});

test("names of files lose their folder and their front", () => {
  assert.equal(sealedName("C:\\fakepath\\foto.jpg"), "foto.jpg");
  assert.equal(sealedName("a/b/"), "-");
  assert.equal(sealedName(`${"é".repeat(200)}.jpg`), `${"é".repeat(125)}.jpg`);
  assert.ok(utf8(sealedName("🙏".repeat(300))).length <= 255);
});

test("today is a Tuesday of epoch 2968", () => assert.deepEqual([TODAY, EPOCH], [20781, 2968]));

test("characters are counted as people count them", () => {
  for (const [typed, count] of Object.entries(JSON.parse(LENGTHS))) assert.equal(characters(typed), count);
  assert.equal(isTooLong("😀".repeat(100_000)), false);
  assert.equal(isTooLong("é".repeat(100_001)), true);
});

test("the mirror finds the passages that Python finds", () => {
  const { parts, kinds } = JSON.parse(RULES);
  const whole = (pattern) => pattern.replace(/\{([a-z]+)\}/g, (_, name) => whole(parts[name]));
  for (const [typed, found] of Object.entries(JSON.parse(MIRROR))) {
    const all = Object.entries(kinds).flatMap(([kind, list]) =>
      passages(typed, whole(list.join("|"))).map((one) => [kind, one]),
    );
    assert.deepEqual(all, found, typed);
  }
});

test("a mix-up of code and passphrase is seen through", () => {
  for (const [typedCode, typedWords] of TYPED.typed) {
    const { code, words } = readTyped(typedCode, typedWords);
    assert.deepEqual({ code, words }, { code: TYPED.code, words: TYPED.words });
  }
});

test("a mistyped word has its nearest of the list, and a strange one none", () => {
  for (const word of WORDS.slice(0, 20)) assert.deepEqual([isOfList(word), nearestWords(word)[0]], [true, word]);
  for (const [typed, meant] of [
    ["ksuam", "kusam"],
    ["kejju", "keju"],
    ["lisrtik", "listrik"],
    ["gwlas", "gelas"],
  ]) {
    assert.equal(isOfList(typed), false);
    assert.ok(nearestWords(typed).includes(meant), typed);
  }
  assert.deepEqual(nearestWords("xqzxqzxqz"), []);
});
