// FORMAT "Opening", written for the tests alone: the private half never gets into the browser's sources.
// Its errors carry the stage at which it stopped, as the vectors' `expect` names it.
import { timingSafeEqual } from "node:crypto";

import * as blob from "../../dropbox/web/browser/src/wire/blob.js";
import { MalformedError } from "../../dropbox/web/browser/src/errors.js";
import { compare, concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader, decodeRecord, required, text, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { CHUNK_BYTES, DESKS_MAX, FORM_MAX_BYTES, RECORD_MAX_BYTES } from "../../dropbox/web/browser/src/limits.js";
import { BUCKETS, bucketFor } from "../../dropbox/web/browser/src/wire/padding.js";
import {
  commitmentOf,
  memberOf,
  streamKey,
  wrapCipher,
  wrapKey,
} from "../../dropbox/web/browser/src/crypto/sealing.js";
import { load } from "./dev.mjs";

const { x25519 } = await load("@noble/curves/ed25519.js");
const { sha3_256, shake256 } = await load("@noble/hashes/sha3.js");
const { ml_kem768 } = await load("@noble/post-quantum/ml-kem.js");
const { chacha20, hchacha } = await load("@noble/ciphers/chacha.js");
const { poly1305 } = await load("@noble/ciphers/_poly1305.js");

export class StageError extends Error {
  constructor(stage, why) {
    super(`${stage}: ${why}`);
    this.stage = stage;
  }
}

/** X-Wing draft, section 5.2: SHAKE256(seed) → d ‖ z ‖ sk_X. */
export class EpochSecret {
  constructor(seed) {
    const expanded = shake256(seed, { dkLen: 96 });
    this.kem = ml_kem768.keygen(expanded.subarray(0, 64));
    this.x = expanded.subarray(64);
    this.pkX = x25519.getPublicKey(this.x);
    this.public = concat(this.kem.publicKey, this.pkX);
  }

  decapsulate(ct) {
    const ctX = ct.subarray(1088);
    const ssM = ml_kem768.decapsulate(ct.subarray(0, 1088), this.kem.secretKey);
    return sha3_256(concat(ssM, x25519.getSharedSecret(this.x, ctX), ctX, this.pkX, utf8("\\.//^\\")));
  }
}

/** The pulling half of the secretstream, written independently of src/secretstream.js. */
export function* pulled(key, stream, bucket) {
  const words = (bytes) => new Uint32Array(bytes.slice().buffer);
  const out = new Uint32Array(8);
  hchacha(words(utf8("expand 32-byte k")), words(key), words(stream.subarray(0, 16)), out);
  const k = new Uint8Array(out.buffer);
  const nonce = concat(new Uint8Array([1, 0, 0, 0]), stream.subarray(16, 24));
  let at = 24;
  for (let left = bucket; left > 0;) {
    const size = Math.min(left, CHUNK_BYTES);
    left -= size;
    const chunk = stream.subarray(at, at + size + 17);
    at += chunk.length;
    if (chunk.length < size + 17) throw new StageError("stream", "short");
    const first = new Uint8Array(64);
    first[0] = chunk[0];
    const block = chacha20(k, nonce, first, undefined, 1);
    const tag = block[0];
    block[0] = chunk[0];
    const lengths = Buffer.alloc(16);
    lengths.writeUInt32LE(64 + size, 8);
    const mac = poly1305(
      concat(block, chunk.subarray(1, 1 + size), new Uint8Array(size % 16), lengths),
      chacha20(k, nonce, new Uint8Array(64)).subarray(0, 32),
    );
    if (!timingSafeEqual(mac, chunk.subarray(1 + size))) throw new StageError("stream", "a chunk is not authentic");
    if (tag !== (left ? 0 : 3)) throw new StageError("stream", "ends at the wrong place");
    yield chacha20(k, nonce, chunk.subarray(1, 1 + size), undefined, 2);
    for (let i = 0; i < 8; i++) nonce[4 + i] ^= mac[i];
    new DataView(nonce.buffer).setUint32(0, new DataView(nonce.buffer).getUint32(0, true) + 1, true);
  }
}

function parsed(bytes, instance) {
  const reader = new Reader(bytes, "blob");
  reader.expect(concat(utf8("DBXB"), u8(1)));
  const slots = reader.uint(1);
  const epoch = reader.uint(4);
  if (slots < 1 || slots > DESKS_MAX) reader.fail("slots");
  if (compare(reader.take(16), instance)) reader.fail("instance");
  const bucket = BUCKETS.find((one) => blob.blobLength(slots, one) === bytes.length);
  if (bucket === undefined) reader.fail("length");
  const stanzas = reader.take(slots * blob.STANZA_BYTES);
  return {
    header: bytes.subarray(0, 26),
    slots,
    epoch,
    bucket,
    stanzas,
    commitment: reader.take(32),
    stream: bytes.subarray(reader.at),
  };
}

function unwrapped({ slots, epoch, stanzas }, instance, secret) {
  for (let slot = 0; slot < slots; slot++) {
    const stanza = stanzas.subarray(slot * blob.STANZA_BYTES, (slot + 1) * blob.STANZA_BYTES);
    const ct = stanza.subarray(0, 1120);
    try {
      const key = wrapKey(secret.decapsulate(ct), { instance, epoch, slots, slot, key: secret.public }, ct);
      return wrapCipher(key).decrypt(stanza.subarray(1120));
    } catch {
      continue;
    }
  }
  throw new StageError("not-for-this-key", "no stanza opens");
}

function unpadded(padded) {
  let end = padded.length;
  while (end && padded[end - 1] === 0) end--;
  if (padded[end - 1] !== 0x80) throw new StageError("padding", "no mark");
  if (bucketFor(end - 1) !== padded.length) throw new StageError("padding", "not the smallest bucket");
  return padded.subarray(0, end - 1);
}

const REQUIRED = {
  report: ["channel", "category", "what", "who", "where"],
  addition: ["what"],
  file: ["name", "type"],
};
const TEXTS = ["channel", "category", "what", "who", "where", "when", "protection", "identity", "act"];
const FOREIGN = { report: ["act"], addition: ["channel"], file: TEXTS };

/** The reporter's fields of its kind, by name. */
function fieldsOf(record, kind) {
  const isKept = (name) => TEXTS.includes(name) && !FOREIGN[kind].includes(name);
  const names = [...record.keys()].filter((name) => isKept(name) || (name.startsWith("x-") && kind !== "file"));
  return names.filter((name) => text(required(record, name)) !== undefined);
}

const WHOLE = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The longest text of whole characters in what was cut at its front or its end. */
function whole(cut, front, lost = 0) {
  try {
    return WHOLE.decode(front ? cut.subarray(lost) : cut.subarray(0, cut.length - lost));
  } catch {
    return whole(cut, front, lost + 1); // half a character
  }
}

/** Name and type of a file as a reader gives them on; refuses what is not UTF-8. */
function fileTexts(record, reader) {
  const [name, type] = ["name", "type"].map((one) => required(record, one));
  if (text(name) === undefined || text(type) === undefined) reader.fail("text");
  const given = whole(name.subarray(Math.max(0, name.length - 255)), true).replace(/[\x00-\x1f\x7f/\\]/g, "_") || "-";
  return { name: given, type: whole(type.subarray(0, 255), false) };
}

function checked(content, desk) {
  const reader = new Reader(content, "record");
  const raw = reader.lp(FORM_MAX_BYTES);
  const record = decodeRecord(raw);
  for (const name of ["thread", "claim", "tag-key", "answer-key", "auth-key", "member"]) required(record, name, 32);
  required(record, "nonce", 16);
  required(record, "sent", 4);
  const kind = text(required(record, "kind"));
  const needed = REQUIRED[kind] ?? reader.fail("unknown kind");
  needed.forEach((name) => required(record, name));
  const fields = fieldsOf(record, kind);
  const texts = kind === "file" ? fileTexts(record, reader) : { name: "", type: "" };
  const lang = text(record.get("lang") ?? new Uint8Array());
  if (text(required(record, "desk")) !== desk) reader.fail("another desk");
  if (reader.left && (kind !== "file" || raw.length > RECORD_MAX_BYTES)) reader.fail("bytes behind it");
  const file = reader.take(reader.left);
  return { record, fields, texts, lang: ["id", "en"].includes(lang) ? lang : "", file };
}

/** {record, file, isMember, slots, epoch} of a whole blob, or a StageError. */
export function open(bytes, instance, desk, secret) {
  let parts;
  try {
    parts = parsed(bytes, instance);
  } catch (error) {
    throw error instanceof MalformedError ? new StageError("malformed", error.message) : error;
  }
  const fileKey = unwrapped(parts, instance, secret);
  if (!timingSafeEqual(commitmentOf(fileKey, parts.header, parts.stanzas), parts.commitment)) {
    throw new StageError("commitment", "does not match");
  }
  const content = unpadded(concat(...pulled(streamKey(fileKey), parts.stream, parts.bucket)));
  try {
    const { record, fields, texts, lang, file } = checked(content, desk);
    const without = new Map([...record].filter(([name]) => name !== "member"));
    const member = memberOf(required(record, "auth-key"), parts.commitment, without);
    return {
      record,
      fields,
      texts,
      lang,
      file,
      fileKey,
      isMember: timingSafeEqual(member, required(record, "member")),
      slots: parts.slots,
      epoch: parts.epoch,
    };
  } catch (error) {
    throw error instanceof MalformedError ? new StageError("record", error.message) : error;
  }
}
