/**
 * Seals a text and files into the pieces of one container (FORMAT "Container"), to be uploaded from another network.
 *
 * Rule: sealed pieces only; the same ids and digests as if each blob had been sent alone, so that the server keeps one.
 */
import { sealedName } from "../crypto/envelope.js";
import { Sealer, sealText } from "../crypto/sealing.js";
import { formNonce } from "../crypto/secret.js";
import { TYPE_MAX, bytesOf } from "../intake/file-bytes.js";
import { SealedEntry } from "../wire/container.js";

/** @typedef {import("../intake/sealing-stream.js").Sender} Sender */

/** @type {(id: Uint8Array, digest: Uint8Array, blob: Uint8Array[]) => Uint8Array[]} */
function entry(id, digest, blob) {
  const length = blob.reduce((sum, piece) => sum + piece.length, 0);
  return [new SealedEntry(id, digest, length).encode(), ...blob];
}

/**
 * @param {Sender} sender
 * @param {"report" | "addition"} kind
 * @param {import("../crypto/envelope.js").Typed} typed
 * @returns {Uint8Array[]} pieces of the container; throws TooLargeError
 */
export function packText(sender, kind, typed) {
  const { envelope, address, decoys, form } = sender;
  const { id, digest, record } = envelope.text(kind, formNonce(form, 0), typed);
  return entry(id, digest, [sealText(address, decoys, envelope.keys.authKey, record)]);
}

/**
 * @param {Sender} sender
 * @param {number} index place in the form, from 1
 * @param {File} file
 * @returns {Promise<Uint8Array[]>} pieces of the container; throws FileUnreadableError or TooLargeError
 */
export async function packFile(sender, index, file) {
  const { envelope, address, decoys } = sender;
  const { nonce, id } = sender.place(index);
  const [name, type] = [sealedName(file.name), file.type.slice(0, TYPE_MAX)];
  const digest = envelope.fileDigest(name, type);
  const sealer = new Sealer(address, decoys, envelope.keys.authKey, envelope.record("file", nonce, { name, type }));
  const blob = [sealer.start()];
  for await (const piece of bytesOf(file)) {
    digest.update(piece);
    blob.push(...sealer.update(piece));
  }
  blob.push(...sealer.finish());
  return entry(id, digest.value(id), blob);
}
