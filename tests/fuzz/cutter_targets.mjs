// What the browser parses: pictures that a reporter chose, and what the server publishes.
//
// Rule: a target takes any bytes; MalformedError says that they are refused, and any other error is a finding.
import assert from "node:assert/strict";

import { MalformedError } from "../../dropbox/web/browser/src/errors.js";
import { bareExif, isBare, orientationOf } from "../../dropbox/web/browser/src/pictures/exif.js";
import { cleanJpeg } from "../../dropbox/web/browser/src/pictures/jpeg.js";
import { kindOf } from "../../dropbox/web/browser/src/pictures/kinds.js";
import { cleanPng } from "../../dropbox/web/browser/src/pictures/png.js";
import { bareProfile } from "../../dropbox/web/browser/src/pictures/profile.js";
import { cleanWebp } from "../../dropbox/web/browser/src/pictures/webp.js";
import { parseBoard, parsePart, parseTimeline } from "../../dropbox/web/browser/src/wire/board.js";
import { compare } from "../../dropbox/web/browser/src/wire/bytes.js";
import { decodeRecord, encodeRecord } from "../../dropbox/web/browser/src/wire/fields.js";
import { parseAnchorBytes, parseKeyBundle, parseKeyedBundle } from "../../dropbox/web/browser/src/wire/keyring.js";
import { parseCertificate, parseObject, parseRevocations } from "../../dropbox/web/browser/src/wire/signed.js";

const same = (one, other) => assert.equal(compare(one, other), 0);

/** Cleaned once is cleaned for good; nothing is added but a bare Exif and the head that announces it. */
const cleaning = (clean) => (bytes) => {
  const once = clean(bytes);
  const joined = once.joined();
  assert.equal(joined.length, once.length);
  assert.ok(joined.length <= bytes.length + 64);
  const twice = clean(joined);
  assert.equal(twice.dropped.size, 0);
  return same(twice.joined(), joined);
};

function exif(bytes) {
  const orientation = orientationOf(bytes);
  assert.ok(Number.isInteger(orientation) && orientation >= 0 && orientation <= 65535);
  const bare = bareExif(orientation);
  if (bare.length) assert.equal(orientationOf(bare), orientation);
  if (isBare(bytes)) same(bare, bytes);
}

function profile(bytes) {
  const bare = bareProfile(bytes);
  assert.ok(bare.length <= bytes.length);
  same(bareProfile(bare), bare);
}

const JPEG = [
  "\xff\xd8",
  "\xff\xd9",
  "\xff\xda",
  "\xff\xe1",
  "\xff\xe2",
  "\xff\xc0",
  "\xff\xdb",
  "\xff\xc4",
  "\xff\xee",
];
const latin = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const EXIF = ["Exif\0\0", "MM\0*\0\0\0\x08", "II*\0\x08\0\0\0", "\x01\x12\0\x03\0\0\0\x01", "\x12\x01\x03\0\x01\0\0\0"];
const ICC = ["ICC_PROFILE\0\x01\x01", "acsp", "rTRC", "wtpt", "desc", "mmod", "vcgt", "A2B0", "XYZ ", "curv", "RGB "];
const PNG = ["IHDR", "IDAT", "IEND", "eXIf", "tEXt", "acTL", "fcTL", "fdAT", "iCCP", "PLTE", "tRNS", "sRGB", "tIME"];
const WEBP = ["RIFF", "WEBP", "VP8X", "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "EXIF", "XMP ", "ICCP"];
const OURS = ["DBXC\x01", "DBXV\x01", "DBXK", "DBXA", "itjen", "irjen", "kind", "day", "status", "text", "received"];

/** Each target, the folders of tests/fuzz/corpus with its inputs, and the words of its format. */
export const TARGETS = {
  jpeg: { run: cleaning(cleanJpeg), words: [...JPEG, ...EXIF, ...ICC, "JFIF\0", "JFXX\0", "Adobe", "http:"] },
  png: { run: cleaning(cleanPng), words: [...PNG, ...EXIF] },
  webp: { run: cleaning(cleanWebp), words: [...WEBP, ...EXIF, ...ICC] },
  exif: { run: exif, words: EXIF },
  profile: { run: profile, words: ICC },
  "picture-kind": {
    run: (bytes) => assert.equal(typeof kindOf(bytes, ""), "string"),
    words: [...JPEG, "RIFF", "ftyp"],
  },
  "browser-record": { run: (bytes) => same(encodeRecord(decodeRecord(bytes)), bytes), words: OURS },
  "browser-timeline": { run: parseTimeline, words: OURS },
  "browser-part": { run: (bytes) => parsePart(bytes, 0), words: OURS },
  "browser-board": { run: parseBoard, words: OURS },
  "browser-keys": { run: parseKeyBundle, words: OURS },
  "browser-keyed": { run: parseKeyedBundle, words: OURS },
  "browser-object": { run: parseObject, words: OURS },
  "browser-certificate": { run: parseCertificate, words: OURS },
  "browser-revocations": { run: parseRevocations, words: OURS },
  "browser-anchor": { run: parseAnchorBytes, words: ["dropbox root key v1\n", "\nuse: demo\n", "\nnot after: "] },
};
for (const target of Object.values(TARGETS)) target.words = target.words.map(latin);

/** Runs a target; true when the input was taken. */
export function taken(name, bytes) {
  try {
    TARGETS[name].run(bytes);
    return true;
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
