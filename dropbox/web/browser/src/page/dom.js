/**
 * Gives access to the page's templates, parts and sentences: all texts are in the page, none in a script.
 *
 * Rule: text is inserted as text. Nothing here parses HTML.
 */

const templates = new Map(Array.from(document.querySelectorAll("template"), (one) => [one.id, one]));

/** @type {Map<string, string>} */
const texts = new Map(
  Array.from(templates.get("texts")?.content.querySelectorAll("[data-text]") ?? [], (one) => [
    one.getAttribute("data-text") ?? "",
    one.textContent ?? "",
  ]),
);

/** @type {HTMLElement} */
const box = /** @type {HTMLElement} */ (document.getElementById("sealed"));

export const main = /** @type {HTMLElement} */ (document.querySelector("main"));

/** The server's settings. None is secret; only the pinned root is trusted. */
export const config = {
  box,
  lang: /** @type {"id" | "en"} */ (box.dataset.lang === "en" ? "en" : "id"),
  root: box.dataset.root ?? "",
  fileMax: Number(box.dataset.fileMax), // MiB
  filesMax: Number(box.dataset.filesMax),
  closed: box.hasAttribute("data-closed"), // no new reports are accepted
};

const LOCALE = config.lang === "en" ? "en-GB" : "id";
const integer = new Intl.NumberFormat(LOCALE);
const timeZone = "UTC";
const dates = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric", timeZone });
const weekdays = new Intl.DateTimeFormat(LOCALE, { weekday: "long", timeZone });

/**
 * @param {number} day UTC day number
 * @returns {string} such as 12 Maret 2026
 */
export const dateText = (day) => dates.format(new Date(day * 86_400_000));

/**
 * @param {number} day UTC day number on which somebody has to act
 * @returns {string} such as Kamis, 12 Maret 2026
 */
export const weekdayText = (day) => `${weekdays.format(new Date(day * 86_400_000))}, ${dateText(day)}`;

/**
 * @param {string} id
 * @returns {DocumentFragment} a new copy of a template, in which the browser remembers no input
 */
export function clone(id) {
  const template = templates.get(id);
  if (!template) throw new Error(`the page has no template ${id}`);
  const copy = document.importNode(template.content, true);
  for (const field of copy.querySelectorAll("input, select, textarea")) field.setAttribute("autocomplete", "off");
  return copy;
}

let view = document.title;

/**
 * Gives the page the title that the server's page of the same view has; a list of errors in it is named first.
 *
 * @param {string} [id] of the element that names the view which is shown from now on
 */
export function retitle(id = "") {
  const own = (templates.get(id) ?? document.getElementById(id))?.dataset.title;
  if (own) view = [own, view.split(" – ").pop()].join(" – ");
  const faulty = main.querySelector(".errors") && templates.get("t-errors")?.dataset.title;
  document.title = faulty ? `${faulty} – ${view}` : view;
}

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLElement}
 */
export const part = (root, name) => found(root.querySelector(`[data-part="${name}"]`));

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {HTMLButtonElement}
 */
export const button = (root, name) => found(root.querySelector(`[data-act="${name}"]`));

/**
 * @template T
 * @param {Element | null} element
 * @returns {T}
 */
function found(element) {
  if (!element) throw new Error("the page lacks a part");
  return /** @type {T} */ (/** @type {unknown} */ (element));
}

/**
 * @param {string} key
 * @returns {boolean}
 */
export const hasText = (key) => texts.has(key);

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] for its placeholders; numbers are formatted for the page's language
 * @returns {string}
 */
export function text(key, values = {}) {
  const sentence = texts.get(key) ?? "";
  return sentence.replace(/%\((\w+)\)s/g, (_, name) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? integer.format(value) : value;
  });
}

/**
 * @param {string} name of a field
 * @returns {string} what is typed or picked
 */
export function valueOf(name) {
  const picked = document.querySelector(`input[name="${name}"]:checked`);
  const field = picked ?? document.getElementById(name);
  if (field instanceof HTMLTextAreaElement) return field.value;
  if (!(field instanceof HTMLInputElement)) return "";
  return field.type === "radio" || field.type === "checkbox" ? (picked ? field.value : "") : field.value;
}

/**
 * Writes code and words into the boxes of `_secret.html`.
 *
 * @param {ParentNode} root
 * @param {{code: string, words: string}} secret
 */
export function fillSecret(root, { code, words }) {
  const codeBox = found(root.querySelector(".code"));
  codeBox.replaceChildren(
    ...code.split("-").flatMap((group, at) => {
      const box = span("");
      box.append(...Array.from(group, (letter) => Object.assign(document.createElement("b"), { textContent: letter })));
      return at ? ["-", document.createElement("wbr"), box] : [box];
    }),
  );
  codeBox.setAttribute("data-receipt-code", code);
  const wordsBox = found(root.querySelector(".words"));
  wordsBox.replaceChildren(...words.split(" ").flatMap((word, at) => (at ? [" ", span(word)] : [span(word)])));
  wordsBox.setAttribute("data-passphrase", words);
}

/** @param {string} content */
function span(content) {
  const element = document.createElement("span");
  element.textContent = content;
  return element;
}
