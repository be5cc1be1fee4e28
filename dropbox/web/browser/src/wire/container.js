/**
 * Encodes the heads of a container: one file of sealed blobs, made without a network (FORMAT "Container"). No keys.
 *
 * Rule: the same ids and digests as if each blob had been sent alone, so that the server stores it once.
 */
import { MalformedError } from "../errors.js";
import { CONTAINER_BLOBS_MAX } from "../limits.js";
import { concat, utf8 } from "./bytes.js";
import { u16, u64, u8 } from "./fields.js";

export const CONTAINER_MAGIC = "DBXQ";

/** The head of one blob in a container. */
export class SealedEntry {
  /**
   * @param {Uint8Array} id 32 bytes, under which the server stores the blob
   * @param {Uint8Array} digest 32 bytes
   * @param {number} length of the blob in bytes
   */
  constructor(id, digest, length) {
    this.id = id;
    this.digest = digest;
    this.length = length;
  }

  /** @returns {Uint8Array} the entry's 72 bytes */
  encode() {
    return concat(this.id, this.digest, u64(this.length));
  }
}

/**
 * @param {Uint8Array} instance 16 bytes
 * @param {number} blobs how many follow
 * @returns {Uint8Array} the first bytes of the container; throws MalformedError if the number is out of range
 */
export function containerHead(instance, blobs) {
  if (!(blobs >= 1 && blobs <= CONTAINER_BLOBS_MAX)) throw new MalformedError("number of blobs in a container");
  return concat(utf8(CONTAINER_MAGIC), u8(1), instance, u16(blobs));
}
