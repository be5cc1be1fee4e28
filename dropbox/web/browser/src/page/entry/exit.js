/**
 * Makes the quick exit empty the page at once, also for Shift pressed three times, and keeps the visit to one entry of
 * the history. Without scripts the exit is a plain link.
 *
 * Rule: small and separate, so that it works when all other scripts fail. Nothing of the visit is one Back away: a
 * link within the site replaces the page in the history. The exit does not ask; other links do, where a page wants it.
 */
const PRESSES = 3;
const WITHIN = 1000; // milliseconds from the first to the last

const link = document.querySelector("a.exit");

if (link instanceof HTMLAnchorElement) {
  link.title = link.dataset.keys ?? "";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(link.href);
  });
  /** @type {number[]} */
  let presses = [];
  let held = false;
  // Any other key, a click, the wheel, and a longer pause begin anew: to type capitals, to select text, or to scroll
  // to the side does not leave.
  for (const kind of ["pointerdown", "wheel"]) addEventListener(kind, () => (presses = []), { passive: true });
  addEventListener("keyup", ({ key }) => (held = held && key !== "Shift"));
  addEventListener("keydown", ({ key, repeat, timeStamp, altKey, ctrlKey, metaKey }) => {
    if (repeat) return;
    if (key !== "Shift" || altKey || ctrlKey || metaKey || held) presses = [];
    else presses = [...presses, timeStamp].filter((at) => timeStamp - at < WITHIN);
    held ||= key === "Shift";
    if (presses.length >= PRESSES) leave(link.href);
  });
}

/** @param {string} elsewhere */
function leave(elsewhere) {
  document.title = "";
  document.body.replaceChildren();
  location.replace(elsewhere);
}

addEventListener("click", (event) => {
  const { target, defaultPrevented, button, altKey, ctrlKey, metaKey, shiftKey } = event;
  const to = target instanceof Element ? target.closest("a") : null;
  if (!to || defaultPrevented || button || altKey || ctrlKey || metaKey || shiftKey) return; // a new tab, a saved link
  if (to.target || to.hasAttribute("download") || to.origin !== location.origin) return;
  event.preventDefault();
  location.replace(to.href);
});
