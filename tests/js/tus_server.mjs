// A tus server in memory with a transport to it: keeps what is asked, breaks on demand, and has a clock of its own.
import { concat } from "../../dropbox/web/browser/src/wire/bytes.js";
import { hex } from "./vector_files.mjs";

const unbase64 = (text) => new Uint8Array(Buffer.from(text, "base64"));

/** Answers in place of the server: `faults` holds one for each request to come, or null for an honest answer. */
export const refusal =
  (status, key, headers = {}) =>
  () =>
    new Response(null, { status, headers: { "Dropbox-Error": key, ...headers } });
export const foreign =
  (status, headers = {}) =>
  () =>
    new Response(null, { status, headers });
export const dead = () => {
  throw new TypeError("no network");
};
export const answerLost = (request, server) => {
  server.serve(request);
  dead();
};
/** Of the body so many bytes arrive. */
export const cutAfter = (count) => (request, server) => {
  server.serve({ ...request, body: request.body?.subarray(0, count) ?? null }, true);
  dead();
};

export class TusServer {
  constructor() {
    this.uploads = new Map(); // address: id, digest, length, what has come
    this.held = new Map(); // id in hex (another content of one id: and its digest): digest in hex and content
    this.requests = [];
    /** @type {(((request: any, server: TusServer) => any) | null)[]} */
    this.faults = [];
    this.slept = []; // milliseconds
    this.clock = 0;
    this.partMs = 0; // how long a request takes
    this.jitter = 1;
    this.onSleep = () => {};
    /** @type {(request: any) => unknown} */
    this.onRequest = () => {};
  }

  /** @type {import("../../dropbox/web/browser/src/intake/tus.js").Transport} */
  get transport() {
    return {
      request: async (url, init) => {
        const body = /** @type {Uint8Array | null} */ (init.body ?? null)?.slice() ?? null;
        const request = { method: init.method, url, headers: init.headers, body, init };
        this.requests.push(request);
        this.clock += this.partMs;
        await this.onRequest(request);
        if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
        const fault = this.faults.shift();
        return fault ? fault(request, this) : this.serve(request);
      },
      sleep: async (ms, signal) => {
        this.slept.push(ms);
        this.onSleep();
        if (signal.aborted) throw new DOMException("aborted", "AbortError");
      },
      now: () => this.clock,
      jitter: () => this.jitter,
    };
  }

  /** Methods in the order in which they came. */
  get asked() {
    return this.requests.map(({ method }) => method).join(" ");
  }

  serve({ method, url, headers, body }, cut = false) {
    if (method === "POST") return this.create(headers, body);
    const upload = this.uploads.get(url);
    if (!upload) return refusal(404, "upload-unknown")();
    if (method === "DELETE") {
      this.uploads.delete(url);
      return new Response(null, { status: 204 });
    }
    if (method === "HEAD")
      return new Response(null, { status: 200, headers: { "Upload-Offset": `${upload.got.length}` } });
    if (Number(headers["Upload-Offset"]) !== upload.got.length) return refusal(409, "wrong-offset")();
    upload.got = concat(upload.got, body);
    if (upload.got.length === upload.length && !cut) this.keep(upload, url);
    return new Response(null, { status: 204, headers: { "Upload-Offset": `${upload.got.length}` } });
  }

  create(headers, body) {
    const found = /^id (\S+),digest (\S+)$/.exec(headers["Upload-Metadata"]) ?? [];
    const [, id, digest] = Array.from(found, (value) => hex(unbase64(value)));
    const upload = { id, digest, length: Number(headers["Upload-Length"]), got: body ?? new Uint8Array() };
    const url = `/unggah/${`${this.requests.length}`.padStart(32, "0")}`;
    this.uploads.set(url, upload);
    if (upload.got.length === upload.length) this.keep(upload, url);
    const offset = { "Upload-Offset": `${upload.got.length}` };
    return new Response(null, { status: 201, headers: { Location: url, ...offset } });
  }

  keep({ id, digest, got }, url) {
    const place = (this.held.get(id)?.digest ?? digest) === digest ? id : `${id} ${digest}`;
    if (!this.held.has(place)) this.held.set(place, { digest, content: got });
    this.uploads.delete(url);
  }
}
