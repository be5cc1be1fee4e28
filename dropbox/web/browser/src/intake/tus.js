/**
 * Makes the requests of tus 1.0 (tus.io: core, creation, termination), and reads their answers.
 *
 * Rule: an answer that is not of this protocol counts as no answer; nothing in a request distinguishes reporters.
 */
import { DropboxError } from "../errors.js";

const REQUEST_MS = 300_000; // Tor stalls for a minute; the server drops a silent connection after five
const ENDPOINT = "/unggah";
const ADDRESS = /^\/unggah\/[0-9a-f]{32}$/;
const BODY_TYPE = "application/offset+octet-stream";

/** The server refused, and gave the key of its message. */
export class ServerRefusedError extends DropboxError {
  /**
   * @param {string} key of the server's messages
   * @param {number} [afterMs] milliseconds that it asks to wait
   */
  constructor(key, afterMs = 0) {
    super(`the server refused: ${key}`);
    this.key = key;
    this.afterMs = afterMs;
  }
}

/** No answer, or one that is not of this protocol. */
export class OfflineError extends DropboxError {}

/** The server does not know this upload, or no longer: seal and send the blob again; the server keeps one. */
export class LostUploadError extends DropboxError {}

/**
 * @typedef {object} Transport network, clock and chance; tests have their own
 * @property {(url: string, init: RequestInit) => Promise<Response>} request
 * @property {(ms: number, signal: AbortSignal) => Promise<void>} sleep rejects when aborted
 * @property {() => number} now milliseconds
 * @property {() => number} jitter a random number from 0 to 1, so that not all retry at the same moment
 */

/**
 * @typedef {object} Promised what the creation request says about a blob
 * @property {Uint8Array} id
 * @property {Uint8Array} digest
 * @property {number} length in bytes
 */

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** @param {AbortSignal} signal */
function stopIfAborted(signal) {
  if (signal.aborted) throw new DOMException("stopped", "AbortError");
}

/**
 * Makes one request of the protocol, without anything that distinguishes browsers.
 *
 * @param {Transport} transport
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {Uint8Array | null} body
 * @param {AbortSignal} signal
 * @returns {Promise<Response>} a successful answer; throws ServerRefusedError, OfflineError or AbortError
 */
export async function ask(transport, method, url, headers, body, signal) {
  stopIfAborted(signal);
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, REQUEST_MS);
  signal.addEventListener("abort", stop);
  /** @type {Response} */
  let answer;
  try {
    answer = await transport.request(url, {
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
  if (!key) throw new OfflineError("an answer of somebody else"); // of a proxy or a gateway
  const wait = answer.headers.get("Retry-After") ?? "";
  throw new ServerRefusedError(key, /^[0-9]{1,3}$/.test(wait) ? 1000 * Number(wait) : 0);
}

/**
 * @type {(transport: Transport, promised: Promised, body: Uint8Array | null, signal: AbortSignal) => Promise<Response>}
 */
export function create(transport, { id, digest, length }, body, signal) {
  const headers = { "Upload-Length": `${length}`, "Upload-Metadata": `id ${base64(id)},digest ${base64(digest)}` };
  const typed = body ? { "Content-Type": BODY_TYPE } : {};
  return ask(transport, "POST", ENDPOINT, { ...headers, ...typed }, body, signal);
}

/**
 * @type {(transport: Transport, address: string, offset: number, body: Uint8Array, signal: AbortSignal) =>
 *   Promise<Response>}
 */
export function append(transport, address, offset, body, signal) {
  return ask(transport, "PATCH", address, { "Upload-Offset": `${offset}`, "Content-Type": BODY_TYPE }, body, signal);
}

/** @type {(transport: Transport, address: string) => Promise<void>} ends an upload; without an answer it expires */
export async function terminate(transport, address) {
  await ask(transport, "DELETE", address, {}, null, new AbortController().signal).catch(() => {});
}

/**
 * @param {Response} answer
 * @returns {string} path of the upload; throws OfflineError for any other address
 */
export function addressOf(answer) {
  const address = answer.headers.get("Location") ?? "";
  if (!ADDRESS.test(address)) throw new OfflineError("an answer of somebody else");
  return address;
}

/** @param {Response} answer */
export function offsetOf(answer) {
  const offset = answer.headers.get("Upload-Offset") ?? "";
  if (!/^[0-9]+$/.test(offset)) throw new OfflineError("an answer of somebody else");
  return Number(offset);
}
