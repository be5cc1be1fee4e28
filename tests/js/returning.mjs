// FORMAT "Return", the steps of an importer, written for the tests alone: no page reads one.
import { parseBoard } from "../../dropbox/web/browser/src/wire/board.js";
import { compare } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader } from "../../dropbox/web/browser/src/wire/fields.js";
import { sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { parseKeyBundle } from "../../dropbox/web/browser/src/wire/keyring.js";
import { parseObject } from "../../dropbox/web/browser/src/wire/signed.js";
import { openObject, openRevocations } from "../../dropbox/web/browser/src/crypto/signing.js";
import { parseReceipts, parseReturn, parseStatistics } from "./bundle.mjs";
import { StageError } from "./opener.mjs";

const PARSERS = { keys: parseKeyBundle, board: parseBoard, receipts: parseReceipts, statistics: parseStatistics };
const stop = (stage, why) => {
  throw new StageError(stage, why);
};

export async function checkReturn(trust, untrusted) {
  const reader = new Reader(untrusted, "return");
  const outer = await openObject(trust, untrusted, "return");
  const returned = parseReturn(outer.body);
  const { made, keys: revoked } = await openRevocations(trust.anchor, returned.revocations);
  if (made > trust.today + 1 || trust.today - made > 100) stop("list", "not of these days");
  const all = { ...trust, revoked: new Set([...trust.revoked, ...revoked]) };
  const { certificate } = parseObject(untrusted);
  await openObject(all, untrusted, "return"); // once more, now that the list is known
  /** @type {Record<string, any[]>} */
  const found = { keys: [], board: [], receipts: [], statistics: [] };
  for (const item of returned.objects) {
    const { label, certificate: shown } = parseObject(item);
    if (!found[label]) stop("label", "a kind that does not belong here");
    if (compare(shown, certificate)) stop("certificate", "another one");
    const dated = label === "keys" ? { ...all, ahead: outer.certificate.last } : all; // the newest one alone: checkKeys
    const { body } = await openObject(dated, item, label);
    found[label].push({ body, ...PARSERS[label](body) });
  }
  checkKeys(reader, all, outer.certificate.serial, found.keys, returned.keys);
  found.board.sort((one, other) => one.shard - other.shard);
  for (const [at, { shard, shards, head }] of found.board.entries()) {
    const [first] = found.board;
    const isOne = shards === first.shards && head.number === first.head.number && head.made === first.head.made;
    if (shard !== at || !isOne) reader.fail("shards of several boards, or one twice");
  }
  if (found.board.length && found.board.length !== found.board[0].shards) reader.fail("a shard is missing");
  if (found.statistics.length > 1) reader.fail("statistics twice");
  return { keys: found.keys.map(({ head }) => head.number) };
}

function checkKeys(reader, trust, serial, bundles, carried) {
  if (!bundles.length) return carried.size && reader.fail("keys without a bundle");
  bundles.sort((one, other) => one.head.number - other.head.number);
  for (const [at, { head, previous }] of bundles.entries()) {
    if (head.number !== (serial - 1) * 65536 + 1 + at) reader.fail("a bundle is missing, or there twice");
    if (head.number === 1 && previous.some((byte) => byte)) reader.fail("number 1 follows nothing");
  }
  for (const [at, { previous }] of bundles.entries()) {
    if (at && compare(previous, sha256(bundles[at - 1].body))) stop("chain", "another one before it");
  }
  const { epochs, head } = bundles[bundles.length - 1];
  if (head.made > trust.today + trust.ahead) stop("made", "made on a day still to come");
  for (const [epoch, key] of carried) {
    if (!epochs.has(epoch) || compare(epochs.get(epoch), sha256(key))) stop("key", "another one");
  }
  return carried.size === epochs.size || reader.fail("a key is missing");
}
