/**
 * Reads the report form once into a frozen draft, with everything that is wrong in it.
 *
 * Rule: the same answers and the same errors as the server's form, in the order of the page. What is reviewed is what
 * is sent: no module reads the form again after `readDraft`.
 */
import { FIELD_MAX_CHARACTERS } from "../../limits.js";
import { isTooLong } from "../../form/lengths.js";
import { text } from "../dom.js";
import { choiceOf } from "./desk-choice.js";

/** @typedef {Record<string, string>} Typed answers by field name; several ticks are joined by commas */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/**
 * @typedef {object} Answer one answer as its reporter reads it back
 * @property {string} name of the question
 * @property {string} question its text on the page
 * @property {string} answer labels instead of codes
 */

/**
 * @typedef {object} Draft everything that the review shows and the sealer needs
 * @property {string} desk name of the desk that the report is for
 * @property {Typed} record what will be sealed: everything but the desk, and no empty values
 * @property {readonly Answer[]} answers in the order of the page, without the desk
 * @property {ReadonlyMap<string, string>} errors sentence by field name, in the order of the page
 */

/** @type {Typed} what an unanswered question means, so that three answers make a report; no review shows it */
const DEFAULTS = { channel: "tidak-disebut", category: "tidak-tahu", desk: "itjen" };
const REQUIRED = ["what", "who", "where"];
const DESK = "desk"; // who reads the report: not part of the record
const BETWEEN = ","; // separates the codes of several ticks in one answer
const SHOWN_BETWEEN = "; ";

/** @type {(root: ParentNode) => Field[]} the fields of its questions, in the order of the page */
const fieldsIn = (root) => Array.from(root.querySelectorAll("[data-question] [name]"));

/** @type {(field: Field) => boolean} whether it has an answer only while it is ticked */
const isTick = (field) => field.type === "radio" || field.type === "checkbox";

/** @type {(field: Field) => string} */
const answerOf = (field) => (isTick(field) && !(/** @type {HTMLInputElement} */ (field).checked) ? "" : field.value);

/** @type {(fields: readonly Field[]) => Typed} what is typed, ticked or picked; empty where nothing is */
function readTyped(fields) {
  /** @type {Typed} */
  const typed = {};
  for (const field of fields) {
    typed[field.name] = [typed[field.name], answerOf(field)].filter(Boolean).join(BETWEEN);
  }
  return typed;
}

/** @type {(form: ParentNode) => string} the place that the form's lists give; empty if they say too little */
function readPlace(form) {
  const [unit, kabkota, province] = ["unit", "kabkota", "province"].map((kind) => {
    const field = form.querySelector(`[data-kind="${kind}"]`);
    if (!(field instanceof HTMLSelectElement)) return field instanceof HTMLInputElement ? field.value.trim() : "";
    return field.value && (field.selectedOptions[0]?.text ?? "");
  });
  return unit && (kabkota || province) ? [unit, kabkota, province].filter(Boolean).join(", ") : "";
}

/** @type {(fields: readonly Field[], value: string) => string} the answer to one question, with labels for codes */
function labelled(fields, value) {
  const [first] = fields;
  if (!value) return "";
  if (first instanceof HTMLSelectElement) {
    return Array.from(first.options).find((option) => option.value === value)?.text ?? value;
  }
  if (!isTick(first)) return value;
  const codes = first.type === "radio" ? [value] : value.split(BETWEEN);
  const labels = fields.filter((field) => codes.includes(field.value)).map((field) => field.closest("label"));
  return labels.map((label) => (label?.querySelector("b") ?? label)?.textContent?.trim()).join(SHOWN_BETWEEN);
}

/** @type {(form: ParentNode, report: Typed) => Answer[]} */
function answersIn(form, report) {
  const all = Array.from(form.querySelectorAll("[data-question]"), (box) => {
    const name = box.getAttribute("data-question") ?? "";
    const question = box.querySelector("legend, label")?.textContent?.trim() ?? "";
    return { name, question, answer: labelled(fieldsIn(box), report[name]) };
  });
  return all.filter(({ name, answer }) => name !== DESK && report[name] !== DEFAULTS[name] && answer.trim());
}

/**
 * @param {ParentNode} form with the questions
 * @param {import("../../crypto/secret.js").ReporterSecret} secret which no answer may reveal
 * @returns {Readonly<Draft>}
 */
export function readDraft(form, secret) {
  const fields = fieldsIn(form);
  const report = readTyped(fields);
  for (const [name, value] of Object.entries(DEFAULTS)) report[name] ||= value;
  if (!report.where.trim()) report.where = readPlace(form);
  /** @type {Map<string, string>} */
  const errors = new Map();
  for (const { name } of fields) {
    const value = report[name];
    if (REQUIRED.includes(name) && !value.trim()) errors.set(name, text(`${name}-required`));
    else if (isTooLong(value)) errors.set(name, text("too-long", { limit: FIELD_MAX_CHARACTERS }));
    else if (secret.isRevealedBy(value)) errors.set(name, text("secret-in-text"));
    else if (name === DESK && !choiceOf(form, value)) errors.set(name, text("desk-required")); // closed today
  }
  const record = Object.fromEntries(Object.entries(report).filter(([name, value]) => name !== DESK && value));
  return Object.freeze({ desk: report.desk, record, answers: answersIn(form, report), errors });
}
