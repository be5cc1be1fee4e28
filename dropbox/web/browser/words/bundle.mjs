// What `#word-list` is in the bundle: the one list of the project, which build.mjs has packed. Each word of an ordered list
// shares letters with the one before: their number stands for them. A list that was not packed has no digits, and stays.
import packed from "../../../crypto/words.txt";

let last = "";
const unpack = (/** @type {string} */ _, /** @type {number} */ shared, /** @type {string} */ rest) =>
  (last = last.slice(0, shared) + rest) + "\n";

export default packed.replace(/(\d)([a-z]*)/g, unpack);
