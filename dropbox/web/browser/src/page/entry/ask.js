/**
 * Asks before a page with a form for the server is left while something on it was not sent.
 *
 * Rule: small and separate, for pages without another script; sending and the quick exit are never delayed.
 */
import { isUnsent } from "../unsent.js";

let sending = false;
addEventListener("submit", () => (sending = true));
addEventListener("pageshow", () => (sending = false));
addEventListener("beforeunload", (event) => {
  const emptied = !document.body.childElementCount; // by the quick exit
  if (!sending && !emptied && isUnsent()) event.preventDefault();
});
