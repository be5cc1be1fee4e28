/**
 * Fetches a page again, and replaces the parts of this one that differ: what was being read is filled in, and pages and
 * files change without leaving the full screen.
 *
 * Rule: every part comes from the desk as HTML; nothing is made here. A page that is no file's is opened as usual.
 */
const QUIET = { "X-Quiet": "1" }; // a request that nobody asked for is no sign of an officer at work

/** @type {Map<string, string>} each part as the desk sent it */
const sent = new Map();

/**
 * @param {ParentNode} page
 * @returns {HTMLElement[]}
 */
const parts = (page) => Array.from(page.querySelectorAll("[data-live]"));

/** @param {HTMLElement} part */
const nameOf = (part) => part.dataset.live ?? "";

/** Remembers the parts of this page, before anything changes them. */
export function begin() {
  for (const part of parts(document)) sent.set(nameOf(part), part.outerHTML);
}

/** @returns {string} how the focus is found again in a part that replaces another */
function focusPath() {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  if (!focused || focused === document.body) return "";
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  const within = focused.closest("[data-live]");
  if (!(within instanceof HTMLElement)) return "";
  const own = focused.dataset.do
    ? `[data-do="${focused.dataset.do}"]`
    : focused.matches("[data-stage]")
      ? "[data-stage]"
      : "";
  return own && `[data-live="${nameOf(within)}"] ${own}`;
}

/**
 * @param {string} address
 * @param {{ isAsked: boolean }} how
 * @returns {Promise<boolean>} whether the page is this one now
 */
export async function load(address, { isAsked }) {
  const answer = await fetch(address, { headers: isAsked ? {} : QUIET }).catch(() => null);
  if (!answer) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const arrived = new Map(parts(page).map((part) => [nameOf(part), part]));
  const here = parts(document);
  if (!answer.ok || here.some((part) => !arrived.has(nameOf(part)))) {
    location.assign(address);
    return false;
  }
  const path = focusPath();
  for (const part of here) {
    const next = /** @type {HTMLElement} */ (arrived.get(nameOf(part)));
    const html = next.outerHTML;
    if (sent.get(nameOf(part)) === html) continue;
    sent.set(nameOf(part), html);
    part.replaceWith(document.adoptNode(next));
  }
  document.title = page.title;
  if (path && !document.querySelector(":focus")) {
    const found = document.querySelector(path);
    if (found instanceof HTMLElement) found.focus({ preventScroll: true });
  }
  return true;
}
