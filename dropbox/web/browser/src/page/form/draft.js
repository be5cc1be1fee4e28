/**
 * What is typed into the report form, and what is wrong with it: for whoever seals it, with a network or without.
 *
 * Rule: the same answers and the same faults as the server's form, in the order of the page.
 */
import { utf8 } from "../../wire/fields.js";
import { FIELD_MAX_BYTES } from "../../limits.js";
import { choiceOf } from "./desk-choice.js";
import { text } from "../dom.js";

/** @typedef {Record<string, string>} Typed by the field's name */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** What an unanswered question stands for, so that three answers make a report. */
const DEFAULTS = { channel: "dumas", category: "tidak-tahu", desk: "itjen" };
const REQUIRED = ["what", "who", "where"];
const ROUTE = "desk"; // who reads it: no part of the record
const BETWEEN = ","; // the codes of several ticks in one answer
const SHOWN_BETWEEN = "; ";

/** @param {ParentNode} root @returns {Field[]} the fields of its questions, in the order of the page */
export const fieldsIn = (root) => Array.from(root.querySelectorAll("[data-question] [name]"));

/** @param {Field} field @returns {boolean} whether it holds an answer only when it is ticked */
const isTick = (field) => field.type === "radio" || field.type === "checkbox";

/** @param {Field} field @returns {string} its answer */
const answerOf = (field) => (isTick(field) && !(/** @type {HTMLInputElement} */ (field).checked) ? "" : field.value);

/** @param {ParentNode} form @returns {Typed} what is typed, ticked or picked, by name; empty where it is nothing */
export function typedIn(form) {
  /** @type {Typed} */
  const typed = {};
  for (const field of fieldsIn(form)) {
    const answers = [typed[field.name], answerOf(field)];
    typed[field.name] = answers.filter(Boolean).join(BETWEEN);
  }
  return typed;
}

/** @param {ParentNode} form @returns {string} the place that its lists give; empty if they say too little */
function placeIn(form) {
  const [unit, kabkota, province] = ["unit", "kabkota", "province"].map((kind) => {
    const field = form.querySelector(`[data-kind="${kind}"]`);
    if (!(field instanceof HTMLSelectElement)) return field instanceof HTMLInputElement ? field.value.trim() : "";
    return field.value && (field.selectedOptions[0]?.text ?? "");
  });
  return unit && (kabkota || province) ? [unit, kabkota, province].filter(Boolean).join(", ") : "";
}

/** @param {ParentNode} form @returns {Typed} what the report says: what was typed, and what stands for nothing typed */
export function reportIn(form) {
  const typed = typedIn(form);
  for (const [name, value] of Object.entries(DEFAULTS)) typed[name] ||= value;
  if (!typed.where.trim()) typed.where = placeIn(form);
  return typed;
}

/** @param {Typed} report @returns {Typed} what goes into the record: all but whom it is for, and nothing empty */
export const recordOf = (report) =>
  Object.fromEntries(Object.entries(report).filter(([name, value]) => name !== ROUTE && value));

/**
 * @param {ParentNode} form
 * @param {Typed} report from `reportIn`
 * @param {import("../../crypto/secret.js").ReporterSecret} secret
 * @returns {Map<string, string>} texts by field, in the order of the page
 */
export function faultsIn(form, report, secret) {
  /** @type {Map<string, string>} */
  const faults = new Map();
  for (const { name } of fieldsIn(form)) {
    const value = report[name];
    if (REQUIRED.includes(name) && !value.trim()) faults.set(name, text(`${name}-required`));
    else if (utf8(value).length > FIELD_MAX_BYTES) faults.set(name, text("too-long", { limit: FIELD_MAX_BYTES }));
    else if (secret.isRevealedBy(value)) faults.set(name, text("secret-in-text"));
    else if (name === ROUTE && !choiceOf(form, value)) faults.set(name, text("desk-required")); // whom no answer means is closed
  }
  return faults;
}

/** @param {Field[]} fields of one question @param {string} value its answer @returns {string} as its reporter saw it */
function shownOf(fields, value) {
  const [first] = fields;
  if (first instanceof HTMLSelectElement) return Array.from(first.options).find((one) => one.value === value)?.text ?? value;
  if (!isTick(first)) return value;
  const codes = first.type === "radio" ? [value] : value.split(BETWEEN);
  const labels = fields.filter((field) => codes.includes(field.value)).map((field) => field.closest("label"));
  return labels.map((label) => (label?.querySelector("b") ?? label)?.textContent?.trim()).join(SHOWN_BETWEEN);
}

/**
 * @param {ParentNode} form
 * @param {Typed} report from `reportIn`
 * @returns {{name: string, question: string, answer: string}[]} all that was answered, as it is read back
 */
export function answersIn(form, report) {
  const all = Array.from(form.querySelectorAll("[data-question]"), (box) => {
    const name = box.getAttribute("data-question") ?? "";
    const question = box.querySelector("legend, label")?.textContent?.trim() ?? "";
    return { name, question, answer: shownOf(fieldsIn(box), report[name]) };
  });
  return all.filter(({ name, answer }) => name !== ROUTE && answer.trim());
}
