// Keyring file, boards file, held list: what is good is used, all else is refused for the reason that the page shows.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as api from "./api.mjs";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { encodeRecord, lp, u16, u32, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { EPOCH, Inspectorate, TODAY, dummies, packed } from "./inspectorate.mjs";
import { open } from "./opener.mjs";
import { trustFor } from "../../dropbox/web/browser/src/page/published.js";

const here = new Inspectorate();
const keyring = (choices, more, today = TODAY) => api.verifyKeyring(here.keyring(choices, more), here.anchor, today);
const refused = (promise, type, reason) =>
  assert.rejects(
    promise,
    (/** @type {any} */ error) => error instanceof type && (reason === undefined || error.reason === reason),
  );

test("a good keyring gives every desk's key of this week in its slot", async () => {
  const ring = await keyring();
  assert.deepEqual(
    ring.desks.map(({ name }) => name),
    ["irjen", "itjen"],
  );
  assert.deepEqual(ring.instance, here.instance);
  const address = ring.address("itjen");
  assert.deepEqual([address.slot, address.slots, address.epoch], [1, 2, EPOCH]);
  assert.deepEqual(address.key, here.epochs.itjen.public);
  assert.throws(() => ring.address("lain"), api.RefusedError);
});

test("every byte of a keyring counts", async () => {
  const good = here.keyring();
  for (let at = 0; at < good.length; at += 97) {
    const bad = good.slice();
    bad[at] ^= 1;
    await assert.rejects(api.verifyKeyring(bad, here.anchor, TODAY), api.DropboxError, `byte ${at}`);
  }
  await refused(api.verifyKeyring(concat(good, u8(0)), here.anchor, TODAY), api.MalformedError);
  await refused(api.verifyKeyring(good.subarray(0, -1), here.anchor, TODAY), api.MalformedError);
});

test("another root, a demo under a real root and an expired root are refused", async () => {
  await refused(api.verifyKeyring(here.keyring(), new Inspectorate().anchor, TODAY), api.UntrustedError, "signature");
  await refused(keyring({ demo: true }), api.UntrustedError, "use");
  const ended = new Inspectorate({ last: TODAY - 1 });
  await refused(api.verifyKeyring(ended.keyring(), ended.anchor, TODAY), api.UntrustedError, "root-expired");
  const demo = new Inspectorate({ demo: true });
  assert.equal((await api.verifyKeyring(demo.keyring(), demo.anchor, TODAY)).trust.anchor.demo, true);
});

test("a desk out of date keeps its slot and is closed; with all of them the keyring is refused", async () => {
  const ring = await keyring({}, { irjen: { last: TODAY - 1, made: TODAY - 1 } });
  assert.equal(ring.desks[0].key, null);
  assert.throws(() => ring.address("irjen"), api.RefusedError);
  assert.equal(ring.address("itjen").slot, 1);
  assert.equal((await keyring({}, { irjen: { first: TODAY + 1, made: TODAY + 1 } })).desks[0].key, null);
  assert.equal((await keyring({}, { itjen: { epochs: [EPOCH - 1, EPOCH + 1] } })).desks[1].key, null);
  assert.equal((await keyring({}, { irjen: { carried: [] } })).desks[0].key, null);
  assert.equal((await keyring({}, { itjen: { carried: [EPOCH + 1] } })).desks[1].key, null);
  assert.equal((await keyring({ carried: [EPOCH] })).address("itjen").slot, 1);
  await refused(keyring({ carried: [] }), api.UntrustedError, "date");
  await refused(keyring({ carried: [EPOCH + 1] }), api.WrongClockError, "epoch");
  await refused(keyring({ carried: [EPOCH + 1], epochs: [EPOCH + 1] }), api.UntrustedError, "date");
  await refused(keyring({}, { irjen: { carried: [EPOCH, EPOCH + 5] } }), api.UntrustedError, "key");
  await refused(keyring({ last: TODAY - 1 }), api.UntrustedError, "date");
  await refused(keyring({ epochs: [EPOCH + 1] }), api.UntrustedError, "date");
  await refused(keyring({ first: TODAY - 101, last: TODAY }), api.UntrustedError, "days");
});

test("a revoked desk has no slot", async () => {
  const ring = await keyring({}, { revoked: ["irjen"] });
  assert.deepEqual(
    ring.desks.map(({ name }) => name),
    ["itjen"],
  );
  assert.deepEqual([ring.address("itjen").slot, ring.address("itjen").slots], [0, 1]);
  await refused(keyring({}, { revoked: ["irjen", "itjen"] }), api.UntrustedError, "revoked");
  const other = await keyring({}, { revoked: ["irjen"], irjen: { serial: 9, last: TODAY - 1, carried: [EPOCH + 9] } });
  assert.equal(other.desks.length, 1); // under whatever serial, out of date as well, whatever it signed
});

test("desks twice or out of order are refused, and none at all", async () => {
  const [one, other] = [here.keyed("irjen"), here.keyed("itjen")];
  for (const objects of [[other, one], [one, one], []]) {
    const file = concat(packed(objects), lp(here.revocations([])));
    await refused(api.verifyKeyring(file, here.anchor, TODAY), api.MalformedError);
  }
});

test("a clock that is far off is told apart from a keyring that is late", async () => {
  const days = { first: TODAY - 10, last: TODAY + 60 };
  for (const wrong of [0, TODAY - 41, TODAY - 4, TODAY + 91, TODAY + 5000]) {
    await refused(keyring(days, {}, wrong), api.WrongClockError, "clock");
  }
  const error = await keyring(days, {}, 10957).catch((caught) => caught);
  assert.deepEqual([error.today, error.first, error.last], [10957, TODAY - 1, TODAY + 60]);
  await refused(keyring(days, {}, TODAY + 61), api.UntrustedError, "date");
  await refused(keyring({ first: TODAY, made: TODAY }, {}, TODAY - 2), api.UntrustedError, "date");
});

test("one key bundle of a day to come refuses the file, also beside one of today", async () => {
  assert.equal((await keyring({ made: TODAY }, { itjen: { made: TODAY + 2 } })).desks.length, 2);
  await refused(keyring({ made: TODAY }, { itjen: { made: TODAY + 3 } }), api.UntrustedError, "made");
});

const secret = api.newSecret();
const keys = secret.keys(here.instance, "itjen");
const record = (values) => encodeRecord(new Map(Object.entries(values)));
const timeline = (...entries) => concat(u16(entries.length), ...entries.map((entry) => lp(record(entry))));
const entry = (text, day = TODAY - 2) => ({ day: u32(day), kind: utf8("message"), text: utf8(text) });
const answer = (text) => timeline({ day: u32(TODAY - 5), kind: utf8("received"), texts: u32(1) }, entry(text));
const boards = async (...desks) => api.parseBoards((await keyring()).trust, packed(desks.map(packed)));

test("one's own timelines are found on the boards of all desks, and nobody else's", async () => {
  const long = "Jawaban panjang. ".repeat(900);
  const itjen = here.board("itjen", [...here.cells("itjen", keys, answer(long)), ...dummies(55)], { shards: 4 });
  const irjen = here.board("irjen", [...here.cells("irjen", keys, answer("ya")), ...dummies(63)], {
    first: TODAY - 20,
    made: TODAY - 11,
  });
  const opened = api.findAnswers(await boards(irjen, itjen), () => keys);
  assert.deepEqual(
    opened.map(({ desk, old }) => [desk, old]),
    [
      ["irjen", true],
      ["itjen", false],
    ],
  );
  assert.equal(opened[1].entries[1].text, long);
  assert.deepEqual(opened[0].entries[0], {
    day: TODAY - 5,
    kind: "received",
    status: "",
    text: "",
    next: 0,
    texts: 1,
    files: 0,
  });
  const stranger = api.newSecret().keys(here.instance, "itjen");
  assert.deepEqual(
    api.findAnswers(await boards(irjen, itjen), () => stranger),
    [],
  );
});

test("a board that is not whole, not one, or out of order is refused", async () => {
  const cells = dummies(64);
  const four = here.board("itjen", cells, { shards: 4 });
  await refused(boards(four.slice(1)), api.MalformedError);
  await refused(boards(four.slice(0, 3)), api.MalformedError);
  await refused(boards([four[1], four[0], four[2], four[3]]), api.MalformedError);
  await refused(
    boards([...four.slice(0, 3), here.board("itjen", cells, { shards: 4, number: 6 })[3]]),
    api.MalformedError,
  );
  const otherDay = here.board("itjen", cells, { shards: 4, made: TODAY });
  await refused(boards([...four.slice(0, 3), otherDay[3]]), api.MalformedError);
  await refused(boards([]), api.MalformedError);
  const [low, high] = [dummies(2), dummies(2)].map((some, at) => some.map((cell) => cell.fill(at, 0, 1)));
  assert.equal((await boards(here.board("itjen", [], { runs: [low, high] }))).length, 1);
  await refused(boards(here.board("itjen", [], { runs: [high, low] })), api.MalformedError);
  await refused(boards(here.board("itjen", [], { runs: [low, low] })), api.MalformedError);
  const [irjen, itjen] = [here.board("irjen", cells), here.board("itjen", cells)];
  await refused(boards(itjen, irjen), api.MalformedError);
  await refused(boards(itjen, itjen), api.MalformedError);
  await refused(boards([irjen[0], itjen[0]]), api.MalformedError);
  assert.deepEqual(await boards(), []);
});

test("a board's certificate may be over, not revoked", async () => {
  const late = here.board("itjen", dummies(64), { last: TODAY - 1 });
  assert.equal((await boards(late)).length, 1);
  const { trust } = await keyring({}, { revoked: ["itjen"] });
  const other = here.board("irjen", dummies(64));
  const read = await api.parseBoards(trust, packed([packed(other), packed(late)]));
  assert.deepEqual(
    read.map(({ desk }) => desk),
    ["irjen"],
  );
});

test("a keyring's list of revocations is there, not of a day to come, and not old", async () => {
  const days = { first: TODAY - 1, last: TODAY + 60, made: TODAY };
  assert.ok(await keyring(days, { list: { made: TODAY - 100 } }));
  assert.ok(await keyring(days, { list: { made: TODAY + 2 } }));
  await refused(keyring(days, { list: { made: TODAY - 101 } }), api.UntrustedError, "list");
  await refused(keyring(days, { list: { made: TODAY + 3 } }), api.UntrustedError, "list");
  const none = concat(packed([here.keyed("irjen")]), lp(new Uint8Array()));
  await refused(api.verifyKeyring(none, here.anchor, TODAY), api.MalformedError);
});

test("boards are read without an open desk, but not with a list that is old or of a day to come", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: TODAY * 86_400_000 });
  const boardsTrust = (list, last, more) =>
    trustFor(here.keyring({ first: TODAY - 90, last, made: TODAY - 90, ...more }, { list }), here.anchor);
  const late = await boardsTrust({ made: TODAY - 1 }, TODAY - 1);
  assert.equal(late.why?.reason, "date");
  for (const [made, last] of [
    [TODAY - 101, TODAY + 10],
    [TODAY + 3, TODAY + 10],
  ]) {
    await refused(boardsTrust({ made }, last), api.UntrustedError, "list");
  }
  const next = { carried: [EPOCH + 1] };
  assert.equal((await boardsTrust({ made: TODAY }, TODAY + 10, next)).why?.reason, "epoch");
  await refused(boardsTrust({ made: TODAY + 3 }, TODAY + 10, next), api.WrongClockError, "epoch");
});

test("parts that disagree on their number give no shortened answer", async () => {
  const data = answer("x".repeat(5000));
  const three = here.cells("itjen", keys, data);
  const two = here.cells("itjen", keys, data.subarray(0, 4088));
  const mixed = await boards(here.board("itjen", [three[0], two[1], three[2]]));
  assert.throws(() => api.findAnswers(mixed, () => keys), { name: "Error", reason: "part" });
  const missing = await boards(here.board("itjen", [three[0], three[2]]));
  assert.throws(() => api.findAnswers(missing, () => keys), api.DamagedError);
});

test("an envelope's messages open at the desk, join the thread, and carry what was typed", async () => {
  const ring = await keyring();
  const envelope = new api.Envelope(keys, "itjen", "id", TODAY);
  const typed = { channel: "wbs", category: "korupsi", what: "„Uang pelicin“ 🙏", who: "seksi", where: "kantor" };
  const nonce = api.formNonce(api.FIRST_FORM, 0, 0);
  const blob = api.sealText(
    ring.address("itjen"),
    new api.Decoys(),
    keys.authKey,
    envelope.record("report", nonce, typed),
  );
  assert.equal(blob.length, api.blobLength(2, 16384));
  const opened = open(blob, here.instance, "itjen", here.epochs.itjen);
  assert.ok(opened.isMember);
  for (const [name, value] of Object.entries(typed)) assert.deepEqual(opened.record.get(name), utf8(value));
  assert.throws(() => open(blob, here.instance, "irjen", here.epochs.irjen), { stage: "not-for-this-key" });
  const digest = envelope.textDigest("report", typed).value(keys.blobId(nonce));
  assert.notDeepEqual(digest, envelope.textDigest("report", { ...typed, who: "lain" }).value(keys.blobId(nonce)));
});
