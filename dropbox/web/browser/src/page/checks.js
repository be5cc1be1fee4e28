/**
 * What is typed into the report form, and what is wrong with it: for whoever seals it, with a network or without.
 *
 * Rule: the same faults as the server's form, in the order of the page.
 */
import { utf8 } from "../fields.js";
import { FIELD_MAX_BYTES } from "../limits.js";
import { text, valueOf } from "./dom.js";

const TEXTS = ["what", "who", "where", "when"];
const FIELDS = ["channel", "category", ...TEXTS];
const REQUIRED = ["channel", "desk", "category", "what", "who", "where"];

/** @returns {Record<string, string>} by field, the desk among them */
export const typedReport = () => Object.fromEntries([...FIELDS, "desk"].map((name) => [name, valueOf(name)]));

/** @param {Record<string, string>} typed @returns {Record<string, string>} what goes into the record */
export const fieldsOf = (typed) =>
  Object.fromEntries(FIELDS.filter((name) => typed[name]).map((name) => [name, typed[name]]));

/** @type {(typed: Record<string, string>, secret: import("../secret.js").ReporterSecret) => Map<string, string>} */
export function faultsOf(typed, secret) {
  /** @type {Map<string, string>} */
  const faults = new Map();
  for (const name of [...REQUIRED, "when"]) {
    if (REQUIRED.includes(name) && !typed[name].trim()) faults.set(name, text(`${name}-required`));
    if (!TEXTS.includes(name)) continue;
    if (utf8(typed[name]).length > FIELD_MAX_BYTES) faults.set(name, text("too-long", { limit: FIELD_MAX_BYTES }));
    else if (secret.isToldBy(typed[name])) faults.set(name, text("secret-in-text"));
  }
  if (!valueOf("noted")) faults.set("noted", text("noted-required"));
  return faults;
}
