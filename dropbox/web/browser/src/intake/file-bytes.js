/**
 * Reads the bytes of a file that the reporter chose.
 *
 * Rule: exactly `file.size` bytes, or an error; a file that changes while it is read is never sealed.
 */
import { DropboxError } from "../errors.js";

export const TYPE_MAX = 100; // characters of a media type; the browser may say more

/** A file cannot be read any more, or has changed. */
export class FileUnreadableError extends DropboxError {}

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
