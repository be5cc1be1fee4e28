/** The timeline of a thread, as the server's page shows it. */
import { clone, dateText, hasText, main, part, text } from "../dom.js";
import { nowOf } from "./current-status.js";

const SENT = "TERKIRIM";
const ASKED = "BUTUH_INFO";

/** @typedef {import("../../published/boards.js").Answer} Answer */
/** @typedef {import("../../wire/board.js").Entry} Entry */

/**
 * @typedef {object} Found
 * @property {Answer[]} answers
 * @property {readonly import("../../published/boards.js").DeskBoard[]} boards all of them
 * @property {number} today UTC day
 */

/** @param {Found} found into the template that `main` shows */
export function showThread({ answers, boards, today }) {
  const lines = answers.flatMap(linesOf);
  const several = answers.length > 1;
  /** @param {string} desk */
  const label = (desk) => (several ? text(`desk-${desk}`) || desk : "");
  part(main, "states").replaceChildren(
    ...answers.map(({ desk, entries }) => nowOf(entries, today, label(desk))),
  );
  if (keep("fits", !lines.length)) {
    const made = boards.length ? text("fits-made", { made: dateText(Math.min(...boards.map((board) => board.made))) }) : "";
    part(main, "fits-said").textContent = `${text("fits")} ${made}`;
  }
  const old = (answers.length ? answers : boards).filter((one) => one.old).map(({ made }) => made);
  const since = keep("old", old.length > 0)?.querySelector("strong");
  if (since) since.textContent = dateText(Math.min(...old));
  const list = main.querySelector(".timeline");
  list?.append(...lines);
  if (!lines.length) list?.parentElement?.remove();
  if (!answers.length) part(main, "form-read").remove(); // there is nothing to read yet
  lines.forEach((line, at) => {
    const newest = at === lines.length - 1;
    line.classList.toggle("newest", newest);
    if (!newest || lines.length < 2) line.querySelector(".new")?.remove();
  });
}

/** @type {(name: string, wanted: boolean) => HTMLElement | null} */
function keep(name, wanted) {
  const note = part(main, name);
  if (wanted) return note;
  note.remove();
  return null;
}

/** @param {Answer} answer @returns {HTMLElement[]} */
function linesOf({ entries, made }) {
  const sent = entries.reduce((least, { day }) => Math.min(least, day), entries.length ? Infinity : made);
  return [sentLine(sent), ...entries.map(lineOf)];
}

/** @param {number} day 0 = not known */
const sentLine = (day) => lineOf({ day, kind: "status", status: SENT, text: "", next: 0, texts: 0, files: 0 });

/** @param {Entry} entry @returns {HTMLElement} */
function lineOf(entry) {
  const line = /** @type {HTMLElement} */ (clone("t-entry").firstElementChild);
  const status = entry.kind === "status" ? entry.status : "";
  /** @param {string} name @param {string} content @param {string} [inside] */
  const fill = (name, content, inside) => {
    const element = part(line, name);
    if (content) /** @type {Element} */ (inside ? element.querySelector(inside) : element).textContent = content;
    else element.remove();
  };
  fill("date", entry.day ? dateText(entry.day) : "");
  fill("status", status && (hasText(`status-${status}`) ? text(`status-${status}`) : status), "strong");
  if (status) line.querySelector(".status")?.setAttribute("data-status", status);
  if (status || !entry.text) part(line, "message").remove();
  fill("received", entry.texts || entry.files ? text("received-entry", { texts: entry.texts, files: entry.files }) : "");
  fill("text", entry.text);
  if (entry.text) part(line, "text").setAttribute("data-answer", "");
  const next = entry.next ? dateText(entry.next) : "";
  fill("asked", status === ASKED ? next : "", "strong");
  fill("due", status === ASKED ? "" : next, "strong");
  return line;
}
