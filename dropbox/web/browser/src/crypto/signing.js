/**
 * Verifies signatures, certificates and signed objects from the pinned root (FORMAT "Signatures" to "Signed object").
 *
 * Rule: a function here returns a verified value or throws; it returns no boolean that could be ignored.
 */
import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

import { UntrustedError } from "../errors.js";
import { compare, concat, hex, utf8 } from "../wire/bytes.js";
import { LABEL_ROOT, Reader, lp } from "../wire/fields.js";
import { labelledHash, sha256Bulk } from "./kdf.js";
import { CERTIFICATE_DAYS, READER_AHEAD_DAYS, REVOCATIONS_DAYS } from "../limits.js";
import { SIGNATURE_BYTES, isNumberOf, parseCertificate, parseObject, parseRevocations } from "../wire/signed.js";
import { readHead, splitCertificate } from "../wire/signed.js";

const ORDER = Point.CURVE().n;

/** @typedef {import("../wire/signed.js").Certificate} Certificate */
/** @typedef {import("../wire/signed.js").Head} Head */
/** @typedef {import("../wire/keyring.js").RootAnchor} RootAnchor */

/**
 * @typedef {object} Trust the input of every verification
 * @property {RootAnchor} anchor
 * @property {number} today UTC day number
 * @property {ReadonlySet<string>} revoked station keys, in hex
 * @property {number} [ahead] how many days after today a head may be dated
 */

/**
 * Verifies Ed25519 as FORMAT "Signatures" requires: S < L, no small-order or non-canonical point, [S]B = R + [k]A
 * without the cofactor. noble's own `verify` multiplies by the cofactor even with `zip215: false`.
 *
 * @type {(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean}
 */
function isValid(publicKey, message, signature) {
  try {
    const A = Point.fromBytes(publicKey, false);
    const R = Point.fromBytes(signature.subarray(0, 32), false);
    if (A.isSmallOrder() || R.isSmallOrder()) return false;
    const S = littleEndian(signature.subarray(32));
    if (S >= ORDER) return false;
    const k = littleEndian(sha512(concat(signature.subarray(0, 32), publicKey, message))) % ORDER;
    return Point.BASE.multiplyUnsafe(S).equals(R.add(A.multiplyUnsafe(k)));
  } catch {
    return false;
  }
}

/** @type {(label: string, instance: Uint8Array, bodyHash: Uint8Array) => Uint8Array} the bytes that Ed25519 signs */
export const signedMessage = (label, instance, bodyHash) =>
  concat(lp(utf8(`${LABEL_ROOT}sign/${label}`)), lp(instance), lp(bodyHash));

/** @param {Uint8Array} bytes */
const littleEndian = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/**
 * @param {Uint8Array} publicKey
 * @param {string} label
 * @param {Uint8Array} instance
 * @param {Uint8Array} body
 * @param {Uint8Array} signature
 * @returns {Promise<true>} or throws UntrustedError
 */
export async function verify(publicKey, label, instance, body, signature) {
  const message = signedMessage(label, instance, await sha256Bulk(body));
  if (signature.length !== SIGNATURE_BYTES || !isValid(publicKey, message, signature)) {
    throw new UntrustedError(`the signature of the ${label} is wrong`, "signature");
  }
  return true;
}

/**
 * @param {Uint8Array} anchorBytes the bytes of root.pub
 * @returns {Uint8Array} HASH("root fingerprint", root.pub)
 */
export const rootFingerprint = (anchorBytes) => labelledHash("root fingerprint", anchorBytes);

/**
 * @param {Trust} trust
 * @param {Uint8Array} untrusted lp(body) ‖ signature
 * @param {{dated?: boolean}} [options] dated: false accepts an expired one (an old board)
 * @returns {Promise<Certificate>} signed by the pinned root and valid; throws MalformedError or UntrustedError
 */
export async function verifyCertificate({ anchor, today, revoked }, untrusted, { dated = true } = {}) {
  const { body, signature } = splitCertificate(untrusted);
  await verify(anchor.key, "certificate", anchor.instance, body, signature);
  const certificate = parseCertificate(body);
  const { first, last } = certificate;
  if (compare(certificate.instance, anchor.instance)) refuse("instance", "the certificate is of another instance");
  if (certificate.demo !== anchor.demo) refuse("use", "the certificate is a demo and the root is not, or the reverse");
  if (last < first || last - first > CERTIFICATE_DAYS) refuse("days", "the certificate is made for too many days");
  if (revoked.has(hex(certificate.station))) refuse("revoked", "the certificate's key has been revoked");
  if (today > anchor.last) refuse("root-expired", "the root key has expired; a new ceremony is needed");
  if (dated && (today < first || today > last)) refuse("date", "the certificate does not hold today");
  return certificate;
}

/**
 * @typedef {object} VerifiedBody a body that its desk's station signed
 * @property {Certificate} certificate
 * @property {Head} head
 * @property {Uint8Array} body
 */

/**
 * @param {Trust} trust
 * @param {Uint8Array} untrusted
 * @param {string} label
 * @param {{dated?: boolean}} [options]
 * @returns {Promise<VerifiedBody>} throws MalformedError or UntrustedError
 */
export async function openObject(trust, untrusted, label, options) {
  const parsed = parseObject(untrusted);
  if (parsed.label !== label) refuse("label", `this is not a signed object of the kind ${label}`);
  const certificate = await verifyCertificate(trust, parsed.certificate, options);
  const head = readHead(new Reader(parsed.body, label));
  if (compare(head.instance, certificate.instance) || head.desk !== certificate.desk) {
    refuse("desk", "a station signed for another desk or instance than its own");
  }
  await verify(certificate.station, label, certificate.instance, parsed.body, parsed.signature);
  const { number, made } = head;
  if (!isNumberOf(certificate.serial, number))
    refuse("number", "a number that the certificate does not give its station");
  if (made < certificate.first || made > certificate.last) refuse("made", "made outside the days of its certificate");
  if (made > trust.today + (trust.ahead ?? READER_AHEAD_DAYS)) refuse("made", "made on a day still to come");
  return { certificate, head, body: parsed.body };
}

/**
 * @param {RootAnchor} anchor
 * @param {Uint8Array} untrusted
 * @returns {Promise<{number: number, made: number, keys: string[]}>} of any day; throws MalformedError or
 *   UntrustedError
 */
export async function openRevocations(anchor, untrusted) {
  const { instance, number, made, keys, body, signature } = parseRevocations(untrusted);
  await verify(anchor.key, "revocations", anchor.instance, body, signature);
  if (compare(instance, anchor.instance)) refuse("instance", "the revocations are of another instance");
  return { number, made, keys };
}

/**
 * Throws UntrustedError when a revocation list is too old, or from the future.
 *
 * @param {number} made day number of the list
 * @param {number} today UTC day number
 */
export function checkListDay(made, today) {
  if (made > today + READER_AHEAD_DAYS) refuse("list", "the list of revocations was made on a day still to come");
  if (today - made > REVOCATIONS_DAYS) refuse("list", "the list of revocations is old");
}

/** @type {(reason: string, message: string) => never} */
function refuse(reason, message) {
  throw new UntrustedError(message, reason);
}
