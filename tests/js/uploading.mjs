// An upload of a blob that tells its places, somebody who watches it, and what must be so when it has arrived.
import assert from "node:assert/strict";

import { Upload } from "../../dropbox/web/browser/src/intake/tus-retry.js";
import { hex } from "./vector_files.mjs";

const KIB = 1024;
export const MIB = KIB * KIB;
export const PIECE = 64 * KIB;
export const PART_MIN = 256 * KIB;
export const PART_MAX = 4 * MIB;
export const id = new Uint8Array(32).fill(1);
export const digest = new Uint8Array(32).fill(2);
export const BACK_OFF = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];

/** A blob whose every 4 bytes tell their place. */
export function blobOf(length) {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at + 1, 2654435761);
  return new Uint8Array(words.buffer, 0, length);
}

/** An upload, the pieces that were taken from its source, and somebody who watches. */
export function begin(server, length, /** @type {any} */ { pieces } = {}) {
  const blob = blobOf(length);
  /** @type {{taken: number, progress: number[], retries: number, controller: AbortController}} */
  const seen = { taken: 0, progress: [], retries: 0, controller: new AbortController() };
  function* source() {
    for (let at = 0; at < blob.length; at += PIECE) {
      const piece = blob.subarray(at, at + PIECE);
      seen.taken += piece.length;
      yield piece;
    }
  }
  const upload = new Upload({ id, digest, length }, pieces ?? source(), server.transport);
  const run = () => {
    seen.controller = new AbortController();
    return upload.run({
      signal: seen.controller.signal,
      onProgress: (acknowledged) => seen.progress.push(acknowledged),
      onRetry: () => (seen.retries += 1),
    });
  };
  return { upload, seen, run, blob };
}

/** Held once, byte for byte; told in growing numbers up to the last; nothing left over at the server. */
export function assertArrived(server, { upload, seen, blob }) {
  assert.equal(upload.done, true);
  assert.deepEqual([...server.held.keys()], [hex(id)]);
  assert.equal(Buffer.compare(server.held.get(hex(id)).content, blob), 0);
  assert.equal(seen.progress.at(-1), blob.length);
  for (let at = 1; at < seen.progress.length; at++) assert.ok(seen.progress[at] > seen.progress[at - 1]);
  assert.equal(server.uploads.size, 0);
}
