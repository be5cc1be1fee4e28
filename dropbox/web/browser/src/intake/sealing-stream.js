/**
 * Seals and sends the messages of one form: each text and each file a blob of its own (FORMAT "Ids and digests").
 *
 * Rule: nothing but sealed bytes, ids and digests reaches the transport. The same message again is the same id and
 * digest, and is acknowledged again; another one in the same place of the form is kept beside it.
 */
import { blobLength } from "../wire/blob.js";
import { Envelope, sealedName } from "../crypto/envelope.js";
import { encodeRecord } from "../wire/fields.js";
import { bucketFor } from "../wire/padding.js";
import { Sealer, sealText } from "../crypto/sealing.js";
import { formNonce } from "../crypto/secret.js";
import { FileUnreadableError, TYPE_MAX, bytesOf } from "./file-bytes.js";
import { LostUploadError } from "./tus.js";
import { Upload } from "./tus-retry.js";

/** @typedef {import("./tus-retry.js").Watch} Watch */

/**
 * @typedef {object} From whom one form's messages come from, and where they go
 * @property {import("../crypto/secret.js").ReporterSecret} secret
 * @property {Pick<import("../crypto/keyring.js").Keyring, "instance" | "address">} keyring verified for today
 * @property {import("../crypto/sealing.js").Decoys} decoys
 * @property {string} desk
 * @property {"id" | "en"} lang in which the reporter wants to be answered
 * @property {number} day UTC day number of sealing
 * @property {Uint8Array} form 12 bytes
 * @property {import("./tus.js").Transport} [transport] absent where nothing is sent
 */

/** To whom and from whom: what all messages of one form share. */
export class Sender {
  /** @param {From} from throws RefusedError when the desk has no key for today */
  constructor({ secret, keyring, decoys, desk, lang, day, form, transport }) {
    this.envelope = new Envelope(secret.keys(keyring.instance, desk), desk, lang, day);
    this.address = keyring.address(desk);
    this.decoys = decoys;
    this.form = form;
    this.transport = /** @type {import("./tus.js").Transport} */ (transport);
  }

  /**
   * @param {number} index place in the form
   * @param {number} [attempt] how many messages of this place were sent before
   * @returns {{nonce: Uint8Array, id: Uint8Array}} 16 bytes, and the 32 bytes under which the server stores the message
   */
  place(index, attempt) {
    const nonce = formNonce(this.form, index, attempt);
    return { nonce, id: this.envelope.keys.blobId(nonce) };
  }
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
  const { nonce, id } = sender.place(index, attempt);
  const blob = sealText(address, decoys, envelope.keys.authKey, envelope.record(kind, nonce, typed));
  const promised = { id, digest: envelope.textDigest(kind, typed).value(id), length: blob.length };
  await new Upload(promised, [blob].values(), transport).run(watch);
}

/** @type {(sealer: Sealer, file: Blob) => AsyncGenerator<Uint8Array, void>} */
async function* sealed(sealer, file) {
  yield sealer.start();
  for await (const piece of bytesOf(file)) yield* sealer.update(piece);
  yield* sealer.finish();
}

/** One file on its way: `run` until it returns; after a pause or a failure `run` again goes on where it was. */
export class FileStream {
  /**
   * @param {Sender} sender
   * @param {number} index place in the form, from 1
   * @param {File} file
   */
  constructor(sender, index, file) {
    this.name = sealedName(file.name);
    /** @private */ this.type = file.type.slice(0, TYPE_MAX);
    /** @private */ this.sender = sender;
    /** @private */ this.index = index;
    /** @private */ this.file = file;
    /**
     * @private
     * @type {import("../crypto/thread-keys.js").ContentDigest | null}
     */
    this.digest = null;
    /**
     * @private
     * @type {Upload | null}
     */
    this.upload = null;
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

  /**
   * @private
   * @param {AbortSignal} signal
   */
  async read(signal) {
    const digest = this.sender.envelope.fileDigest(this.name, this.type);
    for await (const piece of bytesOf(this.file)) {
      if (signal.aborted) throw new DOMException("stopped", "AbortError");
      digest.update(piece);
    }
    return digest;
  }

  /**
   * @private
   * @param {import("../crypto/thread-keys.js").ContentDigest} digest
   */
  begin(digest) {
    const { envelope, address, decoys, transport } = this.sender;
    const { nonce, id } = this.sender.place(this.index);
    const record = envelope.record("file", nonce, { name: this.name, type: this.type });
    const sealer = new Sealer(address, decoys, envelope.keys.authKey, record);
    const recordBytes = encodeRecord(new Map(record).set("member", new Uint8Array(32))).length;
    const length = blobLength(address.slots, bucketFor(4 + recordBytes + this.file.size));
    return new Upload({ id, digest: digest.value(id), length }, sealed(sealer, this.file), transport);
  }
}
