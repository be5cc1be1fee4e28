/**
 * Parses the public keys of the inspectorate (FORMAT "Root anchor", "Key bundle" and "Carried keys"). Verifies nothing.
 *
 * Rule: a carried key may be used only after crypto/key-bundle.js found its hash in a signed key bundle.
 */
import { MalformedError } from "../errors.js";
import { HASH_BYTES, Reader, text } from "./fields.js";
import { readHead } from "./signed.js";

export const EPOCH_KEY_BYTES = 1216;
const EPOCHS_MAX = 64;
const ANCHOR = new RegExp(
  "^dropbox root key v1\ninstance: ([0-9a-f]{32})\nkey: ([0-9a-f]{64})\nuse: (real|demo)\n" +
    "not after: (0|[1-9][0-9]{0,6})\n$",
);

/** @param {string} hex */
const unhex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** @typedef {ReturnType<typeof parseAnchor>} RootAnchor the pinned root */

/** @param {string} untrusted the text of root.pub; throws MalformedError */
export function parseAnchor(untrusted) {
  const match = ANCHOR.exec(untrusted);
  if (!match) throw new MalformedError("root.pub is not a root key of version 1");
  const [, instance, key, use, last] = match;
  return Object.freeze({ instance: unhex(instance), key: unhex(key), demo: use === "demo", last: Number(last) });
}

/** @typedef {ReturnType<typeof parseKeyBundle>} KeyBundle the numbered list of the hashes of a desk's epoch keys */

/** @param {Uint8Array} untrustedBody throws MalformedError */
export function parseKeyBundle(untrustedBody) {
  const reader = new Reader(untrustedBody, "key bundle");
  const head = readHead(reader);
  const previous = reader.take(HASH_BYTES);
  const epochs = takeByEpoch(reader, HASH_BYTES);
  reader.end();
  if (!epochs.size) reader.fail("no epoch");
  return { head, previous, epochs };
}

/** @param {Uint8Array} untrusted a signed key bundle and some of its keys, or none; throws MalformedError */
export function parseKeyedBundle(untrusted) {
  const reader = new Reader(untrusted, "keyed bundle");
  const keyed = { signed: reader.lp(), keys: takeKeys(reader) };
  reader.end();
  return keyed;
}

/**
 * @param {Reader} reader
 * @returns {Map<number, Uint8Array>} by epoch, 1216 bytes each; unverified; throws MalformedError
 */
export const takeKeys = (reader) => takeByEpoch(reader, EPOCH_KEY_BYTES);

/** @type {(reader: Reader, size: number) => Map<number, Uint8Array>} */
function takeByEpoch(reader, size) {
  const count = reader.uint(1);
  if (count > EPOCHS_MAX) reader.fail("number of epochs");
  const values = new Map();
  for (let last = -1; values.size < count;) {
    const epoch = reader.uint(4);
    if (epoch <= last) reader.fail("epochs are not ascending");
    values.set(epoch, reader.take(size));
    last = epoch;
  }
  return values;
}

/**
 * @param {Uint8Array} bytes of root.pub; throws MalformedError
 * @returns {RootAnchor}
 */
export const parseAnchorBytes = (bytes) => parseAnchor(text(bytes));
