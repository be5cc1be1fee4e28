/**
 * Verifies the keyring file: from the pinned root to this week's key of every desk (FORMAT "Keyring file").
 *
 * Rule: one object that does not verify rejects the whole file, except that a desk with a revoked key has no slot. A
 * keyring with no desk that is open today is rejected too, so a Keyring can always be sealed to.
 */
import { RefusedError, UntrustedError, WrongClockError } from "../errors.js";
import { CLOCK_DOUBT_DAYS, DESKS_MAX, READER_AHEAD_DAYS } from "../limits.js";
import { takeObjects } from "../wire/bundle.js";
import { epochFirstDay, epochOf } from "../wire/calendar.js";
import { hex } from "../wire/bytes.js";
import { Reader } from "../wire/fields.js";
import { parseAnchor, parseKeyedBundle } from "../wire/keyring.js";
import { parseObject } from "../wire/signed.js";
import { openKeyedBundle } from "./key-bundle.js";
import { checkListDay, openRevocations, verifyCertificate } from "./signing.js";

/** @typedef {import("./signing.js").Trust} Trust */
/** @typedef {import("./sealing.js").Address} Address */

/**
 * @typedef {object} DeskKeys
 * @property {string} name
 * @property {import("../wire/signed.js").Certificate} certificate
 * @property {import("../wire/keyring.js").KeyBundle} bundle
 * @property {ReadonlyMap<number, Uint8Array>} keys those in the file, by epoch
 * @property {Uint8Array | null} key this week's, 1216 bytes; null while the desk is closed
 */

/** All desks in the order of their slots, verified for one day; at least one of them is open. */
export class Keyring {
  /**
   * @param {Trust} trust verifies boards as well
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
   * @returns {Address} for a message to that desk today; throws RefusedError when the desk is closed
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
 * @param {number} today UTC day number
 * @returns {Promise<Keyring>} throws MalformedError, UntrustedError or its subclass WrongClockError
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
  // Checked below: a clock that is years off, and revoked keys.
  const undated = { anchor, today: Math.min(today, anchor.last), revoked: new Set(), ahead: Infinity };
  /** @type {DeskKeys[]} */
  const desks = [];
  for (const untrusted of objects) {
    // An expired certificate closes its own desk only: its days are checked below.
    const { signed } = parseKeyedBundle(untrusted);
    const { station } = await verifyCertificate(undated, parseObject(signed).certificate, { dated: false });
    if (trust.revoked.has(hex(station))) continue; // no slot; what this key signed is ignored
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
  // The server sends the keys of its own days. If they are not of today's week, one of the two clocks is wrong.
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
  // Only one of several is ahead: this device's clock is right.
  if (desks.some(({ bundle }) => bundle.head.made > today + READER_AHEAD_DAYS)) {
    throw new UntrustedError("a key bundle was made on a day still to come", "made");
  }
}
