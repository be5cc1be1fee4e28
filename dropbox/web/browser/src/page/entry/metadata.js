/** ExifReader as a file of its own, which a page loads when a picture has something in it that must be named. */
export { describe } from "../../pictures/describe.js";
