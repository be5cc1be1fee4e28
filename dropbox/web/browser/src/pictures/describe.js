/*! ExifReader (npm: exifreader) by Mattias Wallander, Mozilla Public License 2.0 */
/**
 * Describes what a picture's metadata reveals, in a few codes that pages have sentences for. ExifReader reads it.
 *
 * Rule: names of fields decide, never their values, and no value leaves this module. An unknown field counts as well.
 */
import { errors, loadView } from "exifreader/src/exif-reader.js";

/** @typedef {"location" | "device" | "author" | "date" | "thumbnail" | "text" | "other"} Tells */

/** @type {[Tells, RegExp][]} the first that fits */
const RULES = [
  ["location", /gps|latitude|longitude|altitude|location|\bcity|country|province|\bstate|place/i],
  ["thumbnail", /thumbnail|preview/i],
  ["author", /artist|author|creator(?!tool)|copyright|rights|owner|by-?line|credit|contact|writer|person|face/i],
  ["device", /make|model|lens|serial|device|software|creatortool|camera|host|firmware|uniqueid/i],
  ["date", /date|created|offsettime|subsectime|time ?stamp|^time$|modif/i],
  ["text", /description|comment|caption|title|headline|keyword|subject$|label|instructions|docu\w+ ?name|history/i],
];
const GROUPS = ["exif", "gps", "iptc", "xmp", "photoshop", "makerNotes", "pngText", "png", "Thumbnail"];
/** Fields of size, depth, orientation and layout, which reveal nothing. */
const SILENT = new Set([
  ...["Orientation", "_raw", "Exif IFD Pointer", "GPS Info IFD Pointer", "Interoperability IFD Pointer"],
  ...["Image Width", "Image Height", "Bit Depth", "Color Type", "Compression", "Filter", "Interlace"],
  ...["Pixels Per Unit X", "Pixels Per Unit Y", "Pixel Units"],
]);

/** @type {(group: string, name: string) => Tells} */
function tellsOf(group, name) {
  if (group === "gps") return "location";
  if (group === "Thumbnail") return "thumbnail";
  if (group === "makerNotes" || name === "MakerNote") return "device";
  return RULES.find(([, rule]) => rule.test(name))?.[0] ?? "other";
}

/**
 * @param {Uint8Array} bytes of a JPEG, PNG or WebP
 * @returns {Promise<Set<Tells>>} throws what ExifReader throws when its metadata cannot be read
 */
export async function describe(bytes) {
  /** @type {Set<Tells>} */
  const tells = new Set();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  /** @type {Record<string, Record<string, unknown>>} */
  let groups;
  try {
    groups = /** @type {any} */ (await loadView(view, { expanded: true, includeUnknown: true, async: true }));
  } catch (error) {
    if (error instanceof errors.MetadataMissingError) return tells;
    throw error;
  }
  for (const group of GROUPS) {
    for (const name of Object.keys(groups[group] ?? {})) if (!SILENT.has(name)) tells.add(tellsOf(group, name));
  }
  return tells;
}
