/**
 * Requests the keyring while the large script is still loading: one round trip less on a slow connection.
 *
 * Rule: small, a script of its own, and the same request for everybody. The module that uses the answer verifies it.
 */

/** @returns {Promise<Response | null>} null without a connection */
const ask = () =>
  fetch("/data/kunci", {
    cache: "no-store",
    credentials: "omit",
    mode: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
  }).catch(() => null);

/** The answer; its body can be read once. */
export const keyring = ask();
