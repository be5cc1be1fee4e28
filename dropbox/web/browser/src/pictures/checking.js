/**
 * Checks one chosen file before it is sealed: what its metadata reveals, and the file without it.
 *
 * Rule: a file that is not cleaned stays the original file. A cleaned one was read again, by this module and by
 * ExifReader, and revealed nothing. A file that reveals nothing needs no library and no question. A file that cannot be
 * read has revealed nothing yet: uploads read it in small parts, which may work.
 */
import { cleanJpeg } from "./jpeg.js";
import { HEAD_BYTES, kindOf } from "./kinds.js";
import { cleanPng } from "./png.js";
import { cleanWebp } from "./webp.js";

const MIB = 1024 * 1024;
export const PICTURE_MAX_BYTES = 64 * MIB; // read as a whole, and an old phone has 1 GB of memory

const CLEANERS = { jpeg: cleanJpeg, png: cleanPng, webp: cleanWebp };
export const TELLS = /** @type {const} */ ([
  "location",
  "device",
  "author",
  "date",
  "thumbnail",
  "text",
  "appended",
  "other",
]);
/** What dropped parts reveal, known without the library. @type {Record<string, Tells>} */
const TOLD = { text: "text", thumbnail: "thumbnail", date: "date", appended: "appended", display: "device" };

/** @typedef {typeof TELLS[number]} Tells */
/** @typedef {() => Promise<{describe: (bytes: Uint8Array) => Promise<Set<string>>}>} LoadLibrary */

/**
 * @typedef {object} Checked
 * @property {File} file as it was chosen
 * @property {"silent" | "found" | "broken" | "office" | "media" | "unknown" | "large"} state silent: reveals
 *   nothing; found: has `cleaned` and `tells`; broken: may reveal something, cannot be cleaned; others: not checked
 * @property {Tells[]} tells what it reveals
 * @property {File | null} cleaned made of ranges of `file`
 */

/** @type {(file: File, state: Checked["state"], tells?: Tells[], cleaned?: File | null) => Checked} */
const checked = (file, state, tells = [], cleaned = null) => ({ file, state, tells, cleaned });

/**
 * @param {File} file
 * @param {LoadLibrary} loadLibrary called only when there is something to describe; cleaning works without it
 * @returns {Promise<Checked>}
 */
export async function check(file, loadLibrary) {
  let kind;
  try {
    kind = kindOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), file.type);
  } catch {
    return checked(file, "unknown"); // the upload may be able to read it
  }
  if (kind === "empty") return checked(file, "silent");
  if (kind === "office" || kind === "media" || kind === "unknown") return checked(file, kind);
  if (file.size > PICTURE_MAX_BYTES) return checked(file, "large");
  const clean = CLEANERS[kind];
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const copy = clean(bytes);
    if (!copy.dropped.size) return checked(file, "silent");
    const joined = copy.joined();
    if (clean(joined).dropped.size) return checked(file, "broken");
    const library = await loadLibrary().catch(() => null);
    const told = new Set(Array.from(copy.dropped, (one) => TOLD[one] ?? "other"));
    if (library) {
      if ((await library.describe(joined)).size) return checked(file, "broken");
      // Metadata that the library cannot read is dropped as well; only its kind is unknown.
      for (const one of await library.describe(bytes).catch(() => [])) told.add(/** @type {Tells} */ (one));
    }
    if (told.size > 1) told.delete("other");
    const pieces = copy.pieces.map((piece) => (piece instanceof Uint8Array ? piece : file.slice(piece.from, piece.to)));
    const cleaned = new File(/** @type {BlobPart[]} */ (pieces), file.name, { type: file.type });
    return checked(
      file,
      "found",
      TELLS.filter((one) => told.has(one)),
      cleaned,
    );
  } catch {
    return checked(file, "broken"); // malformed, or too large for this device
  }
}
