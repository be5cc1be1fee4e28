/**
 * Exports ExifReader as a script of its own: a page loads it when a picture has metadata to name.
 */
export { describe } from "../../pictures/describe.js";
