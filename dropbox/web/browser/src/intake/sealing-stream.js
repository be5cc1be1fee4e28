/**
 * Seals and sends the messages of one form: each text and each file is a blob (FORMAT "Ids and digests").
 *
 * Rule: only sealed bytes, ids and digests reach the transport. The same message again has the same id and digest, and
 * is acknowledged again; a different message in the same place of the form is stored as well.
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
 * @typedef {object} From the reporter, the desk and the form of a Sender
 * @property {import("../crypto/secret.js").ReporterSecret} secret
 * @property {Pick<import("../crypto/keyring.js").Keyring, "instance" | "address">} keyring verified for today
 * @property {import("../crypto/sealing.js").Decoys} decoys
 * @property {string} desk
 * @property {"id" | "en"} lang in which the reporter wants to be answered
 * @property {number} day UTC day number of sealing
 * @property {Uint8Array} form 12 bytes
 * @property {import("./tus.js").Transport} [transport] absent where nothing is sent
 */

/** What all messages of one form share: the reporter's envelope and the desk's address. */
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
   * @param {number} index place of a file in the form
   * @returns {{nonce: Uint8Array, id: Uint8Array}} 16 bytes, and the 32 bytes under which the server stores the message
   */
  place(index) {
    const nonce = formNonce(this.form, index);
    return { nonce, id: this.envelope.keys.blobId(nonce) };
  }
}

/**
 * @param {Sender} sender
 * @param {"report" | "addition"} kind
 * @param {number} index place in the form
 * @param {import("../crypto/envelope.js").Typed} typed
 * @param {Watch} watch
 * @param {number} [attempt] how many texts of this place the server has acknowledged: it gives the desk their order
 * @returns {Promise<void>} resolves when the server has stored it; throws what Upload.run throws, and TooLargeError
 */
export async function sendText(sender, kind, index, typed, watch, attempt) {
  const { envelope, address, decoys, form, transport } = sender;
  const { id, digest, record } = envelope.text(kind, formNonce(form, index, attempt), typed);
  const blob = sealText(address, decoys, envelope.keys.authKey, record);
  await new Upload({ id, digest, length: blob.length }, [blob].values(), transport).run(watch);
}

/** @type {(sealer: Sealer, file: Blob) => AsyncGenerator<Uint8Array, void>} */
async function* sealed(sealer, file) {
  yield sealer.start();
  for await (const piece of bytesOf(file)) yield* sealer.update(piece);
  yield* sealer.finish();
}

/** One file that is sealed and sent: call `run`; after a pause or an error, call it again, and it continues. */
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
   * @param {Watch & {onSending?: () => void, onShare?: (share: number) => void}} watch onSending: the file
   *   was read once; onShare: how much of it the server has, 0 to 1
   * @returns {Promise<void>} resolves when the server has stored it; throws what Upload.run throws, TooLargeError and
   *   FileUnreadableError
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

  /** Cancels the upload. */
  async end() {
    await this.upload?.end();
    this.upload = null;
  }

  /** @private A half-sealed file cannot be continued: the next `run` reads and seals it from the beginning. */
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
