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

const OF_DAYS = ["list", "root-expired", "made", "date"]; // reasons that another day would remove

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
 * @typedef {object} KeyringFile a keyring file that was split and not verified
 * @property {Reader} reader
 * @property {readonly Uint8Array[]} objects
 * @property {Uint8Array} revocations
 */

/**
 * @param {Uint8Array} packed the keyring file
 * @param {string} anchorText of the pinned root.pub
 * @param {number} today UTC day number
 * @returns {Promise<Keyring>} throws MalformedError, UntrustedError or its subclass WrongClockError
 */
export async function verifyKeyring(packed, anchorText, today) {
  const anchor = parseAnchor(anchorText);
  const reader = new Reader(packed, "keyring");
  const file = { reader, objects: takeObjects(reader), revocations: reader.lp() };
  reader.end();
  if (file.objects.length < 1 || file.objects.length > DESKS_MAX) reader.fail("number of desks");
  try {
    return await verifyFile(file, anchor, today);
  } catch (error) {
    const isOfDays = error instanceof UntrustedError && OF_DAYS.includes(error.reason);
    throw (isOfDays && (await clockError(file, anchor, today).catch(() => null))) || error;
  }
}

/** @type {(file: KeyringFile, anchor: Trust["anchor"], today: number) => Promise<Keyring>} in FORMAT's order */
async function verifyFile(file, anchor, today) {
  const list = await openRevocations(anchor, file.revocations);
  checkListDay(list.made, today);
  const revoked = new Set(list.keys);
  const desks = await desksOf(file, { anchor, today, revoked: new Set() }, revoked, today);
  if (desks.every(({ key }) => key === null)) throw new UntrustedError("no desk has a key that holds today", "date");
  return new Keyring({ anchor, today, revoked }, desks);
}

/** @type {(file: KeyringFile, trust: Trust, revoked: ReadonlySet<string>, today: number) => Promise<DeskKeys[]>} */
async function desksOf({ reader, objects }, trust, revoked, today) {
  /** @type {DeskKeys[]} */
  const desks = [];
  for (const untrusted of objects) {
    // An expired certificate closes its own desk only: the key is null then.
    const { signed } = parseKeyedBundle(untrusted);
    const { station } = await verifyCertificate(trust, parseObject(signed).certificate, { dated: false });
    if (revoked.has(hex(station))) continue; // no slot; what this key signed is ignored
    const { certificate, head, bundle, keys } = await openKeyedBundle(trust, untrusted);
    const holds = certificate.first <= today && today <= certificate.last;
    const key = (holds && keys.get(epochOf(today))) || null;
    desks.push({ name: head.desk, certificate, bundle, keys, key });
  }
  if (!desks.length) throw new UntrustedError("every certificate has been revoked", "revoked");
  if (desks.some(({ name }, at) => at > 0 && name <= desks[at - 1].name)) reader.fail("desks are not ascending");
  return desks;
}

/**
 * Says whether the file would be good on another day than this device's, which is then wrong about the day.
 *
 * @type {(file: KeyringFile, anchor: Trust["anchor"], today: number) => Promise<WrongClockError | null>}
 */
async function clockError(file, anchor, today) {
  const undated = { anchor, today: Math.min(today, anchor.last), revoked: new Set(), ahead: Infinity };
  const { keys } = await openRevocations(anchor, file.revocations);
  const desks = await desksOf(file, undated, new Set(keys), today);
  const first = Math.min(...desks.map(({ certificate }) => certificate.first));
  const last = Math.max(...desks.map(({ certificate }) => certificate.last));
  const made = Math.min(...desks.map(({ bundle }) => bundle.head.made));
  if (today < made - READER_AHEAD_DAYS || today < first - CLOCK_DOUBT_DAYS || today > last + CLOCK_DOUBT_DAYS) {
    return new WrongClockError(today, Math.max(first, made), last);
  }
  if (desks.some(({ bundle }) => bundle.head.made > today + READER_AHEAD_DAYS)) return null; // one desk's own fault
  // The server sends the keys of its own days. If they are not of today's week, one of the two clocks is wrong.
  const other = desks.find(({ bundle, keys: carried }) => carried.size && bundle.epochs.has(epochOf(today)));
  if (!other || other.keys.has(epochOf(today))) return null;
  const epochs = [...other.keys.keys()];
  const days = [epochFirstDay(epochs[0]), epochFirstDay(epochs[epochs.length - 1] + 1) - 1];
  return new WrongClockError(today, days[0], days[1], "epoch");
}
