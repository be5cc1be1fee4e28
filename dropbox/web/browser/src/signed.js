/**
 * FORMAT "Certificate", "Revocation", "Signed object": the grammar around signatures. Verifies nothing.
 *
 * Rule: everything parsed here is still untrusted; only signing.js turns it into something to act upon.
 */
import { INSTANCE_BYTES, Reader, concat, u8, utf8 } from "./fields.js";
import { RETURN_ITEMS_MAX } from "./limits.js";

export const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
const CERTIFICATE_MAX_BYTES = 512;

/** @type {Readonly<Record<string, string>>} what a station signs, by magic */
const LABELS = { DBXK: "keys", DBXA: "board", DBXP: "receipts", DBXR: "return", DBXS: "statistics" };

/** @param {string} magic */
const opening = (magic) => concat(utf8(magic), u8(1));

/** @typedef {ReturnType<typeof parseCertificate>} Certificate who may sign for a desk, from which day to which */

/** @param {Uint8Array} untrustedBody */
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
    demo: false,
  };
  const flags = reader.uint(1);
  reader.end();
  if (flags > 1) reader.fail("unknown flags");
  return Object.freeze({ ...certificate, demo: flags === 1 });
}

/** @param {Uint8Array} untrusted lp(body) ‖ signature */
export function splitCertificate(untrusted) {
  const reader = new Reader(untrusted, "certificate");
  const parts = { body: reader.lp(CERTIFICATE_MAX_BYTES), signature: reader.take(SIGNATURE_BYTES) };
  reader.end();
  return parts;
}

/** @param {Uint8Array} untrusted */
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

/** @typedef {ReturnType<typeof readHead>} Head how every station-signed body opens */

/** @param {Reader} reader */
export function readHead(reader) {
  return {
    instance: reader.take(INSTANCE_BYTES),
    desk: reader.desk(),
    number: reader.uint(4),
    made: reader.uint(4), // day
  };
}

/** @param {Uint8Array} untrusted the list, its body and its signature, which is not verified here */
export function parseRevocations(untrusted) {
  const outer = new Reader(untrusted, "revocations");
  outer.expect(utf8("DBXV"));
  const body = outer.lp();
  const signature = outer.take(SIGNATURE_BYTES);
  outer.end();
  const reader = new Reader(body, "revocations");
  reader.expect(opening("DBXV"));
  const instance = reader.take(INSTANCE_BYTES);
  const number = reader.uint(4);
  const serials = Array.from({ length: reader.uint(2) }, () => reader.uint(4));
  reader.end();
  if (serials.some((serial, at) => at > 0 && serial <= serials[at - 1])) reader.fail("serials are not ascending");
  return { instance, number, serials, body, signature };
}

/**
 * u16(n) ‖ n × lp(signed object): how the server gives out key bundles and the shards of a board.
 *
 * @param {Reader} reader
 */
export function takeObjects(reader) {
  const count = reader.uint(2);
  if (count > RETURN_ITEMS_MAX) reader.fail("too many objects");
  return Array.from({ length: count }, () => reader.lp());
}
