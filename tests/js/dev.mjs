// Finds the browser folder's packages for the tests, which live outside it.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const browser = createRequire(new URL("../../dropbox/web/browser/package.json", import.meta.url));

/** An ES module of a package, the same instance that src/ uses. */
export const load = (name) => import(pathToFileURL(browser.resolve(name)).href);

export const fc = browser("fast-check");

/** libsodium.js in its CommonJS build: the ESM one has no fallback without WebAssembly. */
export async function loadSodium() {
  const sodium = browser("libsodium-wrappers");
  await sodium.ready;
  return sodium;
}

/** ExifReader as the page uses it, with the XML parser that browsers bring along. */
export async function library() {
  globalThis.DOMParser ??= browser("@xmldom/xmldom").DOMParser;
  return import("../../dropbox/web/browser/src/pictures/describe.js");
}
