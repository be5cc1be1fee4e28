/**
 * Marks the words of a passphrase while they are typed, and takes code and words apart where one field holds both.
 *
 * Rule: nothing is sent or kept. The status line speaks of a word that is finished and wrong, of a mix-up and of the
 * end; it is silent about what is right, so that a screen reader does not interrupt.
 */
import { WrongWordsError } from "../../errors.js";
import { INVISIBLE, readTyped } from "../../crypto/typed-secret.js";
import { isOfList, nearestWords } from "../../form/nearest-word.js";
import { part, text } from "../dom.js";

const WORD = /[A-Za-z]+/g;
const LABEL = /^\s*[A-Za-z][^:)]*[:)][\s:]*/; // of paper: "Passphrase (8 words):"
const WORD_COUNT = 8;

/** @param {ParentNode} form with `_code_words.html` in it */
export function markTyped(form) {
  const code = /** @type {HTMLInputElement} */ (form.querySelector("#code"));
  const words = /** @type {HTMLTextAreaElement} */ (form.querySelector("#words"));
  const [marks, said] = [part(form, "marks"), part(form, "typed")];

  /** @param {string} sentence */
  function say(sentence) {
    if (said.textContent !== sentence) said.textContent = sentence;
  }

  let parted = ""; // what was taken apart, so that this is said until somebody types
  const typedNow = () => `${code.value}\n${words.value}`;

  /** @param {boolean} finished whether the last word is */
  function mark(finished) {
    const [secret, fault] = read(code.value, words.value);
    let apart = false;
    if (secret) {
      // Each field has its own part, maybe with a label, if the other part can be replaced by what was found.
      apart = !read(code.value, secret.words)[0] || !read(secret.code, words.value)[0];
      const labelled = !apart && [code, words].some(({ value }) => value.includes(":") || value.includes(")"));
      if (apart || labelled) [code.value, words.value] = [secret.code, secret.words];
      if (apart) parted = typedNow();
    }
    const clean = cleaned(words);
    const label = LABEL.exec(clean)?.[0].length ?? 0;
    const typed = Array.from(clean.matchAll(WORD)).filter(({ index }) => Number(index) >= label);
    const last = finished || /[^A-Za-z]$/.test(clean) ? typed.length : typed.length - 1;
    let sentence = secret ? text(parted === typedNow() ? "typed-apart" : "typed-fits") : "";
    const why = fault && label ? read(code.value, clean.slice(label))[1] : fault;
    if (why instanceof WrongWordsError && why.reason === "mismatch") sentence = text("typed-unfit");
    const lines = typed.slice(0, WORD_COUNT + 1).map((match, at) => {
      const line = document.createElement("li");
      const word = match[0].toLowerCase();
      if (isOfList(word)) line.textContent = "✓";
      else if (at < last) {
        const near = nearestWords(word);
        const position = at + 1;
        line.append("✗ ", ...near.map((one) => offer(one, match)));
        sentence = near.length
          ? text("typed-near", { position, words: near.join(", ") })
          : text("words-unknown", { position });
      }
      return line;
    });
    marks.replaceChildren(...lines);
    say(sentence);
  }

  /** @type {(word: string, match: RegExpMatchArray) => HTMLButtonElement} a button that puts it in the other's place */
  function offer(word, match) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", () => {
      const at = /** @type {number} */ (match.index);
      const clean = cleaned(words);
      words.value = clean.slice(0, at) + word + clean.slice(at + match[0].length);
      words.focus();
      mark(true);
    });
    return button;
  }

  for (const field of [code, words]) {
    field.addEventListener("input", () => {
      parted = "";
      mark(false);
    });
    field.addEventListener("change", () => mark(true));
  }
}

/** @type {(field: HTMLInputElement | HTMLTextAreaElement) => string} */
const cleaned = ({ value }) => value.replace(INVISIBLE, "");

/**
 * @param {string} code
 * @param {string} words
 * @returns {[import("../../crypto/secret.js").ReporterSecret | null, unknown]} the other one is why not
 */
function read(code, words) {
  try {
    return [readTyped(code, words), null];
  } catch (error) {
    return [null, error]; // most of it is said when the button is pressed
  }
}
