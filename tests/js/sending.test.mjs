// From a form to the desk over a bad network: ids, attempts, and files that go on or begin anew.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";

import { utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { verifyKeyring } from "../../dropbox/web/browser/src/crypto/keyring.js";
import { Decoys } from "../../dropbox/web/browser/src/crypto/sealing.js";
import { formNonce, newForm, newSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import { FileUnreadableError } from "../../dropbox/web/browser/src/intake/file-bytes.js";
import { FileStream, Sender, sendText } from "../../dropbox/web/browser/src/intake/sealing-stream.js";
import { LostUploadError, ServerRefusedError } from "../../dropbox/web/browser/src/intake/tus.js";
import { Inspectorate, TODAY } from "./inspectorate.mjs";
import { open } from "./opener.mjs";
import { TusServer, answerLost, cutAfter, dead, refusal } from "./tus_server.mjs";
import { hex } from "./vector_files.mjs";

const here = new Inspectorate();
const keyring = await verifyKeyring(here.keyring(), here.anchor, TODAY);
const secret = newSecret();
const keys = secret.keys(here.instance, "itjen");
const watch = { signal: new AbortController().signal };

const lang = /** @type {const} */ ("id");
const to = { secret, keyring, decoys: new Decoys(), desk: "itjen", lang, day: TODAY };
const senderTo = ({ transport }) => new Sender({ ...to, form: newForm(), transport });
const opened = ({ content }) => open(content, here.instance, "itjen", here.epochs.itjen);
const idOf = (sender, index) => hex(keys.blobId(formNonce(sender.form, index)));
const idsIn = (server) => [...server.held.keys()].map((place) => place.slice(0, 64));
const photo = (bytes) => new File([bytes], "foto.jpg", { type: "image/jpeg" });

/** A file that says when it is read, and cannot be read while `broken`. */
class Card extends File {
  constructor(bytes) {
    super([bytes], "film.mp4", { type: "video/mp4" });
    this.bytes = bytes;
    this.reads = 0;
    this.broken = false;
  }

  stream() {
    this.reads += 1;
    let at = 0;
    return new ReadableStream({
      pull: (controller) => {
        if (this.broken) return controller.error(new DOMException("gone", "NotReadableError"));
        if (at >= this.size) return controller.close();
        controller.enqueue(this.bytes.subarray(at, (at += 65_536)));
        return undefined;
      },
    });
  }
}

test("the same text is acknowledged again; another text in its place is kept too, with one request each", async () => {
  const server = new TusServer();
  const sender = senderTo(server);
  await sendText(sender, "addition", 0, { what: "satu" }, watch);
  await sendText(sender, "addition", 0, { what: "satu" }, watch);
  await sendText(sender, "addition", 0, { what: "dua" }, watch);
  assert.deepEqual(idsIn(server), [idOf(sender, 0), idOf(sender, 0)]);
  assert.equal(server.asked, "POST POST POST");
  const texts = [...server.held.values()].map((held) => opened(held).record.get("what"));
  assert.deepEqual(texts, [utf8("satu"), utf8("dua")]);
});

test("texts that follow each other in one place can be told apart by their order", async () => {
  const server = new TusServer();
  const sender = senderTo(server);
  await sendText(sender, "addition", 0, { what: "satu" }, watch);
  await sendText(sender, "addition", 0, { what: "dua" }, watch, 1);
  const nonces = [...server.held.values()].map((held) => hex(opened(held).record.get("nonce")));
  assert.deepEqual(nonces, [hex(formNonce(sender.form, 0)), hex(formNonce(sender.form, 0, 1))]);
});

test("another file in the place of one is kept beside it", async () => {
  const server = new TusServer();
  const sender = senderTo(server);
  for (const bytes of [randomBytes(5000), randomBytes(2_000_000)]) {
    const shares = [];
    await new FileStream(sender, 1, photo(bytes)).run({ ...watch, onShare: (share) => shares.push(share) });
    assert.equal(shares.at(-1), 1);
    assert.equal(Buffer.compare(opened([...server.held.values()].at(-1)).file, bytes), 0);
  }
  assert.deepEqual(idsIn(server), [idOf(sender, 1), idOf(sender, 1)]);
});

test("a file is read twice and sealed once, whatever the network does", async () => {
  const server = new TusServer();
  const file = new Card(randomBytes(3_000_000));
  server.faults = [answerLost, null, cutAfter(70_000), null, dead, answerLost, null, refusal(503, "busy")];
  await new FileStream(senderTo(server), 1, file).run(watch);
  assert.equal(file.reads, 2);
  assert.equal(Buffer.compare(opened([...server.held.values()][0]).file, file.bytes), 0);
});

test("a lost upload is told, and the next run begins anew: other sealed bytes under the same id", async () => {
  const server = new TusServer();
  const sender = senderTo(server);
  const bytes = randomBytes(2_000_000);
  const sending = new FileStream(sender, 1, photo(bytes));
  server.onRequest = () => server.requests.length === 3 && server.uploads.clear();
  await assert.rejects(sending.run(watch), LostUploadError);
  const first = server.requests[1].body;
  await sending.run(watch);
  assert.deepEqual(idsIn(server), [idOf(sender, 1)]);
  const [held] = server.held.values();
  assert.notEqual(Buffer.compare(held.content.subarray(0, first.length), first), 0);
  assert.equal(Buffer.compare(opened(held).file, bytes), 0);
});

test("when the last answer is lost, the next run sends the file anew, and the server keeps one", async () => {
  const server = Object.assign(new TusServer(), { partMs: 5000 });
  const sender = senderTo(server);
  const bytes = randomBytes(2_000_000);
  const sending = new FileStream(sender, 1, photo(bytes));
  server.onRequest = () =>
    void (server.faults = [
      [...server.uploads.values()].some(({ got, length }) => length - got.length <= 262_144) ? answerLost : null,
    ]);
  await assert.rejects(sending.run(watch), LostUploadError);
  assert.deepEqual(idsIn(server), [idOf(sender, 1)]);
  server.onRequest = () => {};
  server.faults = [];
  await sending.run(watch);
  assert.deepEqual(idsIn(server), [idOf(sender, 1)]);
  assert.equal(Buffer.compare(opened([...server.held.values()][0]).file, bytes), 0);
});

test("a file that cannot be read is told; its upload is given up; later it goes", async () => {
  const server = new TusServer();
  const file = new Card(randomBytes(3_000_000));
  const sending = new FileStream(senderTo(server), 1, file);
  server.onRequest = () => void (file.broken = server.requests.length === 2);
  await assert.rejects(sending.run(watch), FileUnreadableError);
  assert.deepEqual([server.uploads.size, server.held.size], [0, 0]);
  file.broken = true;
  await assert.rejects(sending.run(watch), FileUnreadableError);
  file.broken = false;
  await sending.run(watch);
  assert.equal(Buffer.compare(opened([...server.held.values()][0]).file, file.bytes), 0);
});

test("what is cancelled is deleted at the server, and can be sent after all", async () => {
  const server = new TusServer();
  const sending = new FileStream(senderTo(server), 1, photo(randomBytes(2_000_000)));
  server.faults = [null, null, refusal(507, "storage-full")];
  await assert.rejects(sending.run(watch), ServerRefusedError);
  await sending.end();
  assert.deepEqual([server.uploads.size, server.held.size], [0, 0]);
  await sending.run(watch);
  assert.equal(server.held.size, 1);
});

test("nothing of text, names, code or words reaches the transport", async () => {
  const server = new TusServer();
  const sender = senderTo(server);
  await sendText(sender, "report", 0, { channel: "wbs", what: "kenari di dalam teks" }, watch);
  await new FileStream(sender, 1, new File(["kenari di dalam berkas"], "kenari.txt", { type: "text/kenari" })).run(
    watch,
  );
  for (const { url, headers, body } of server.requests) {
    const sent = Buffer.concat([Buffer.from(url + JSON.stringify(headers)), body ?? new Uint8Array()]);
    assert.equal(sent.indexOf("kenari"), -1);
  }
});
