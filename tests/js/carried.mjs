// FORMAT "Container", "Signed file", "Certificate", "Courier's notice" and the requests, and what a server checks of a
// blob: written for the tests alone, no page reads any of them.
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { blobLength } from "../../dropbox/web/browser/src/wire/blob.js";
import { Reader, checkDesk, text, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { BUCKETS } from "../../dropbox/web/browser/src/wire/padding.js";
import { prf, sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { wrapCipher } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { verify } from "../../dropbox/web/browser/src/crypto/signing.js";
import { StageError } from "./opener.mjs";

const opening = (magic) => concat(utf8(magic), u8(1));
const equal = (one, other) => Buffer.compare(one, other) === 0;
const unhex = (typed) => new Uint8Array(Buffer.from(typed, "hex"));
const stop = (stage, why) => {
  throw new StageError(stage, why);
};
const LENGTHS = new Set([1, 2, 3, 4, 5, 6, 7, 8].flatMap((slots) => BUCKETS.map((one) => blobLength(slots, one))));

/** `onBlob` gets each blob before a damaged place. */
export function readContainer(bytes, instance, onBlob) {
  const reader = new Reader(bytes, "container");
  reader.expect(opening("DBXQ"));
  if (!equal(reader.take(16), instance)) reader.fail("instance");
  const count = reader.uint(2);
  if (count < 1 || count > 21) reader.fail("count");
  for (let at = 0; at < count; at++) {
    const [id, digest] = [reader.take(32), reader.take(32)];
    const length = reader.uint(4) * 2 ** 32 + reader.uint(4);
    if (!LENGTHS.has(length)) reader.fail("length");
    onBlob(id, digest, reader.take(length));
  }
  reader.end();
}

/** The epoch of a blob that a server takes, from its first bytes and its length. */
export function accept(front, length, { instance, today, slots }) {
  const reader = new Reader(front, "blob");
  reader.expect(opening("DBXB"));
  const [said, epoch] = [reader.uint(1), reader.uint(4)];
  if (said < 1 || said > 8 || !equal(reader.take(16), instance)) reader.fail("header");
  if (!BUCKETS.some((one) => blobLength(said, one) === length)) reader.fail("length");
  if (!slots.includes(said)) stop("slots", "of another keyring");
  if (today < 4 + 7 * epoch - 1) stop("early", "its week has not come");
  if (today > 4 + 7 * epoch + 6 + 7) stop("ended", "its week is over");
  return epoch;
}

export async function verifyFile(anchor, file, untrusted) {
  const reader = new Reader(untrusted, "file signature");
  reader.expect(opening("DBXF"));
  const [instance, hash, signature] = [reader.take(16), reader.take(32), reader.take(64)];
  reader.end();
  if (!equal(instance, anchor.instance)) stop("instance", "another");
  if (!equal(hash, sha256(file))) stop("file", "another");
  return verify(anchor.key, "file", anchor.instance, file, signature);
}

export function splitCertificateFile(untrusted) {
  const reader = new Reader(untrusted, "certificate file");
  const parts = [reader.lp(512), reader.lp()];
  reader.end();
  return parts;
}

export function parseStationRequest(untrusted) {
  const pattern = /^dropbox station request v1\ndesk: ([^\n]+)\ninstance: ([0-9a-f]{32})\nstation: ([0-9a-f]{64})\n$/;
  const found = pattern.exec(text(untrusted)) ?? stop("malformed", "not a request");
  return { desk: checkDesk(found[1]), instance: unhex(found[2]), station: unhex(found[3]) };
}

export function parseServerRequest(untrusted) {
  const pattern = /^dropbox server request v1\ninstance: ([0-9a-f]{32})\nserver: ([0-9a-f]{64})\n$/;
  const found = pattern.exec(text(untrusted)) ?? stop("malformed", "not a request");
  return { instance: unhex(found[1]), server: unhex(found[2]) };
}

const unbase64 = (typed) => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(typed) || typed.length % 4) stop("malformed", "not base64");
  const bytes = Buffer.from(typed, "base64");
  return bytes.toString("base64") === typed ? new Uint8Array(bytes) : stop("malformed", "not its one encoding");
};

export function parseCourierKey(untrusted) {
  const found = /^dropbox courier key v1\n([^\n]*)\n$/.exec(text(untrusted)) ?? stop("malformed", "no key");
  const key = unbase64(found[1]);
  return key.length === 1216 ? key : stop("malformed", "length");
}

export function openNotice(secret, mail) {
  const latin = Buffer.from(mail).toString("latin1");
  const found = /-----BEGIN NOTICE-----(.*?)-----END NOTICE-----/s.exec(latin) ?? stop("malformed", "not here");
  const sealed = unbase64(found[1].replace(/[\t-\r >]/g, ""));
  if (sealed.length !== 1146) stop("malformed", "length");
  const ct = sealed.subarray(0, 1120);
  let body;
  try {
    const key = prf(secret.decapsulate(ct), "courier notice", sha256(secret.public), ct);
    body = wrapCipher(key).decrypt(sealed.subarray(1120));
  } catch {
    stop("not-for-this-key", "does not open");
  }
  const reader = new Reader(body, "notice");
  reader.expect(opening("DBXT"));
  const [day, value] = [reader.uint(4), reader.uint(1)];
  reader.end();
  return value >= 1 && value <= 3 ? { day, value } : reader.fail("value");
}
