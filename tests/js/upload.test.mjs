// Uploads over a network that fails in every way: what was sealed arrives once and whole, or the reporter is told.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LostUploadError, OfflineError, ServerRefusedError } from "../../dropbox/web/browser/src/intake/tus.js";
import { fc } from "./dev.mjs";
import { TusServer, answerLost, cutAfter, dead, foreign, refusal } from "./tus_server.mjs";
import { BACK_OFF, MIB, PART_MAX, PART_MIN, PIECE, assertArrived, begin, blobOf, digest, id } from "./uploading.mjs";
import { hex } from "./vector_files.mjs";

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
    method,
    headers,
    cache: "no-store",
    credentials: "omit",
    mode: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
});

test("a large blob goes in parts, which grow on a quick line and stay small on a slow one", async () => {
  /** @type {[number, number[]][]} */
  const lines = [
    [10, [0, PART_MIN, 2 * PART_MIN, MIB, 2 * MIB, PART_MAX, PART_MAX]],
    [5000, [0, ...Array.from({ length: 24 }, () => PART_MIN)]],
  ];
  for (const [partMs, sizes] of lines) {
    const server = Object.assign(new TusServer(), { partMs });
    const one = begin(server, 20 * MIB);
    await one.run();
    assertArrived(server, one);
    assert.deepEqual(
      server.requests.slice(0, sizes.length).map(({ body }) => body?.length ?? 0),
      sizes,
    );
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

test("what the server holds already is sent like all else, since nobody hears what is held", async () => {
  for (const length of [20_000, 3 * MIB]) {
    const asked = [false, true].map(async (isHeld) => {
      const server = new TusServer();
      if (isHeld) server.held.set(hex(id), { digest: hex(digest), content: blobOf(length) });
      const one = begin(server, length);
      await one.run();
      assertArrived(server, one);
      return server.asked;
    });
    assert.equal(await asked[0], await asked[1]);
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
  /** @type {[(...request: any) => any, number][]} */
  const lines = [
    [answerLost, 3 * PART_MIN],
    [dead, PART_MIN],
  ];
  for (const [fault, offset] of lines) {
    const server = new TusServer();
    server.faults = [null, null, fault];
    const one = begin(server, 3 * MIB);
    await one.run();
    assertArrived(server, one);
    assert.equal(server.requests[4].headers["Upload-Offset"], `${offset}`);
    assert.equal(one.seen.taken, one.blob.length);
  }
});

test("the very last answer is lost: the upload is told to be lost, whether it was complete or not", async () => {
  const server = new TusServer();
  server.partMs = 5000;
  server.faults = [...Array(12).fill(null), answerLost];
  const one = begin(server, 3 * MIB);
  await assert.rejects(one.run(), LostUploadError);
  assert.ok(server.asked.endsWith("PATCH HEAD"));
  assert.equal(server.held.size, 1);
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
  server.faults = [
    null,
    ...Array(20)
      .fill([cutAfter(1000), null])
      .flat(),
  ];
  const one = begin(server, 3 * MIB);
  await one.run();
  assertArrived(server, one);
  assert.deepEqual(server.slept, Array(20).fill(500));
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

const FAULTS = [
  null,
  dead,
  answerLost,
  cutAfter(0),
  cutAfter(77_777),
  foreign(502),
  refusal(503, "busy"),
  refusal(409, "wrong-offset"),
];

test("whatever the order of faults: whole and once, or lost with its last answer; each byte sealed once", async () => {
  const scripts = fc.array(fc.constantFrom(...FAULTS), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      scripts,
      fc.constantFrom(20_000, MIB + 5, 3 * MIB),
      fc.boolean(),
      async (faults, length, isSlow) => {
        const server = Object.assign(new TusServer(), { faults, partMs: isSlow ? 5000 : 0 });
        const one = begin(server, length);
        let isLost = false;
        for (let tries = 0; !one.upload.done && !isLost; tries++) {
          assert.ok(tries < 10);
          await one.run().catch((error) => {
            isLost = error instanceof LostUploadError;
            assert.ok(isLost || error instanceof OfflineError || error instanceof ServerRefusedError);
          });
        }
        assert.equal(Buffer.compare(server.held.get(hex(id)).content, one.blob), 0);
        assert.equal(server.held.size, 1);
        assert.equal(one.seen.taken, length);
      },
    ),
    { numRuns: 60 },
  );
});
