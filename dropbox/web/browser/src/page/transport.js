/**
 * Connects uploads to the network and the clock of the browser.
 *
 * Rule: the only module that sends what was sealed.
 */

/** @type {import("../intake/tus.js").Transport} */
export const BROWSER = {
  request: (url, init) => fetch(url, init),
  now: () => performance.now(),
  jitter: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        removeEventListener("online", end);
        signal.aborted ? reject(new DOMException("stopped", "AbortError")) : resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
      addEventListener("online", end); // the network is back: no need to wait
      if (signal.aborted) end();
    }),
};
