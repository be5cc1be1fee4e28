/**
 * Finds the question in a timeline that still waits for the reporter's answer.
 *
 * Rule: a question waits from the entry that set the status QUESTION until an entry that sets another one.
 */
import { QUESTION } from "../wire/statuses.js";

/** @typedef {import("../wire/board.js").Entry} Entry */

/**
 * @param {readonly Entry[]} entries of one desk, oldest first
 * @returns {{asked: Entry | null, until: number}} the first entry of the newest run of the status QUESTION; and the
 *   last day number that the desk named since, or 0
 */
export function question(entries) {
  /** @type {Entry | null} */
  let asked = null;
  let until = 0;
  for (const entry of entries) {
    if (entry.kind === "status" && entry.status !== QUESTION) [asked, until] = [null, 0];
    else if (entry.kind === "status") asked ??= entry;
    if (asked) until = entry.next || until;
  }
  return { asked, until };
}
