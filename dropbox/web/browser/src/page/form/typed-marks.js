/**
 * Marks the words of a passphrase while they are typed, and takes code and words apart where one field holds both.
 *
 * Rule: nothing is sent or kept. The status line speaks of a word that is finished and wrong, of a mix-up and of the
 * end; it is silent about what is right, so that a screen reader does not interrupt.
 */
import { parseSecret } from "../../crypto/secret.js";
import { INVISIBLE, readTyped } from "../../crypto/typed-secret.js";
import { isOfList, nearestWords } from "../../form/nearest-word.js";
import { part, text } from "../dom.js";

const WORD = /[A-Za-z]+/g;
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

  /** @param {boolean} finished whether the last word is */
  function mark(finished) {
    const secret = secretOf(readTyped, code.value, words.value);
    const apart = secret !== null && !secretOf(parseSecret, cleaned(code), cleaned(words));
    if (secret && apart) [code.value, words.value] = [secret.code, secret.words];
    const clean = cleaned(words);
    const typed = Array.from(clean.matchAll(WORD));
    const last = finished || /[^A-Za-z]$/.test(clean) ? typed.length : typed.length - 1;
    let sentence = secret ? text(apart ? "typed-apart" : "typed-fits") : "";
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
    field.addEventListener("input", () => mark(false));
    field.addEventListener("change", () => mark(true));
  }
}

/** @type {(field: HTMLInputElement | HTMLTextAreaElement) => string} */
const cleaned = ({ value }) => value.replace(INVISIBLE, "");

/**
 * @param {typeof readTyped} read
 * @param {string} code
 * @param {string} words
 * @returns {import("../../crypto/secret.js").ReporterSecret | null}
 */
function secretOf(read, code, words) {
  try {
    return read(code, words);
  } catch {
    return null; // what is wrong is said when the button is pressed
  }
}
