/**
 * Sends one sealed blob in parts, and tries again after errors (a tus 1.0 client: core, creation, termination).
 *
 * Rule: a sealed chunk is kept until the server has acknowledged it, and sent again as the same bytes. So memory is
 * bounded by one part, and a broken connection costs at most that part. Pausing means not calling `run` again. Firefox
 * cannot stream a request's body, hence the parts.
 */
import { concat } from "../wire/bytes.js";
import {
  LostUploadError,
  OfflineError,
  ServerRefusedError,
  addressOf,
  append,
  ask,
  create,
  offsetOf,
  terminate,
} from "./tus.js";

const KIB = 1024;
const PART_MIN_BYTES = 256 * KIB; // what a slow connection carries before it breaks
const PART_MAX_BYTES = 4 * KIB * KIB;
const WHOLE_MAX_BYTES = KIB * KIB; // up to this size, one request creates and fills the upload (a row of the store)
const RETRIES_MAX = 8; // in a row without progress: about three minutes
const DELAY_MIN_MS = 1000;
const DELAY_MAX_MS = 60_000;
const QUICK_MS = 4000; // after a faster part, the next one may be larger
/** @type {Uint8Array} */
const NOTHING = new Uint8Array();
// Refusals that may pass soon; then the server is asked how much of the upload it has.
const PASSING = ["busy", "send-again", "wrong-offset", "upload-unknown"];

/** @typedef {import("./tus.js").Transport} Transport */
/** @typedef {import("./tus.js").Promised} Promised */

/**
 * @typedef {object} Watch
 * @property {AbortSignal} signal ends `run` with an AbortError; acknowledged bytes stay acknowledged
 * @property {(acknowledged: number) => void} [onProgress]
 * @property {() => void} [onRetry] the connection broke, and `run` is waiting
 */

/** The upload of one blob. */
export class Upload {
  /**
   * @param {Promised} promised
   * @param {AsyncIterator<Uint8Array> | Iterator<Uint8Array>} source pieces of the sealed blob; read once
   * @param {Transport} transport
   */
  constructor(promised, source, transport) {
    this.promised = promised;
    this.acknowledged = 0;
    this.done = false;
    /** @private */ this.source = source;
    /** @private */ this.transport = transport;
    /** @private */ this.address = "";
    /** @private */ this.pending = NOTHING; // sealed bytes from offset `acknowledged` on
    /** @private */ this.sent = 0; // offset of the first byte that was never sent
    /** @private */ this.partBytes = PART_MIN_BYTES;
    /** @private */ this.doubtful = false; // whether to ask the server how much it has
  }

  /**
   * Sends the rest. After any error it can be called again, and continues.
   *
   * @param {Watch} watch
   * @returns {Promise<void>} when the server has stored the blob; throws ServerRefusedError, OfflineError (after
   *   retries), LostUploadError, AbortError, and what the source throws
   */
  async run({ signal, onProgress = () => {}, onRetry = () => {} }) {
    const { transport } = this;
    let failures = 0;
    while (!this.done) {
      const before = this.acknowledged;
      try {
        await this.step(signal);
      } catch (error) {
        this.doubtful = this.address !== "";
        if (!(error instanceof OfflineError || (error instanceof ServerRefusedError && PASSING.includes(error.key))))
          throw error;
        failures += 1;
        if (failures > RETRIES_MAX) throw error;
        this.partBytes = PART_MIN_BYTES;
        onRetry();
        const delay = Math.min(DELAY_MIN_MS * 2 ** (failures - 1), DELAY_MAX_MS) * (0.5 + transport.jitter() / 2);
        await transport.sleep(error instanceof ServerRefusedError ? Math.max(delay, error.afterMs) : delay, signal);
        continue;
      }
      if (this.acknowledged > before || this.done) {
        failures = 0;
        onProgress(this.acknowledged);
      }
    }
  }

  /** Tells the server that the rest will not come; its answer does not matter. */
  async end() {
    if (this.address && !this.done) await terminate(this.transport, this.address);
    this.pending = NOTHING;
  }

  /**
   * @private
   * @param {AbortSignal} signal
   */
  step(signal) {
    if (!this.address) return this.begin(signal);
    return this.doubtful ? this.resume(signal) : this.part(signal);
  }

  /**
   * @private
   * @param {AbortSignal} signal
   */
  async begin(signal) {
    const { length } = this.promised;
    const whole = length <= WHOLE_MAX_BYTES;
    if (whole) await this.fill((this.sent = length));
    const answer = await create(this.transport, this.promised, whole ? this.pending : null, signal);
    const [address, offset] = [addressOf(answer), offsetOf(answer)];
    this.advance(offset, this.sent); // a proxy may have passed the creation on without its body
    this.address = address;
  }

  /**
   * @private
   * @param {AbortSignal} signal
   */
  async part(signal) {
    const { transport } = this;
    await this.fill(this.partBytes);
    const body = this.pending.subarray(0, this.partBytes);
    const started = transport.now();
    const end = this.acknowledged + body.length;
    this.sent = Math.max(this.sent, end);
    const offset = offsetOf(await append(transport, this.address, this.acknowledged, body, signal));
    if (offset === this.acknowledged) throw new OfflineError("the server took nothing");
    this.advance(offset, end);
    if (transport.now() - started < QUICK_MS) this.partBytes = Math.min(2 * this.partBytes, PART_MAX_BYTES);
  }

  /**
   * @private
   * @param {AbortSignal} signal
   */
  async resume(signal) {
    try {
      const answer = await ask(this.transport, "HEAD", this.address, {}, null, signal);
      this.advance(offsetOf(answer), this.sent);
      this.doubtful = false;
    } catch (error) {
      if (!(error instanceof ServerRefusedError && error.key === "upload-unknown")) throw error;
      // Expired; or complete, and only the acknowledgement was lost. The server does not say which, because nobody may
      // ask what it stores. A new upload has the same id and digest, so the server keeps one.
      throw new LostUploadError("the server does not know this upload");
    }
  }

  /**
   * @private
   * @param {number} wanted bytes
   */
  async fill(wanted) {
    const most = Math.min(wanted, this.promised.length - this.acknowledged);
    const pieces = [this.pending];
    let held = this.pending.length;
    try {
      while (held < most) {
        const { value, done } = await this.source.next();
        if (done) throw new Error("a blob is shorter than was promised");
        pieces.push(value);
        held += value.length;
      }
    } finally {
      this.pending = concat(...pieces);
    }
  }

  /**
   * @private
   * @param {number} offset how many bytes the server has
   * @param {number} most how many it can have
   */
  advance(offset, most) {
    const fresh = offset - this.acknowledged;
    if (fresh < 0 || offset > most) throw new LostUploadError("the server has something else");
    this.acknowledged = offset;
    this.pending = this.pending.subarray(fresh);
    if (offset === this.promised.length) this.finish();
  }

  /** @private */
  finish() {
    this.done = true;
    this.acknowledged = this.promised.length;
    this.pending = NOTHING;
  }
}
