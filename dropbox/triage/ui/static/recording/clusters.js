/**
 * Cuts a WebM stream into whole elements: Firefox plays sound and picture together only if it gets whole clusters.
 *
 *     element = id ‖ size ‖ content                  (EBML: RFC 8794, 5 and 6)
 *
 * Rule: only the lengths of outer elements are read; the browser reads the rest.
 */
const SEGMENT = 0x18538067; // holds all that follows; its size is unknown while it is made
const MARK_BITS = 7;

/**
 * @param {Uint8Array} data
 * @param {number} at
 * @param {boolean} isMarked whether the bit that gives the length belongs to the number, as in an id
 * @returns {[number, number] | null} the number, and where it ends; null if it is not complete
 */
function number(data, at, isMarked) {
  if (at >= data.length || !data[at]) return null;
  const length = Math.clz32(data[at]) - 23;
  if (at + length > data.length) return null;
  let value = isMarked ? data[at] : data[at] & ((1 << (MARK_BITS + 1 - length)) - 1);
  for (let n = at + 1; n < at + length; n += 1) value = value * 256 + data[n];
  return [value, at + length];
}

export class Clusters {
  held = new Uint8Array();

  /**
   * @param {ArrayBuffer} piece
   * @returns {Uint8Array<ArrayBuffer>} the whole elements that have come
   */
  take(piece) {
    const data = new Uint8Array(this.held.length + piece.byteLength);
    data.set(this.held);
    data.set(new Uint8Array(piece), this.held.length);
    let at = 0;
    for (;;) {
      const id = number(data, at, true);
      const size = id && number(data, id[1], false);
      if (!id || !size) break;
      const end = id[0] === SEGMENT ? size[1] : size[1] + size[0];
      if (end > data.length) break;
      at = end;
    }
    this.held = data.slice(at);
    return data.slice(0, at);
  }
}
