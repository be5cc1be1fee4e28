/**
 * Shows a thread: where it stands at each desk, and its timeline line by line, as the server's page does.
 *
 * Rule: texts from a board go into the page as text, never as HTML.
 */
import { currentStatus } from "../../thread/current-status.js";
import { QUESTION, SENT } from "../../wire/statuses.js";
import { clone, dateText, hasText, main, part, text, weekdayText } from "../dom.js";

const REFUSED = "DITOLAK";

/** @typedef {import("../../published/boards.js").Answer} Answer */
/** @typedef {import("../../wire/board.js").Entry} Entry */

/**
 * @typedef {object} Found
 * @property {Answer[]} answers to this thread
 * @property {readonly import("../../published/boards.js").DeskBoard[]} boards all boards of the day
 * @property {readonly string[]} without names of the desks whose keys the site gives out, and no board
 * @property {number} today UTC day number
 */

/** @param {Found} found goes into the template that `main` shows */
export function showThread({ answers, boards, without, today }) {
  const lines = answers.flatMap(linesOf);
  const several = answers.length > 1;
  /** @type {(desk: string) => string} */
  const label = (desk) => (several ? text(`desk-${desk}`) || desk : "");
  part(main, "states").replaceChildren(
    ...answers.map(({ desk, entries }) => statusBox(entries, today, desk, label(desk))),
  );
  if (keep("fits", !lines.length)) {
    const oldest = Math.min(...boards.map((board) => board.made));
    const made = boards.length ? text("fits-made", { made: dateText(oldest) }) : "";
    const desks = without.map((desk) => text(`desk-${desk}`) || desk).join(", ");
    const missing = desks ? text("no-board", { desks }) : "";
    part(main, "fits-said").textContent = [text("fits"), made, missing].filter(Boolean).join(" ");
  }
  const old = (answers.length ? answers : boards).filter((board) => board.old).map(({ made }) => made);
  const since = keep("old", old.length > 0)?.querySelector("strong");
  if (since) since.textContent = dateText(Math.min(...old));
  const list = main.querySelector(".timeline");
  list?.append(...lines);
  if (!lines.length) list?.parentElement?.remove();
  if (!answers.length) part(main, "form-read").remove(); // there is no answer to mark as read
  lines.forEach((line, at) => {
    const newest = at === lines.length - 1;
    line.classList.toggle("newest", newest);
    if (!newest || lines.length < 2) line.querySelector(".new")?.remove();
  });
}

/** @type {(name: string, wanted: boolean) => HTMLElement | null} the part of the page, or null once it is removed */
function keep(name, wanted) {
  const note = part(main, name);
  if (wanted) return note;
  note.remove();
  return null;
}

/**
 * Puts a text into a part, or removes the part where the text is empty.
 *
 * @param {ParentNode} root
 * @param {string} name of the part
 * @param {string} content
 * @param {string} [inside] selector of the element inside the part that gets the text
 */
function fill(root, name, content, inside) {
  const element = part(root, name);
  if (content) /** @type {Element} */ (inside ? element.querySelector(inside) : element).textContent = content;
  else element.remove();
}

/** @type {(day: number) => string} the date in words, on which somebody has to act; empty for 0 */
const dayOrNothing = (day) => (day ? weekdayText(day) : "");

/** @type {(status: string) => string} */
const labelOf = (status) => (hasText(`status-${status}`) ? text(`status-${status}`) : status);

/**
 * @param {readonly Entry[]} entries of one desk
 * @param {number} today UTC day number
 * @param {string} name of the desk
 * @param {string} desk its label where there are several, else empty
 * @returns {DocumentFragment}
 */
function statusBox(entries, today, name, desk) {
  const copy = clone("t-now");
  const now = currentStatus(entries, today);
  copy.querySelector(".now")?.setAttribute("data-now", now.status);
  copy.querySelector(".now")?.setAttribute("data-desk", name);
  fill(copy, "for", desk);
  fill(copy, "label", labelOf(now.status));
  fill(copy, "meaning", text(`meaning-${now.status}`));
  fill(copy, "changed", now.changed ? dateText(now.changed) : "", "strong");
  fill(copy, "promised", dayOrNothing(now.due), "strong");
  fill(copy, "until", now.isLate ? "" : dayOrNothing(now.until), "strong");
  fill(copy, "late", now.isLate ? dayOrNothing(now.until) : "", "strong");
  fill(copy, "asked-text", now.question);
  if (!now.question) part(copy, "question").remove();
  if (now.status !== REFUSED) part(copy, "refused").remove();
  copy.querySelector("[data-act='reply']")?.addEventListener("click", (event) => {
    event.preventDefault(); // the address stays as it is
    document.getElementById("what")?.focus();
  });
  return copy;
}

/** @type {(answer: Answer) => HTMLElement[]} from the sending on, oldest first */
function linesOf({ entries, made }) {
  const sent = entries.reduce((least, { day }) => Math.min(least, day), entries.length ? Infinity : made);
  return [sentLine(sent), ...entries.map(lineOf)];
}

/** @type {(day: number) => HTMLElement} day 0: not known */
const sentLine = (day) => lineOf({ day, kind: "status", status: SENT, text: "", next: 0, texts: 0, files: 0 });

/** @type {(kind: "text" | "file", count: number) => string} */
const counted = (kind, count) => text(`received-${kind}${count > 1 ? "s" : ""}`, { count });

/** @type {(texts: number, files: number) => string} */
function received(texts, files) {
  const said = { texts: counted("text", texts), files: counted("file", files) };
  return text("received-entry", {
    what: texts && files ? text("received-both", said) : texts ? said.texts : said.files,
  });
}

/** @type {(entry: Entry) => HTMLElement} */
function lineOf(entry) {
  const { kind, texts, files } = entry;
  const line = /** @type {HTMLElement} */ (clone("t-entry").firstElementChild);
  const status = kind === "status" ? entry.status : "";
  fill(line, "date", entry.day ? dateText(entry.day) : "");
  fill(line, "status", status && labelOf(status), "strong");
  if (status) line.querySelector(".status")?.setAttribute("data-status", status);
  if (status || !entry.text) part(line, "message").remove();
  fill(line, "received", texts || files ? received(texts, files) : "");
  fill(line, "text", entry.text);
  if (entry.text) part(line, "text").setAttribute("data-answer", "");
  const next = dayOrNothing(entry.next);
  fill(line, "asked", status === QUESTION ? next : "", "strong");
  fill(line, "due", status === QUESTION ? "" : next, "strong");
  return line;
}
