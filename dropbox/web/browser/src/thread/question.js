/**
 * The question of a timeline that waits for the reporter: the twin of `question` in dropbox/web/thread/timeline.py.
 *
 * Rule: a question waits from the entry that put the case into that status until one that takes it out.
 */

/** @typedef {import("../wire/board.js").Entry} Entry */

const ASKED = "BUTUH_INFO";

/**
 * @param {readonly Entry[]} entries oldest first
 * @returns {{asked: Entry | null, until: number}} the question, and the day until which it waits (0: none was said)
 */
export function question(entries) {
  /** @type {Entry | null} */
  let asked = null;
  let until = 0;
  for (const entry of entries) {
    if (entry.kind === "status" && entry.status !== ASKED) [asked, until] = [null, 0];
    else if (entry.kind === "status") asked ??= entry;
    if (asked) until = entry.next || until;
  }
  return { asked, until };
}
