/**
 * The sealer's own modules, timed in a page under the site's policy; bench/browser_sealing.py builds and serves it.
 *
 * Rule: nothing is sent. The address says what to do, `data-found` says what was found: no driver is in the way.
 */
import { poly1305 } from "@noble/ciphers/_poly1305.js";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

import { dayOf, epochOf } from "../../dropbox/web/browser/src/wire/calendar.js";
import { randomBytes } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { ephemeralPublicKey } from "../../dropbox/web/browser/src/crypto/kem.js";
import { CHUNK_BYTES } from "../../dropbox/web/browser/src/limits.js";
import { Decoys } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { FIRST_FORM, newSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import { bytesOf } from "../../dropbox/web/browser/src/intake/file-bytes.js";
import { FileStream, Sender, sendText } from "../../dropbox/web/browser/src/intake/sealing-stream.js";

const MIB = 1024 * 1024;
const INSTANCE = randomBytes(16);
const ADDRESS = `/unggah/${"0".repeat(32)}`;
const watch = { signal: new AbortController().signal };

/** A server that takes everything at once; it keeps the sum of lengths alone. */
class Void {
  taken = 0;

  /**
   * @param {string} _
   * @param {{method: string, body: Uint8Array | null}} init
   */
  async request(_, { body }) {
    this.taken += body ? body.length : 0;
    return new Response(null, { status: 204, headers: { Location: ADDRESS, "Upload-Offset": `${this.taken}` } });
  }

  async sleep() {
    throw new Error("a refusal");
  }

  now = () => performance.now();
  jitter = () => 0;
}

const today = dayOf(Date.now());
const address = { instance: INSTANCE, epoch: epochOf(today), slots: 2, slot: 0, key: ephemeralPublicKey() };

function senderTo(transport) {
  const to = { secret: newSecret(), keyring: { instance: INSTANCE, address: () => address }, decoys: new Decoys() };
  return new Sender({ ...to, desk: "itjen", lang: "id", day: today, form: FIRST_FORM, transport });
}

/**
 * @param {number} mib
 * @returns {File} of random bytes that the browser keeps; a chunk less, which the record takes
 */
function fileOf(mib) {
  const block = Array.from({ length: MIB / CHUNK_BYTES }, () => randomBytes(CHUNK_BYTES));
  const pieces = Array.from({ length: mib }, () => block).flat();
  return new File(pieces.slice(0, -1), "video.mp4", { type: "video/mp4" });
}

/**
 * @param {() => Promise<number>} work returns bytes
 * @returns {Promise<number>} MiB per second
 */
async function rateOf(work) {
  const started = performance.now();
  const bytes = await work();
  return bytes / MIB / ((performance.now() - started) / 1000);
}

/** Both passes over a file as it is sent: the digest of its content, then sealing, part by part. */
async function wholeRoad(file) {
  const transport = new Void();
  await new FileStream(senderTo(transport), 1, file).run(watch);
  if (transport.taken < file.size) throw new Error("something was not sealed");
  return file.size;
}

/** The second pass alone. */
async function seal(file) {
  const transport = new Void();
  const sending = new FileStream(senderTo(transport), 1, file);
  sending.digest = sending.sender.envelope.fileDigest("", ""); // of nothing
  await sending.run(watch);
  return file.size;
}

/** The first pass alone. */
async function digest(file) {
  const poly = poly1305.create(randomBytes(32));
  for await (const piece of bytesOf(file)) poly.update(piece);
  return file.size;
}

/** The yardstick: noble's own AEAD over 64 KiB again and again, nothing else. */
async function aead(file) {
  const [key, nonce, chunk] = [randomBytes(32), randomBytes(12), randomBytes(CHUNK_BYTES)];
  for (let left = file.size; left > 0; left -= CHUNK_BYTES) chacha20poly1305(key, nonce).encrypt(chunk);
  return file.size;
}

/** Milliseconds to seal the text of a report, from the thread's keys to the last byte. */
async function textMs() {
  const what = "Setoran setiap bulan. ".repeat(48);
  const typed = { channel: "wbs", category: "pungli", what, who: "Kepala", where: "Kantor" };
  const started = performance.now();
  await sendText(senderTo(new Void()), "report", 0, typed, watch);
  return performance.now() - started;
}

const WORK = { aead, seal, digest, wholeRoad };

/** @returns {Promise<Record<string, number[]>>} by name; the address says `#text,ROUNDS` or `#rates,ROUNDS,MIB` */
async function measured() {
  const [what, rounds, mib] = location.hash.slice(1).split(",");
  /** @type {Record<string, number[]>} */
  const found = {};
  const file = what === "rates" ? fileOf(Number(mib)) : null;
  for (let round = 0; round < Number(rounds); round++) {
    if (!file) (found.text ??= []).push(await textMs());
    else for (const [name, work] of Object.entries(WORK)) (found[name] ??= []).push(await rateOf(() => work(file)));
  }
  return found;
}

measured().then(
  (found) => document.body.setAttribute("data-found", JSON.stringify(found)),
  (error) => document.body.setAttribute("data-fault", `${error}`),
);
