// FORMAT "Dossiers", written for the tests alone: no page reads a card, a dossier or an answer.
import { timingSafeEqual } from "node:crypto";

import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader, text, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { prf, sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { wrapCipher } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { parseObject, readHead } from "../../dropbox/web/browser/src/wire/signed.js";
import { verify, verifyCertificate } from "../../dropbox/web/browser/src/crypto/signing.js";
import { StageError, pulled } from "./opener.mjs";

const CHUNK = 65536;
const PREFIX = 21 + 1168 + 32;
const DAYS_MAX = 732;
const NAME = /^(?:rujukan\.json|(?:rujukan|surat)\.pdf|bukti\/[0-9]{3}\.(?:png|pdf|txt|webm|mkv))$/;
const DAY = "(0|[1-9][0-9]{0,6})";
const CARD = new RegExp(
  "^(dropbox receiver key v1\nlabel: ([^\n]+)\npurpose: (referral|drill)\n" +
    `not before: ${DAY}\nnot after: ${DAY}\nsign: ([0-9a-f]{64})\nseal: ([0-9a-f]{2432})\n)` +
    "signature: ([0-9a-f]{128})\n$",
);
const RESULTS = ["", "received", "working", "found", "not-found", "returned"];

const unhex = (typed) => Uint8Array.from(typed.match(/../g), (pair) => parseInt(pair, 16));
const stop = (stage, why) => {
  throw new StageError(stage, why);
};
const equal = (one, other) => one.length === other.length && timingSafeEqual(one, other);

const isPrintable = (value) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(value);

/** FORMAT "Conventions": ASCII white space and nothing else. */
export const isBlank = (value) => /^[\t-\r ]*$/.test(value);

export async function readCard(untrusted) {
  const match = CARD.exec(text(untrusted)) ?? stop("malformed", "not a card");
  const [, lines, label, purpose, first, last, sign, seal, signature] = match;
  const card = { label, purpose, first: Number(first), last: Number(last), sign: unhex(sign), seal: unhex(seal) };
  if (!isPrintable(label) || /^\p{Zs}|\p{Zs}$/u.test(label) || [...label].length > 80) stop("malformed", "label");
  if (card.last < card.first || card.last - card.first > DAYS_MAX) stop("malformed", "days");
  await verify(card.sign, "receiver card", new Uint8Array(), utf8(lines), unhex(signature));
  return card;
}

/** The list that the station signed, and how the object was signed; `trust` as signing.js has it. */
async function signedList(content, trust, receiver) {
  const outer = new Reader(content, "dossier");
  const size = outer.uint(4);
  if (size > CHUNK || size > outer.left) stop("parts", "the list");
  const { label, certificate: shown, body, signature } = parseObject(outer.take(size));
  if (label !== "dossier") stop("label", "another magic");
  const certificate = await verifyCertificate(trust, shown, { dated: false });
  const reader = new Reader(body, "dossier");
  const head = readHead(reader);
  if (head.desk !== certificate.desk || !equal(head.instance, certificate.instance)) stop("desk", "another desk's");
  await verify(certificate.station, "dossier", certificate.instance, body, signature);
  const [id, card, replyKey] = [reader.take(16), reader.take(32), reader.take(1216)];
  const count = reader.uint(2);
  const parts = Array.from({ length: count }, () => ({
    name: text(reader.take(reader.uint(1))),
    length: Number(reader.uint(4)) * 2 ** 32 + reader.uint(4),
    sha256: reader.take(32),
  }));
  reader.end();
  const names = parts.map((part) => part.name);
  const sum = parts.reduce((total, part) => total + part.length, 0);
  if (count > 256 || sum > 2 ** 30) reader.fail("too much");
  const ordered = names.every((name, at) => NAME.test(name) && (at === 0 || names[at - 1] < name));
  if (!ordered || !names.includes("rujukan.json") || !names.includes("rujukan.pdf")) reader.fail("names");
  if (head.number) stop("number", "not zero");
  if (head.made < certificate.first || head.made > certificate.last || head.made > trust.today + 1)
    stop("day", "station");
  if (!equal(card, receiver.sha256)) stop("receiver", "another card");
  if (head.made < receiver.first || head.made > receiver.last) stop("day", "card");
  return { head, id, replyKey, parts, rest: outer.take(outer.left), signed: { shown, body, signature } };
}

function streamOf(file, key) {
  const sealed = file.length - PREFIX - 24;
  if (sealed < 1) stop("malformed", "truncated");
  const chunks = Math.ceil(sealed / (CHUNK + 17));
  const length = sealed - 17 * chunks;
  if (length <= (chunks - 1) * CHUNK) stop("stream", "short");
  return concat(...pulled(key, file.subarray(PREFIX), length));
}

/** {head, id, replyKey, parts: [{name, bytes}]} of a dossier; `receiver` has secret, sha256, first and last. */
export async function openDossier(file, trust, receiver) {
  const reader = new Reader(file, "dossier");
  reader.expect(concat(utf8("DBXD"), u8(1), trust.anchor.instance));
  const [ct, wrapped, commitment] = [reader.take(1120), reader.take(48), reader.take(32)];
  let key;
  try {
    const secret = receiver.secret.decapsulate(ct);
    const wrapping = prf(secret, "dossier wrap", trust.anchor.instance, u8(1), sha256(receiver.secret.public), ct);
    key = wrapCipher(wrapping).decrypt(wrapped);
  } catch {
    stop("not-for-this-key", "does not open");
  }
  if (!equal(prf(key, "dossier commitment", file.subarray(0, PREFIX - 32)), commitment)) stop("commitment", "differs");
  const content = streamOf(file, prf(key, "dossier stream"));
  const list = await signedList(content, trust, receiver);
  let at = 0;
  const parts = list.parts.map(({ name, length, sha256: expected }) => {
    const bytes = list.rest.subarray(at, at + length);
    at += length;
    if (bytes.length !== length || !equal(sha256(bytes), expected)) stop("parts", name);
    return { name, bytes };
  });
  if (at !== list.rest.length) stop("parts", "bytes behind them");
  return { head: list.head, id: list.id, replyKey: list.replyKey, parts };
}

/** {day, number, result, question, remark} of an answer; `receiver` has sign, first and last. */
export async function openAnswer(file, instance, dossier, reply, receiver, today) {
  const outer = new Reader(file, "answer");
  const opening = concat(utf8("DBXN"), u8(1));
  outer.expect(opening);
  const [id, ct, sealed] = [outer.take(16), outer.take(1120), outer.lp(CHUNK)];
  outer.end();
  let signed;
  try {
    const key = prf(reply.decapsulate(ct), "answer", concat(opening, id), sha256(reply.public), ct);
    signed = wrapCipher(key).decrypt(sealed);
  } catch {
    stop("sealed", "does not open");
  }
  const reader = new Reader(signed, "answer");
  reader.expect(opening);
  const [itsInstance, itsDossier, day] = [reader.take(16), reader.take(16), reader.uint(4)];
  const [number, result, question, remark] = [256, 32, 16384, 16384].map((most) => text(reader.lp(most)));
  const body = signed.subarray(0, reader.at);
  const signature = reader.take(64);
  reader.end();
  const silent = [number, result, question, remark].every(isBlank);
  if (silent || !RESULTS.includes(result) || [...number].length > 64 || !isPrintable(number)) reader.fail("content");
  if (!equal(itsInstance, instance) || !equal(itsDossier, dossier)) stop("dossier", "another");
  await verify(receiver.sign, "referral answer", instance, body, signature);
  if (day < receiver.first || day > receiver.last) stop("day", "card");
  if (day > today + 1) stop("day", "to come");
  return { day, number, result, question, remark };
}
