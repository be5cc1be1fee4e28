/**
 * Asks for the keyring while the large script is still on its way: a round trip less on a slow line.
 *
 * Rule: small, a file of its own, and the same request for everybody. What comes is verified by whoever uses it.
 */

/** @returns {Promise<Response | null>} null where there is no line */
const ask = () =>
  fetch("/data/kunci", {
    cache: "no-store",
    credentials: "omit",
    mode: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
  }).catch(() => null);

/** The answer, whose body is read once. */
export const keyring = ask();
