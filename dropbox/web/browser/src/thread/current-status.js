/**
 * Computes where a thread stands now: its newest status, its dates, a question that waits.
 *
 * Rule: it shows what the desk published; the page adds what each status means, never what may come of it.
 */
import { SENT } from "../wire/statuses.js";
import { question } from "./question.js";

/** @typedef {import("../wire/board.js").Entry} Entry */

/**
 * @typedef {object} CurrentStatus
 * @property {string} status code of the newest status
 * @property {number} changed day number of the newest entry; 0 where there is none, as for the other days
 * @property {number} due day that the desk named last, while no question waits
 * @property {string} question text of the question that waits, or empty
 * @property {number} until day until which the question waits
 * @property {boolean} isLate whether that day is over
 */

/** @type {(entries: readonly Entry[]) => string} code of the newest status */
export const statusOf = (entries) => entries.filter(({ kind }) => kind === "status").pop()?.status || SENT;

/**
 * @param {readonly Entry[]} entries of one desk, oldest first
 * @param {number} today UTC day number
 * @returns {CurrentStatus}
 */
export function currentStatus(entries, today) {
  const sent = entries.filter(({ kind }) => kind !== "received");
  const { asked, until } = question(entries);
  return {
    status: statusOf(entries),
    changed: entries.reduce((newest, { day }) => Math.max(newest, day), 0),
    due: asked || !sent.length ? 0 : sent[sent.length - 1].next,
    question: asked?.text ?? "",
    until,
    isLate: until > 0 && until < today,
  };
}
