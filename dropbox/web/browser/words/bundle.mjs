// `#word-list` in the bundle: the project's word list, packed by build.mjs. Each word shares its first letters with the
// word before, and their number replaces them. A list that was not packed has no digits, and stays as it is.
import packed from "../../../crypto/words.txt";

let last = "";
const unpack = (/** @type {string} */ _, /** @type {number} */ shared, /** @type {string} */ rest) =>
  (last = last.slice(0, shared) + rest) + "\n";

export default packed.replace(/(\d)([a-z]*)/g, unpack);
