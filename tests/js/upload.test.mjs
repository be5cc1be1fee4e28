// Uploads over a network that fails in every way: what was sealed arrives once and whole, or the reporter is told.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LostUploadError, OfflineError, ServerRefusedError } from "../../dropbox/web/browser/src/tus.js";
import { Upload } from "../../dropbox/web/browser/src/upload.js";
import { fc } from "./dev.mjs";
import { TusServer, answerLost, cutAfter, dead, foreign, refusal } from "./tus_server.mjs";
import { hex } from "./vector_files.mjs";

const KIB = 1024;
const MIB = KIB * KIB;
const PIECE = 64 * KIB;
const PART_MIN = 256 * KIB;
const PART_MAX = 4 * MIB;
const id = new Uint8Array(32).fill(1);
const digest = new Uint8Array(32).fill(2);
const BACK_OFF = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];

/** A blob whose every 4 bytes tell their place. */
function blobOf(length) {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at + 1, 2654435761);
  return new Uint8Array(words.buffer, 0, length);
}

/** An upload, the pieces that were taken from its source, and somebody who watches. */
function begin(server, length, { pieces } = {}) {
  const blob = blobOf(length);
  const seen = { taken: 0, progress: [], retries: 0, controller: new AbortController() };
  function* source() {
    for (let at = 0; at < blob.length; at += PIECE) {
      const piece = blob.subarray(at, at + PIECE);
      seen.taken += piece.length;
      yield piece;
    }
  }
  const upload = new Upload({ id, digest, length }, pieces ?? source(), server.transport);
  const run = () => {
    seen.controller = new AbortController();
    return upload.run({
      signal: seen.controller.signal,
      onProgress: (acknowledged) => seen.progress.push(acknowledged),
      onRetry: () => (seen.retries += 1),
    });
  };
  return { upload, seen, run, blob };
}

/** Held once, byte for byte; told in growing numbers up to the last; nothing left over at the server. */
function assertArrived(server, { upload, seen, blob }) {
  assert.equal(upload.done, true);
  assert.deepEqual([...server.held.keys()], [hex(id)]);
  assert.equal(Buffer.compare(server.held.get(hex(id)).content, blob), 0);
  assert.equal(seen.progress.at(-1), blob.length);
  for (let at = 1; at < seen.progress.length; at++) assert.ok(seen.progress[at] > seen.progress[at - 1]);
  assert.equal(server.uploads.size, 0);
}

test("a small blob is created and sent in one request, which tells nothing else", async () => {
  const server = new TusServer();
  const one = begin(server, 20_000);
  await one.run();
  assertArrived(server, one);
  const [{ method, url, headers, init }] = server.requests;
  assert.deepEqual([server.requests.length, method, url], [1, "POST", "/unggah"]);
  assert.deepEqual(Object.keys(headers).sort(), ["Content-Type", "Tus-Resumable", "Upload-Length", "Upload-Metadata"]);
  const { signal, body, ...how } = init;
  assert.deepEqual(how, {
    method, headers, cache: "no-store", credentials: "omit", mode: "same-origin", redirect: "error", referrerPolicy: "no-referrer",
  });
});

test("a large blob goes in parts, which grow on a quick line and stay small on a slow one", async () => {
  for (const [partMs, sizes] of [
    [10, [0, PART_MIN, 2 * PART_MIN, MIB, 2 * MIB, PART_MAX, PART_MAX]],
    [5000, [0, ...Array.from({ length: 24 }, () => PART_MIN)]],
  ]) {
    const server = Object.assign(new TusServer(), { partMs });
    const one = begin(server, 20 * MIB);
    await one.run();
    assertArrived(server, one);
    assert.deepEqual(server.requests.slice(0, sizes.length).map(({ body }) => body?.length ?? 0), sizes);
  }
});

test("the answer to a small blob is lost: the same bytes go again, and it is held once", async () => {
  const server = new TusServer();
  server.faults = [answerLost, dead, dead];
  const one = begin(server, 20_000);
  await one.run();
  assertArrived(server, one);
  assert.equal(server.asked, "POST POST POST POST");
  assert.ok(server.requests.every(({ body }) => Buffer.compare(body, one.blob) === 0));
  assert.equal(one.seen.taken, 20_000);
});

test("a creation that took less than all is no acknowledgement", async () => {
  const server = new TusServer();
  const stripped = (request, there) => there.serve({ ...request, body: null }); // by a proxy
  server.faults = [stripped];
  const one = begin(server, 20_000);
  await one.run();
  assertArrived(server, one);
  assert.equal(server.asked, "POST PATCH");
});

test("what the server holds already is not sent again, and the new address is given back", async () => {
  for (const length of [20_000, 3 * MIB]) {
    const server = new TusServer();
    server.held.set(hex(id), { digest: hex(digest), content: blobOf(length) });
    const one = begin(server, length);
    await one.run();
    assertArrived(server, one);
    assert.equal(server.asked, length < MIB ? "POST" : "POST DELETE");
  }
});

test("a part that breaks in the middle costs no byte twice and none is sealed again", async () => {
  const server = new TusServer();
  server.faults = [null, null, cutAfter(100_001)];
  const one = begin(server, 3 * MIB);
  await one.run();
  assertArrived(server, one);
  assert.equal(server.asked.slice(0, 27), "POST PATCH PATCH HEAD PATCH");
  assert.equal(server.requests[4].headers["Upload-Offset"], `${PART_MIN + 100_001}`);
  assert.equal(one.seen.taken, one.blob.length);
  assert.equal(one.seen.retries, 1);
});

test("a part whose answer is lost is not sent again; one that never came is, as the same bytes", async () => {
  for (const [fault, offset] of [[answerLost, 3 * PART_MIN], [dead, PART_MIN]]) {
    const server = new TusServer();
    server.faults = [null, null, fault];
    const one = begin(server, 3 * MIB);
    await one.run();
    assertArrived(server, one);
    assert.equal(server.requests[4].headers["Upload-Offset"], `${offset}`);
    assert.equal(one.seen.taken, one.blob.length);
  }
});

test("the very last answer is lost: the upload is gone, and a second creation tells that it is held", async () => {
  const server = new TusServer();
  server.partMs = 5000;
  server.faults = [...Array(12).fill(null), answerLost];
  const one = begin(server, 3 * MIB);
  await one.run();
  assertArrived(server, one);
  assert.ok(server.asked.endsWith("PATCH HEAD POST DELETE"));
});

test("an upload that the server has forgotten is lost, whether it is noticed by asking or by sending", async () => {
  for (const faults of [[null, null, dead], [null, null]]) {
    const server = new TusServer();
    server.faults = faults;
    server.onRequest = () => server.requests.length === 3 && server.uploads.clear();
    const one = begin(server, 3 * MIB);
    await assert.rejects(one.run(), LostUploadError);
    assert.ok(server.asked.endsWith("HEAD POST DELETE"));
    assert.deepEqual([server.uploads.size, server.held.size], [0, 0]);
  }
});

test("without a network it tries eight times, ever later, and goes on when it is asked again", async () => {
  const server = new TusServer();
  server.faults = [null, null, ...Array(9).fill(dead)];
  const one = begin(server, 3 * MIB);
  await assert.rejects(one.run(), OfflineError);
  assert.deepEqual(server.slept, BACK_OFF);
  assert.equal(one.seen.retries, 8);
  await one.run();
  assertArrived(server, one);
  assert.equal(one.seen.taken, one.blob.length);
  assert.equal(server.requests.filter(({ method }) => method === "POST").length, 1);
});

test("whatever arrives makes it patient again, and chance keeps many from coming back at once", async () => {
  const server = new TusServer();
  server.jitter = 0;
  server.faults = [null, ...Array(20).fill([cutAfter(1000), null]).flat()];
  const one = begin(server, 3 * MIB);
  await one.run();
  assertArrived(server, one);
  assert.deepEqual(server.slept, Array(20).fill(500));
});

test("a server that asks to wait is given the time, and nonsense is not", async () => {
  for (const [asked, waited] of [["60", 60_000], ["Wed, 21 Oct 2015 07:28:00 GMT", 1000], ["-5", 1000], ["1e999", 1000], ["0.5", 1000]]) {
    const server = new TusServer();
    server.faults = [refusal(503, "busy", { "Retry-After": asked })];
    const one = begin(server, 20_000);
    await one.run();
    assertArrived(server, one);
    assert.deepEqual(server.slept, [waited], asked);
  }
});

test("refusals that pass are waited for", async () => {
  for (const [status, key] of [[409, "wrong-offset"], [400, "send-again"], [503, "busy"]]) {
    const server = new TusServer();
    server.faults = [null, null, refusal(status, key)];
    const one = begin(server, 3 * MIB);
    await one.run();
    assertArrived(server, one);
    assert.equal(server.asked.slice(0, 21), "POST PATCH PATCH HEAD");
  }
});

test("refusals that do not pass are told at once, and the upload goes on once they are gone", async () => {
  for (const [status, key] of [
    [409, "taken"], [403, "cross-site"], [413, "too-large"], [415, "unsupported"], [422, "blob-refused"],
    [422, "epoch-ended"], [503, "closed"], [507, "storage-full"],
  ]) {
    for (const faults of [[], [null, null]]) {
      const server = new TusServer();
      server.faults = [...faults, refusal(status, key)];
      const one = begin(server, 3 * MIB);
      await assert.rejects(one.run(), (error) => error instanceof ServerRefusedError && error.key === key);
      assert.deepEqual(server.slept, []);
      await one.run();
      assertArrived(server, one);
      assert.equal(one.seen.taken, one.blob.length);
    }
  }
});

test("answers of proxies and portals count as none", async () => {
  const statuses = [404, 410, 413, 423, 429, 500, 502, 503, 507].map((status) => foreign(status));
  const portal = foreign(200, { "Content-Type": "text/html" });
  const elsewhere = foreign(201, { Location: "https://example.org/unggah/1", "Upload-Offset": "0" });
  const deeper = foreign(201, { Location: `/unggah/${"0".repeat(32)}/x`, "Upload-Offset": "0" });
  const cases = [...statuses, portal].flatMap((fault) => [[fault], [null, null, fault], [null, null, dead, fault]]);
  for (const faults of [...cases, [elsewhere], [deeper]]) {
    const server = new TusServer();
    server.faults = faults;
    const one = begin(server, 3 * MIB);
    await one.run();
    assertArrived(server, one);
    assert.ok(server.requests.every(({ url }) => /^\/unggah(\/[0-9a-f]{32})?$/.test(url)));
    assert.ok(server.slept.length > 0);
  }
});

test("a server that takes nothing, and says so kindly, is not asked for ever", async () => {
  const server = new TusServer();
  const nothing = () => new Response(null, { status: 204, headers: { "Upload-Offset": "0" } });
  server.faults = [null, ...Array(9).fill([nothing, null]).flat()];
  const one = begin(server, 3 * MIB);
  await assert.rejects(one.run(), OfflineError);
  assert.deepEqual(server.slept, BACK_OFF);
});

test("a server that has less than it said, or more than was sent, has lost the upload", async () => {
  const says = (offset) => () => new Response(null, { status: 204, headers: { "Upload-Offset": `${offset}` } });
  for (const faults of [
    [null, null, says(PART_MIN - 1)],
    [null, says(PART_MIN + 1)],
    [null, says(3 * MIB)],
    [null, null, dead, says(PART_MIN - 1)],
    [null, null, dead, says(3 * PART_MIN + 1)],
    [null, null, dead, null, says(3 * PART_MIN)], // so much is waiting here, and a third of it was not sent
  ]) {
    const server = new TusServer();
    server.faults = faults;
    const one = begin(server, 3 * MIB);
    await assert.rejects(one.run(), LostUploadError);
    assert.equal(one.upload.done, false);
  }
});

test("pause stops a part on its way; continue asks, and starts nothing over", async () => {
  const server = new TusServer();
  const one = begin(server, 3 * MIB);
  server.onRequest = () => server.requests.length === 3 && one.seen.controller.abort();
  await assert.rejects(one.run(), { name: "AbortError" });
  assert.deepEqual([server.asked, server.slept, one.seen.retries], ["POST PATCH PATCH", [], 0]);
  await one.run();
  assertArrived(server, one);
  assert.ok(server.asked.startsWith("POST PATCH PATCH HEAD PATCH"));
  assert.equal(one.seen.taken, one.blob.length);
});

test("pause ends the waiting for a network, and a pause before the start asks nothing", async () => {
  const server = new TusServer();
  const one = begin(server, 3 * MIB);
  server.faults = [null, dead];
  server.onSleep = () => one.seen.controller.abort();
  await assert.rejects(one.run(), { name: "AbortError" });
  assert.equal(server.asked, "POST PATCH");
  server.onSleep = () => {};
  const later = one.run();
  one.seen.controller.abort();
  await assert.rejects(later, { name: "AbortError" });
  await one.run();
  assertArrived(server, one);

  const other = new TusServer();
  const two = begin(other, 20_000);
  const begun = two.run();
  two.seen.controller.abort();
  await assert.rejects(begun, { name: "AbortError" });
  assert.equal(other.held.size, 0);
  await two.run();
  assertArrived(other, two);
});

test("a server that never answers is given five minutes", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const server = new TusServer();
  server.onRequest = ({ init }) => {
    if (server.requests.length !== 2) return undefined;
    return new Promise((resolve) => {
      init.signal.addEventListener("abort", resolve);
      context.mock.timers.tick(299_999);
      assert.equal(init.signal.aborted, false);
      context.mock.timers.tick(1);
    });
  };
  const one = begin(server, 3 * MIB);
  await one.run();
  assertArrived(server, one);
  assert.deepEqual([server.asked.slice(0, 15), server.slept], ["POST PATCH HEAD", [1000]]);
});

test("what is given up is deleted at the server; nothing else is, and a dead network is no matter", async () => {
  const server = new TusServer();
  server.faults = [null, null, refusal(507, "storage-full")];
  const one = begin(server, 3 * MIB);
  await assert.rejects(one.run(), ServerRefusedError);
  assert.equal(server.uploads.size, 1);
  await one.upload.end();
  assert.deepEqual([server.asked, server.uploads.size], ["POST PATCH PATCH DELETE", 0]);

  const unborn = begin(new TusServer(), 3 * MIB);
  await unborn.upload.end();
  const done = new TusServer();
  const two = begin(done, 3 * MIB);
  await two.run();
  await two.upload.end();
  assert.ok(!done.asked.includes("DELETE"));

  const gone = new TusServer();
  const three = begin(gone, 3 * MIB);
  gone.faults = [null, refusal(507, "storage-full"), dead];
  await assert.rejects(three.run(), ServerRefusedError);
  await three.upload.end();
});

test("memory is bounded by one part and one piece, however large the blob and bad the line", async () => {
  const server = new TusServer();
  const one = begin(server, 24 * MIB);
  let most = 0;
  let count = 0;
  server.onRequest = () => {
    most = Math.max(most, one.seen.taken - one.upload.acknowledged);
    count += 1;
    if (count % 5 === 0) server.faults = [dead];
  };
  await one.run();
  assertArrived(server, one);
  assert.ok(most >= MIB && most < PART_MAX + PIECE, `${most}`);
});

test("what breaks the source is told as it is, and what came before it is still right", async () => {
  const server = new TusServer();
  const blob = blobOf(3 * MIB);
  function* broken() {
    yield blob.subarray(0, MIB);
    throw new RangeError("unreadable");
  }
  const one = begin(server, 3 * MIB, { pieces: broken() });
  await assert.rejects(one.run(), RangeError);
  const [staged] = server.uploads.values();
  assert.equal(Buffer.compare(staged.got, blob.subarray(0, staged.got.length)), 0);
  assert.equal(server.held.size, 0);

  const short = begin(new TusServer(), 3 * MIB, { pieces: [blob.subarray(0, MIB)].values() });
  await assert.rejects(short.run(), /shorter than was promised/);
  assert.equal(short.upload.done, false);
});

const FAULTS = [null, dead, answerLost, cutAfter(0), cutAfter(77_777), foreign(502), refusal(503, "busy"), refusal(409, "wrong-offset")];

test("whatever the order of faults: whole and once, each byte sealed once, and memory bounded", async () => {
  const scripts = fc.array(fc.constantFrom(...FAULTS), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(scripts, fc.constantFrom(20_000, MIB + 5, 3 * MIB), fc.boolean(), async (faults, length, isSlow) => {
      const server = Object.assign(new TusServer(), { faults, partMs: isSlow ? 5000 : 0 });
      const one = begin(server, length);
      for (let tries = 0; !one.upload.done; tries++) {
        assert.ok(tries < 10);
        await one.run().catch((error) => assert.ok(error instanceof OfflineError || error instanceof ServerRefusedError));
      }
      assert.equal(Buffer.compare(server.held.get(hex(id)).content, one.blob), 0);
      assert.equal(server.held.size, 1);
      assert.equal(one.seen.taken, length);
    }),
    { numRuns: 60 },
  );
});
