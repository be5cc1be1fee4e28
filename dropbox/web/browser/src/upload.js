/**
 * A tus 1.0 client for one sealed blob (tus.io: core, creation, termination), over fetch and in parts.
 *
 * Rule: a sealed chunk is kept until the server has acknowledged it, and sent again as the same bytes. So memory is
 * bounded by one part, a broken connection costs at most that part, and pausing is nothing but not calling `run` again.
 * Firefox cannot stream a request's body: parts it is.
 */
import { DropboxError } from "./errors.js";
import { concat } from "./fields.js";

const KIB = 1024;
export const PART_MIN_BYTES = 256 * KIB; // what a slow line carries between two breaks
export const PART_MAX_BYTES = 4 * KIB * KIB;
export const WHOLE_MAX_BYTES = KIB * KIB; // up to this, creation and content are one request (the server's row)
export const RETRIES_MAX = 8; // in a row, without one byte more: about three minutes
const DELAY_MIN_MS = 1000;
const DELAY_MAX_MS = 60_000;
const REQUEST_MS = 300_000; // Tor stalls for a minute; the server drops a silent connection after five
const QUICK_MS = 4000; // a part that took less may be larger next time

const ENDPOINT = "/unggah";
const ADDRESS = /^\/unggah\/[0-9a-f]{32}$/;
const PASSING = ["busy", "send-again", "wrong-offset"]; // refusals that may be gone in a moment

/** The server's no, with the key of its text. */
export class ServerRefusedError extends DropboxError {
  /** @param {string} key of the server's messages @param {number} [afterMs] what it asks to wait */
  constructor(key, afterMs = 0) {
    super(`the server refused: ${key}`);
    this.key = key;
    this.afterMs = afterMs;
  }
}

/** No answer, or none that this protocol knows. */
export class OfflineError extends DropboxError {}

/** The server has forgotten what it had of this upload: the blob must be sealed and sent anew. */
export class LostUploadError extends DropboxError {}

/**
 * @typedef {object} Transport the world outside; tests bring their own
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} sleep rejects when aborted
 * @property {() => number} now milliseconds
 */

/**
 * @typedef {object} Promised what a creation says of a blob
 * @property {Uint8Array} id
 * @property {Uint8Array} digest
 * @property {number} length
 */

/**
 * @typedef {object} Watch
 * @property {AbortSignal} signal ends `run` with an AbortError; what was acknowledged stays so
 * @property {(acknowledged: number) => void} [onProgress]
 * @property {() => void} [onRetry] the connection broke, and `run` is waiting
 */

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** @param {AbortSignal} signal */
function stopIfAborted(signal) {
  if (signal.aborted) throw new DOMException("stopped", "AbortError");
}

/** @type {Transport} */
export const BROWSER = {
  fetch: (url, init) => globalThis.fetch(url, init),
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        globalThis.removeEventListener("online", end);
        signal.aborted ? reject(new DOMException("stopped", "AbortError")) : resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
      globalThis.addEventListener("online", end); // the network is back: no need to wait
      if (signal.aborted) end();
    }),
};

/**
 * One request of the protocol, without anything that tells browsers apart.
 *
 * @param {Transport} transport
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {Uint8Array | null} body
 * @param {AbortSignal} signal
 * @returns {Promise<Response>} a success; throws ServerRefusedError, OfflineError or AbortError
 */
async function ask(transport, method, url, headers, body, signal) {
  stopIfAborted(signal);
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, REQUEST_MS);
  signal.addEventListener("abort", stop);
  /** @type {Response} */
  let answer;
  try {
    answer = await transport.fetch(url, {
      method,
      headers: { "Tus-Resumable": "1.0.0", ...headers },
      body: /** @type {BodyInit | null} */ (body),
      signal: controller.signal,
      cache: "no-store",
      credentials: "omit",
      mode: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    stopIfAborted(signal);
    throw new OfflineError("no answer");
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
  if (answer.ok) return answer;
  const key = answer.headers.get("Dropbox-Error");
  if (!key) throw new OfflineError("an answer of somebody else"); // a proxy's or a gateway's
  throw new ServerRefusedError(key, 1000 * Number(answer.headers.get("Retry-After") ?? 0));
}

/** One blob on its way. */
export class Upload {
  /**
   * @param {Promised} promised
   * @param {AsyncIterator<Uint8Array> | Iterator<Uint8Array>} source the sealed blob, piece by piece; read once
   * @param {Transport} [transport]
   */
  constructor(promised, source, transport = BROWSER) {
    this.promised = promised;
    this.acknowledged = 0;
    this.done = false;
    /** @private */ this.source = source;
    /** @private */ this.transport = transport;
    /** @private */ this.address = "";
    /** @private @type {Uint8Array} */ this.pending = new Uint8Array(); // sealed; its first byte is number `acknowledged`
    /** @private */ this.partBytes = PART_MIN_BYTES;
    /** @private */ this.doubtful = false; // whether the server must be asked how much it has
  }

  /**
   * Send what is left. After any error it can be called again, and goes on.
   *
   * @param {Watch} watch
   * @returns {Promise<void>} when the server holds the blob; throws ServerRefusedError, OfflineError (after retries),
   *   LostUploadError, AbortError, and what the source throws
   */
  async run({ signal, onProgress = () => {}, onRetry = () => {} }) {
    let failures = 0;
    while (!this.done) {
      const before = this.acknowledged;
      try {
        await this.step(signal);
      } catch (error) {
        this.doubtful = this.address !== "";
        if (!(error instanceof OfflineError || (error instanceof ServerRefusedError && PASSING.includes(error.key)))) throw error;
        failures += 1;
        if (failures > RETRIES_MAX) throw error;
        this.partBytes = PART_MIN_BYTES;
        onRetry();
        const delay = Math.min(DELAY_MIN_MS * 2 ** (failures - 1), DELAY_MAX_MS) * (0.5 + Math.random() / 2);
        await this.transport.sleep(error instanceof ServerRefusedError ? Math.max(delay, error.afterMs) : delay, signal);
        continue;
      }
      if (this.acknowledged > before || this.done) {
        failures = 0;
        onProgress(this.acknowledged);
      }
    }
  }

  /** Tell the server that the rest will not come; that it does not answer is no matter. */
  async end() {
    if (this.address && !this.done) await this.forget(this.address, new AbortController().signal);
    this.pending = new Uint8Array();
  }

  /** @private @param {AbortSignal} signal */
  step(signal) {
    if (!this.address) return this.begin(signal);
    return this.doubtful ? this.resume(signal) : this.part(signal);
  }

  /** @private @param {AbortSignal} signal */
  async begin(signal) {
    const whole = this.promised.length <= WHOLE_MAX_BYTES;
    if (whole) await this.fill(this.promised.length);
    const answer = await this.create(whole ? this.pending : null, signal);
    const address = addressOf(answer);
    if (whole || isHeld(answer)) {
      this.finish();
      if (!whole) await this.forget(address, signal);
    } else {
      this.address = address;
    }
  }

  /** @private @param {Uint8Array | null} body @param {AbortSignal} signal */
  create(body, signal) {
    const { id, digest, length } = this.promised;
    const headers = { "Upload-Length": `${length}`, "Upload-Metadata": `id ${base64(id)},digest ${base64(digest)}` };
    const typed = body ? { "Content-Type": "application/offset+octet-stream" } : {};
    return ask(this.transport, "POST", ENDPOINT, { ...headers, ...typed }, body, signal);
  }

  /** @private @param {AbortSignal} signal */
  async part(signal) {
    const { transport } = this;
    await this.fill(this.partBytes);
    const body = this.pending.subarray(0, this.partBytes);
    const headers = { "Upload-Offset": `${this.acknowledged}`, "Content-Type": "application/offset+octet-stream" };
    const started = transport.now();
    const answer = await ask(transport, "PATCH", this.address, headers, body, signal);
    this.advance(offsetOf(answer));
    if (transport.now() - started < QUICK_MS) this.partBytes = Math.min(2 * this.partBytes, PART_MAX_BYTES);
  }

  /** @private @param {AbortSignal} signal */
  async resume(signal) {
    try {
      const answer = await ask(this.transport, "HEAD", this.address, {}, null, signal);
      this.advance(offsetOf(answer));
      this.doubtful = false;
    } catch (error) {
      if (!(error instanceof ServerRefusedError && error.key === "upload-unknown")) throw error;
      // Complete, with its acknowledgement lost on the way, or forgotten: a second creation tells which.
      const again = await this.create(null, signal);
      await this.forget(addressOf(again), signal);
      if (!isHeld(again)) throw new LostUploadError("the server has forgotten this upload");
      this.finish();
    }
  }

  /** @private @param {number} wanted bytes */
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

  /** @private @param {number} offset so much the server has */
  advance(offset) {
    const fresh = offset - this.acknowledged;
    if (!(fresh >= 0 && fresh <= this.pending.length)) throw new LostUploadError("the server has something else");
    this.acknowledged = offset;
    this.pending = this.pending.subarray(fresh);
    if (offset === this.promised.length) this.finish();
  }

  /** @private */
  finish() {
    this.done = true;
    this.acknowledged = this.promised.length;
    this.pending = new Uint8Array();
  }

  /** @private @param {string} address @param {AbortSignal} signal */
  async forget(address, signal) {
    try {
      await ask(this.transport, "DELETE", address, {}, null, signal);
    } catch {
      // It expires by itself.
    }
  }
}

/** @param {Response} answer */
const isHeld = (answer) => answer.headers.get("Dropbox-Outcome") === "already-held";

/** @param {Response} answer @returns {string} throws OfflineError for an address elsewhere */
function addressOf(answer) {
  const address = answer.headers.get("Location") ?? "";
  if (!ADDRESS.test(address)) throw new OfflineError("an answer of somebody else");
  return address;
}

/** @param {Response} answer */
function offsetOf(answer) {
  const offset = answer.headers.get("Upload-Offset") ?? "";
  if (!/^[0-9]+$/.test(offset)) throw new OfflineError("an answer of somebody else");
  return Number(offset);
}
