/** Where a report stands: the newest status in plain words, its dates, a question that waits. As the server's page. */
import { question } from "../../thread/question.js";
import { clone, dateText, hasText, part, text } from "../dom.js";

const SENT = "TERKIRIM";
const REFUSED = "DITOLAK";

/** @typedef {import("../../wire/board.js").Entry} Entry */

/**
 * @param {readonly Entry[]} entries of one desk
 * @param {number} today UTC day
 * @param {string} [desk] its label, if it must be said
 * @returns {DocumentFragment}
 */
export function nowOf(entries, today, desk = "") {
  const copy = clone("t-now");
  const told = entries.filter(({ kind }) => kind !== "received");
  const status = told.filter(({ kind }) => kind === "status").pop()?.status || SENT;
  const promised = told.length ? told[told.length - 1].next : 0;
  const { asked, until } = question(entries);
  const changed = entries.reduce((newest, { day }) => Math.max(newest, day), 0);
  /** @param {string} name @param {string} content @param {string} [inside] */
  const fill = (name, content, inside) => {
    const element = part(copy, name);
    if (content) /** @type {Element} */ (inside ? element.querySelector(inside) : element).textContent = content;
    else element.remove();
  };
  /** @param {number} day */
  const written = (day) => (day ? dateText(day) : "");
  const isLate = until > 0 && until < today;
  copy.querySelector(".now")?.setAttribute("data-now", status);
  fill("for", desk);
  fill("label", hasText(`status-${status}`) ? text(`status-${status}`) : status);
  fill("meaning", text(`meaning-${status}`));
  fill("changed", written(changed), "strong");
  fill("promised", asked ? "" : written(promised), "strong");
  fill("until", isLate ? "" : written(until), "strong");
  fill("late", isLate ? written(until) : "", "strong");
  fill("asked-text", asked?.text ?? "");
  if (!asked?.text) part(copy, "question").remove();
  if (status !== REFUSED) part(copy, "refused").remove();
  copy.querySelector("[data-act='reply']")?.addEventListener("click", (event) => {
    event.preventDefault(); // the address stays as it is
    document.getElementById("what")?.focus();
  });
  return copy;
}
