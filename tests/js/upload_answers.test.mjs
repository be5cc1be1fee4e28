// What a server, or something between, answers to an upload: who is believed, who is waited for, and what is told.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LostUploadError, OfflineError, ServerRefusedError } from "../../dropbox/web/browser/src/intake/tus.js";
import { TusServer, dead, foreign, refusal } from "./tus_server.mjs";
import { BACK_OFF, MIB, PART_MIN, assertArrived, begin } from "./uploading.mjs";

test("a creation that took less than all is no acknowledgement", async () => {
  const server = new TusServer();
  const stripped = (request, there) => there.serve({ ...request, body: null }); // by a proxy
  server.faults = [stripped];
  const one = begin(server, 20_000);
  await one.run();
  assertArrived(server, one);
  assert.equal(server.asked, "POST PATCH");
});

test("an upload that the server has forgotten is lost, whether it is noticed by asking or by sending", async () => {
  for (const faults of [
    [null, null, dead],
    [null, null],
  ]) {
    const server = new TusServer();
    server.faults = faults;
    server.onRequest = () => server.requests.length === 3 && server.uploads.clear();
    const one = begin(server, 3 * MIB);
    await assert.rejects(one.run(), LostUploadError);
    assert.ok(server.asked.endsWith("HEAD"));
    assert.deepEqual([server.uploads.size, server.held.size], [0, 0]);
  }
});

test("a server that asks to wait is given the time, and nonsense is not", async () => {
  const nonsense = ["Wed, 21 Oct 2015 07:28:00 GMT", "-5", "1e999", "0.5"];
  for (const asked of ["60", ...nonsense]) {
    const waited = asked === "60" ? 60_000 : 1000;
    const server = new TusServer();
    server.faults = [refusal(503, "busy", { "Retry-After": asked })];
    const one = begin(server, 20_000);
    await one.run();
    assertArrived(server, one);
    assert.deepEqual(server.slept, [waited], asked);
  }
});

test("refusals that pass are waited for", async () => {
  for (const [status, key] of [
    [409, "wrong-offset"],
    [400, "send-again"],
    [503, "busy"],
  ]) {
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
    [403, "cross-site"],
    [413, "too-large"],
    [415, "unsupported"],
    [422, "blob-refused"],
    [422, "epoch-ended"],
    [503, "closed"],
    [507, "storage-full"],
    [507, "files-closed"],
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
