/**
 * Parses certificates, revocation lists and signed objects (FORMAT sections of these names). Verifies nothing.
 *
 * Rule: everything parsed here is still untrusted; only crypto/signing.js makes it trusted.
 */
import { ascending, concat, hex, utf8 } from "./bytes.js";
import { INSTANCE_BYTES, Reader, u8 } from "./fields.js";
import { NUMBERS_PER_SERIAL, REVOCATION_LISTS_MAX, SERIAL_MAX } from "../limits.js";

export const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
const CERTIFICATE_MAX_BYTES = 512;

/** @type {Readonly<Record<string, string>>} what a station signs, by magic */
const LABELS = {
  DBXK: "keys",
  DBXA: "board",
  DBXP: "receipts",
  DBXR: "return",
  DBXS: "statistics",
  DBXI: "dossier",
  DBXL: "log statement",
};

/** @param {string} magic */
const opening = (magic) => concat(utf8(magic), u8(1));

/** @typedef {ReturnType<typeof parseCertificate>} Certificate which key may sign for a desk, and on which days */

/** @param {Uint8Array} untrustedBody throws MalformedError */
export function parseCertificate(untrustedBody) {
  const reader = new Reader(untrustedBody, "certificate");
  reader.expect(opening("DBXC"));
  const certificate = {
    instance: reader.take(INSTANCE_BYTES),
    desk: reader.desk(),
    station: reader.take(PUBLIC_KEY_BYTES),
    first: reader.uint(4),
    last: reader.uint(4),
    serial: reader.uint(4),
  };
  const flags = reader.uint(1);
  reader.end();
  if (flags > 3) reader.fail("unknown flags");
  if (certificate.serial < 1 || certificate.serial > SERIAL_MAX) reader.fail("no such serial");
  return Object.freeze({ ...certificate, demo: (flags & 1) === 1, successor: (flags & 2) === 2 });
}

/**
 * @param {number} serial
 * @param {number} number
 * @returns {boolean} whether the certificate of that serial gives its station the number
 */
export const isNumberOf = (serial, number) =>
  number > (serial - 1) * NUMBERS_PER_SERIAL && number <= serial * NUMBERS_PER_SERIAL;

/** @param {Uint8Array} untrusted lp(body) ‖ signature; throws MalformedError */
export function splitCertificate(untrusted) {
  const reader = new Reader(untrusted, "certificate");
  const parts = { body: reader.lp(CERTIFICATE_MAX_BYTES), signature: reader.take(SIGNATURE_BYTES) };
  reader.end();
  return parts;
}

/** @param {Uint8Array} untrusted throws MalformedError */
export function parseObject(untrusted) {
  const reader = new Reader(untrusted, "signed object");
  const label = LABELS[String.fromCharCode(...reader.take(4))];
  if (label === undefined) reader.fail("not of a kind that a station signs");
  const parts = {
    label,
    certificate: reader.lp(CERTIFICATE_MAX_BYTES),
    body: reader.lp(),
    signature: reader.take(SIGNATURE_BYTES),
  };
  reader.end();
  return parts;
}

/** @typedef {ReturnType<typeof readHead>} Head the first fields of every body that a station signs */

/** @param {Reader} reader */
export function readHead(reader) {
  return {
    instance: reader.take(INSTANCE_BYTES),
    desk: reader.desk(),
    number: reader.uint(4),
    made: reader.uint(4), // day
  };
}

/** @param {Uint8Array} untrusted throws MalformedError; the signature is not verified here */
export function parseRevocations(untrusted) {
  const outer = new Reader(untrusted, "revocations");
  outer.expect(utf8("DBXV"));
  const body = outer.lp();
  const signature = outer.take(SIGNATURE_BYTES);
  outer.end();
  const reader = new Reader(body, "revocations");
  reader.expect(opening("DBXV"));
  const instance = reader.take(INSTANCE_BYTES);
  const [number, made] = [reader.uint(4), reader.uint(4)];
  const pairs = Array.from({ length: reader.uint(2) }, () => ({
    key: reader.take(PUBLIC_KEY_BYTES),
    day: reader.uint(4),
  }));
  reader.end();
  if (!ascending(pairs.map(({ key }) => key))) reader.fail("keys are not ascending");
  if (number < 1 || number > REVOCATION_LISTS_MAX) reader.fail("no such number");
  if (pairs.some(({ day }) => day > made)) reader.fail("a key was revoked after the list was made");
  return { instance, number, made, keys: pairs.map(({ key }) => hex(key)), body, signature };
}
