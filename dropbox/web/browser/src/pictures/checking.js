/**
 * Looks at one chosen file before it is sealed: what it tells, and what it is without that.
 *
 * Rule: a file that is not cleaned stays the very file that was chosen. A cleaned one has been read again, by this
 * side and by ExifReader, and told nothing. What tells nothing needs no library and is not asked about. What could not
 * be read has told nothing yet: it is sent in small parts, which may well be read.
 */
import { cleanJpeg } from "./jpeg.js";
import { HEAD_BYTES, kindOf } from "./kinds.js";
import { cleanPng } from "./png.js";
import { cleanWebp } from "./webp.js";

const MIB = 1024 * 1024;
export const PICTURE_MAX_BYTES = 64 * MIB; // it is read whole, and an old phone has 1 GB

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
/** What can be told of dropped parts without the library. @type {Record<string, Tells>} */
const TOLD = { text: "text", thumbnail: "thumbnail", date: "date", appended: "appended", display: "device" };

/** @typedef {typeof TELLS[number]} Tells */
/** @typedef {() => Promise<{describe: (bytes: Uint8Array) => Promise<Set<string>>}>} LoadLibrary */

/**
 * @typedef {object} Checked
 * @property {File} file as it was chosen
 * @property {"silent" | "found" | "broken" | "office" | "media" | "unknown" | "large"} state silent: nothing to say;
 *   found: `cleaned` and `tells` are there; broken: it may tell something and cannot be cleaned; others: not looked into
 * @property {Tells[]} tells
 * @property {File | null} cleaned of ranges of `file`
 */

/** @type {(file: File, state: Checked["state"], tells?: Tells[], cleaned?: File | null) => Checked} */
const checked = (file, state, tells = [], cleaned = null) => ({ file, state, tells, cleaned });

/**
 * @param {File} file
 * @param {LoadLibrary} loadLibrary asked only when there is something to describe; without it cleaning goes on
 * @returns {Promise<Checked>}
 */
export async function check(file, loadLibrary) {
  let kind;
  try {
    kind = kindOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()), file.type);
  } catch {
    return checked(file, "unknown"); // who sends it may be able to read it by then
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
      // Metadata that the library cannot read is dropped like any other; only its kind is unknown.
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
    return checked(file, "broken"); // malformed, or more than this device can hold
  }
}
