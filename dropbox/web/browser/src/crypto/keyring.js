/**
 * FORMAT "Root anchor", "Key bundle", "Carried keys" and "Keyring file": from the pinned root down to the key of this week.
 *
 * Rule: one object that does not verify refuses the whole file (a revoked one has no slot), and a keyring under which
 * nothing can be sealed today is none; what is returned can be sealed to.
 */
import { MalformedError, RefusedError, UntrustedError, WrongClockError } from "../errors.js";
import { HASH_BYTES, Reader, compare, hex, text } from "../wire/fields.js";
import { epochFirstDay, epochOf } from "../wire/calendar.js";
import { sha256Bulk } from "./kdf.js";
import { EPOCH_KEY_BYTES } from "./kem.js";
import { CLOCK_DOUBT_DAYS, DESKS_MAX, READER_AHEAD_DAYS } from "../limits.js";
import { parseObject, readHead, takeObjects } from "../wire/signed.js";
import { checkListDay, openObject, openRevocations, verifyCertificate } from "./signing.js";

/** @typedef {import("./signing.js").Trust} Trust */
/** @typedef {import("./sealing.js").Address} Address */

const EPOCHS_MAX = 64;
const ANCHOR = new RegExp(
  "^dropbox root key v1\ninstance: ([0-9a-f]{32})\nkey: ([0-9a-f]{64})\nuse: (real|demo)\n" +
    "not after: (0|[1-9][0-9]{0,6})\n$",
);

/** @param {string} hex */
const unhex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @typedef {ReturnType<typeof parseAnchor>} RootAnchor the pinned root */

/** @param {string} untrusted the text of root.pub */
export function parseAnchor(untrusted) {
  const match = ANCHOR.exec(untrusted);
  if (!match) throw new MalformedError("root.pub is not a root key of version 1");
  const [, instance, key, use, last] = match;
  return Object.freeze({ instance: unhex(instance), key: unhex(key), demo: use === "demo", last: Number(last) });
}

/** @typedef {ReturnType<typeof parseKeyBundle>} KeyBundle the numbered list of a desk's epoch keys, by their hashes */

/** @param {Uint8Array} untrustedBody */
export function parseKeyBundle(untrustedBody) {
  const reader = new Reader(untrustedBody, "key bundle");
  const head = readHead(reader);
  const previous = reader.take(HASH_BYTES);
  const epochs = takeByEpoch(reader, HASH_BYTES);
  reader.end();
  if (!epochs.size) reader.fail("no epoch");
  return { head, previous, epochs };
}

/** @param {Uint8Array} untrusted a signed key bundle, and beside it some of its keys, or none */
export function parseKeyedBundle(untrusted) {
  const reader = new Reader(untrusted, "keyed bundle");
  const keyed = { signed: reader.lp(), keys: takeKeys(reader) };
  reader.end();
  return keyed;
}

/** @param {Reader} reader @returns {Map<number, Uint8Array>} not to be used before each was found in a signed bundle */
export const takeKeys = (reader) => takeByEpoch(reader, EPOCH_KEY_BYTES);

/** @type {(reader: Reader, size: number) => Map<number, Uint8Array>} */
function takeByEpoch(reader, size) {
  const count = reader.uint(1);
  if (count > EPOCHS_MAX) reader.fail("number of epochs");
  const values = new Map();
  for (let last = -1; values.size < count; ) {
    const epoch = reader.uint(4);
    if (epoch <= last) reader.fail("epochs are not ascending");
    values.set(epoch, reader.take(size));
    last = epoch;
  }
  return values;
}

/**
 * @param {Trust} trust
 * @param {Uint8Array} untrusted a keyed bundle
 * @returns {Promise<import("./signing.js").VerifiedBody & {bundle: KeyBundle, keys: Map<number, Uint8Array>}>} also under
 *   a certificate whose days are over; throws MalformedError or UntrustedError, this too for a key that is not named
 */
export async function openKeyedBundle(trust, untrusted) {
  const { signed, keys } = parseKeyedBundle(untrusted);
  const opened = await openObject(trust, signed, "keys", { dated: false });
  const bundle = parseKeyBundle(opened.body);
  for (const [epoch, key] of keys) {
    const named = bundle.epochs.get(epoch);
    if (!named || compare(named, await sha256Bulk(key))) {
      throw new UntrustedError("a key is none of those that the key bundle names", "key");
    }
  }
  return { ...opened, bundle, keys };
}

/**
 * @typedef {object} DeskKeys
 * @property {string} name
 * @property {import("../wire/signed.js").Certificate} certificate
 * @property {KeyBundle} bundle
 * @property {ReadonlyMap<number, Uint8Array>} keys those that came, by epoch
 * @property {Uint8Array | null} key this week's, or null: the desk is closed today
 */

/** All desks in the order of their slots, verified for one day; at least one of them is open. */
export class Keyring {
  /**
   * @param {Trust} trust also good for the boards
   * @param {readonly DeskKeys[]} desks
   */
  constructor(trust, desks) {
    this.trust = trust;
    this.instance = trust.anchor.instance;
    this.revoked = trust.revoked;
    this.desks = desks;
  }

  /**
   * @param {string} name
   * @returns {Address} where a message to that desk goes today; throws RefusedError when it is closed
   */
  address(name) {
    const slot = this.desks.findIndex((desk) => desk.name === name);
    const key = this.desks[slot]?.key;
    if (!key) throw new RefusedError("this desk cannot be addressed today");
    return { instance: this.instance, epoch: epochOf(this.trust.today), slots: this.desks.length, slot, key };
  }
}

/**
 * @param {Uint8Array} packed the keyring file
 * @param {string} anchorText of the pinned root.pub
 * @param {number} today UTC day
 * @returns {Promise<Keyring>} throws MalformedError, UntrustedError or its kind WrongClockError
 */
export async function verifyKeyring(packed, anchorText, today) {
  const anchor = parseAnchor(anchorText);
  const reader = new Reader(packed, "keyring");
  const objects = takeObjects(reader);
  const revocations = reader.lp();
  reader.end();
  if (objects.length < 1 || objects.length > DESKS_MAX) reader.fail("number of desks");
  const list = await openRevocations(anchor, revocations);
  /** @type {Trust} */
  const trust = { anchor, today, revoked: new Set(list.keys) };
  // A clock years off is told apart below, and so is who was revoked.
  const undated = { anchor, today: Math.min(today, anchor.last), revoked: new Set(), ahead: Infinity };
  /** @type {DeskKeys[]} */
  const desks = [];
  for (const untrusted of objects) {
    // A certificate whose days are over closes its desk and no other: the day is looked at below.
    const { signed } = parseKeyedBundle(untrusted);
    const { station } = await verifyCertificate(undated, parseObject(signed).certificate, { dated: false });
    if (trust.revoked.has(hex(station))) continue; // such a desk has no slot; what its key signed is not looked at
    const { certificate, head, bundle, keys } = await openKeyedBundle(undated, untrusted);
    if (desks.length && head.desk <= desks[desks.length - 1].name) reader.fail("desks are not ascending");
    const holds = certificate.first <= today && today <= certificate.last;
    const key = (holds && keys.get(epochOf(today))) || null;
    desks.push({ name: head.desk, certificate, bundle, keys, key });
  }
  if (!desks.length) throw new UntrustedError("every certificate has been revoked", "revoked");
  checkDay(desks, today);
  checkListDay(list.made, today);
  if (today > anchor.last) throw new UntrustedError("the root key has expired", "root-expired");
  if (desks.every(({ key }) => key === null)) throw closedError(desks, today);
  return new Keyring(trust, desks);
}

/** @type {(desks: readonly DeskKeys[], today: number) => UntrustedError} */
function closedError(desks, today) {
  // The server gives out the keys of its own days: others than those that this clock asks for.
  const other = desks.find(({ bundle, keys }) => keys.size && bundle.epochs.has(epochOf(today)));
  if (!other || other.keys.has(epochOf(today))) return new UntrustedError("no desk has a key that holds today", "date");
  const epochs = [...other.keys.keys()];
  const [first, last] = [epochFirstDay(epochs[0]), epochFirstDay(epochs[epochs.length - 1] + 1) - 1];
  return new WrongClockError(today, first, last, "epoch");
}

/** @type {(desks: readonly DeskKeys[], today: number) => void} */
function checkDay(desks, today) {
  const first = Math.min(...desks.map(({ certificate }) => certificate.first));
  const last = Math.max(...desks.map(({ certificate }) => certificate.last));
  const made = Math.min(...desks.map(({ bundle }) => bundle.head.made));
  if (today < made - READER_AHEAD_DAYS || today < first - CLOCK_DOUBT_DAYS || today > last + CLOCK_DOUBT_DAYS) {
    throw new WrongClockError(today, Math.max(first, made), last);
  }
  // One of several is ahead: the clock is not what is wrong.
  if (desks.some(({ bundle }) => bundle.head.made > today + READER_AHEAD_DAYS)) {
    throw new UntrustedError("a key bundle was made on a day still to come", "made");
  }
}

/** @param {Uint8Array} bytes root.pub as fetched or embedded @returns {RootAnchor} */
export const parseAnchorBytes = (bytes) => parseAnchor(text(bytes));
