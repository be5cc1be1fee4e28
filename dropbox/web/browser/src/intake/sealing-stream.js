/**
 * Seals and sends the messages of one form: each text and each file a blob of its own (FORMAT "Ids and digests").
 *
 * Rule: nothing but sealed bytes, ids and digests reaches the transport. The same message again is the same id and
 * digest, and is acknowledged again; another one in the same place of the form is kept beside it.
 */
import { blobLength } from "../wire/blob.js";
import { sealedName } from "../crypto/envelope.js";
import { DropboxError } from "../errors.js";
import { encodeRecord } from "../wire/fields.js";
import { bucketFor } from "../wire/padding.js";
import { Sealer, sealText } from "../crypto/sealing.js";
import { formNonce } from "../crypto/secret.js";
import { LostUploadError } from "./tus.js";
import { Upload } from "./tus-retry.js";

export const TYPE_MAX = 100;

/** @typedef {import("./tus-retry.js").Watch} Watch */

/** A file cannot be read any more, or is another than before. */
export class FileUnreadableError extends DropboxError {}

/**
 * @typedef {object} Sender to whom and from whom, for one form
 * @property {import("../crypto/envelope.js").Envelope} envelope
 * @property {import("../crypto/sealing.js").Address} address
 * @property {import("../crypto/sealing.js").Decoys} decoys
 * @property {Uint8Array} form 12 bytes
 * @property {import("./tus.js").Transport} transport
 */

/** @type {(sender: Sender, index: number, attempt?: number) => {nonce: Uint8Array, id: Uint8Array}} */
function placeOf({ envelope, form }, index, attempt) {
  const nonce = formNonce(form, index, attempt);
  return { nonce, id: envelope.keys.blobId(nonce) };
}

/**
 * @param {Sender} sender
 * @param {"report" | "addition"} kind
 * @param {number} index place in the form
 * @param {import("../crypto/envelope.js").Typed} typed
 * @param {Watch} watch
 * @param {number} [attempt] how many texts the server has already acknowledged in this place, so that the desk sees their order
 * @returns {Promise<void>} when the server holds it; throws what Upload.run throws, and TooLargeError
 */
export async function sendText(sender, kind, index, typed, watch, attempt) {
  const { envelope, address, decoys, transport } = sender;
  const { nonce, id } = placeOf(sender, index, attempt);
  const blob = sealText(address, decoys, envelope.keys.authKey, envelope.record(kind, nonce, typed));
  const promised = { id, digest: envelope.textDigest(kind, typed).value(id), length: blob.length };
  await new Upload(promised, [blob].values(), transport).run(watch);
}

/**
 * @param {Blob} file
 * @returns {AsyncGenerator<Uint8Array, void>} its bytes, exactly `file.size`; throws FileUnreadableError
 */
export async function* bytesOf(file) {
  const reader = file.stream().getReader();
  let left = file.size;
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(() => {
        throw new FileUnreadableError("a file cannot be read");
      });
      if (done) break;
      left -= value.length;
      if (left < 0) break;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (left !== 0) throw new FileUnreadableError("a file has changed");
}

/** @type {(sealer: Sealer, file: Blob) => AsyncGenerator<Uint8Array, void>} */
async function* sealed(sealer, file) {
  yield sealer.start();
  for await (const piece of bytesOf(file)) yield* sealer.update(piece);
  yield* sealer.finish();
}

/** One file on its way: `run` until it returns; after a pause or a failure `run` again goes on where it was. */
export class FileSending {
  /** @param {Sender} sender @param {number} index place in the form, from 1 @param {File} file */
  constructor(sender, index, file) {
    this.name = sealedName(file.name);
    /** @private */ this.type = file.type.slice(0, TYPE_MAX);
    /** @private */ this.sender = sender;
    /** @private */ this.index = index;
    /** @private */ this.file = file;
    /** @private @type {import("../crypto/thread-keys.js").ContentDigest | null} */ this.digest = null;
    /** @private @type {Upload | null} */ this.upload = null;
  }

  /**
   * @param {Watch & {onSending?: () => void, onShare?: (share: number) => void}} watch onSending: it has been read;
   *   onShare: how much of it the server has, 0 to 1
   * @returns {Promise<void>} when the server holds it
   */
  async run(watch) {
    this.digest ??= await this.read(watch.signal);
    watch.onSending?.();
    this.upload ??= this.begin(this.digest);
    const { length } = this.upload.promised;
    try {
      await this.upload.run({ ...watch, onProgress: (acknowledged) => watch.onShare?.(acknowledged / length) });
    } catch (error) {
      if (error instanceof LostUploadError) this.upload = null;
      if (error instanceof FileUnreadableError) await this.startOver();
      throw error;
    }
  }

  /** It will not be sent. */
  async end() {
    await this.upload?.end();
    this.upload = null;
  }

  /** @private What was sealed cannot be continued: the file is read and sealed anew when it can be read again. */
  async startOver() {
    await this.end();
    this.digest = null;
  }

  /** @private @param {AbortSignal} signal */
  async read(signal) {
    const digest = this.sender.envelope.fileDigest(this.name, this.type);
    for await (const piece of bytesOf(this.file)) {
      if (signal.aborted) throw new DOMException("stopped", "AbortError");
      digest.update(piece);
    }
    return digest;
  }

  /** @private @param {import("../crypto/thread-keys.js").ContentDigest} digest */
  begin(digest) {
    const { envelope, address, decoys, transport } = this.sender;
    const { nonce, id } = placeOf(this.sender, this.index);
    const record = envelope.record("file", nonce, { name: this.name, type: this.type });
    const sealer = new Sealer(address, decoys, envelope.keys.authKey, record);
    const recordBytes = encodeRecord(new Map(record).set("member", new Uint8Array(32))).length;
    const length = blobLength(address.slots, bucketFor(4 + recordBytes + this.file.size));
    return new Upload({ id, digest: digest.value(id), length }, sealed(sealer, this.file), transport);
  }
}
