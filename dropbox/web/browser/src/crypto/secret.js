/**
 * Makes and parses the reporter's secret, and derives the master key (FORMAT "Reporter's secret").
 *
 *     mk = PRF(u16(w0) ‖ … ‖ u16(w7), "master", instance, desk, x0 … x14)
 *
 * Rule: nothing here is ever logged, stored or put into an error; the code alone opens nothing.
 */
import { NONCE_BYTES } from "../wire/blob.js";
import { WrongCodeError, WrongWordsError } from "../errors.js";
import { concat, utf8 } from "../wire/bytes.js";
import { u16 } from "../wire/fields.js";
import { labelledHash, prf, randomBytes } from "./kdf.js";
import { ThreadKeys } from "./thread-keys.js";
import { KEY_LETTERS, WORDS, WORD_BITS, indexOf } from "./words.js";

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_SYMBOLS = 16;
const WORD_COUNT = 8;
const CHECKSUM_BITS = 5;
const GF32_POLYNOMIAL = 0b100101; // a^5 + a^2 + 1
const REVEALING_WORDS = 4; // no text contains so many consecutive words of the passphrase by chance

/** The form part of the first message's nonce. */
export const FIRST_FORM = new Uint8Array(12);

/**
 * @param {string} symbols 15
 * @returns {string} x15 = a¹·x0 + … + a¹⁵·x14, by Horner's rule from the last symbol
 */
function checkSymbol(symbols) {
  let total = 0;
  for (const symbol of [...symbols].reverse()) {
    total = (total ^ SYMBOLS.indexOf(symbol)) << 1;
    if (total & 32) total ^= GF32_POLYNOMIAL;
  }
  return SYMBOLS[total];
}

/** @type {(symbols: string, indices: readonly number[]) => number} 5 bits over code and words */
function checksum(symbols, indices) {
  const bits = indices.reduce((sum, index) => (sum << BigInt(WORD_BITS)) | BigInt(index), 0n);
  const hex = ((bits >> BigInt(CHECKSUM_BITS)) << BigInt(CHECKSUM_BITS)).toString(16).padStart(22, "0");
  const body = Uint8Array.from({ length: 11 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  return labelledHash("words checksum", utf8(symbols), body)[0] >> (8 - CHECKSUM_BITS);
}

/**
 * @param {string} typed
 * @returns {string} its letters and digits in upper case, O as 0, I and L as 1; anything else is ignored
 */
const symbolsOf = (typed) =>
  typed
    .replace(/[^0-9A-Za-z]/g, "")
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");

/** @type {(typed: string) => string[]} its words in lower case */
const lettersOf = (typed) => (typed.match(/[A-Za-z]+/g) ?? []).map((word) => word.toLowerCase());

/** A receipt code and the passphrase that belongs to it. */
export class ReporterSecret {
  #symbols;
  #indices;

  /**
   * @param {string} symbols 15
   * @param {readonly number[]} indices 8
   */
  constructor(symbols, indices) {
    this.#symbols = symbols;
    this.#indices = indices;
  }

  /** `XXXX-XXXX-XXXX-XXXX`. */
  get code() {
    return (this.#symbols + checkSymbol(this.#symbols)).replace(/.{4}(?=.)/g, "$&-");
  }

  /** Eight words, separated by spaces. */
  get words() {
    return this.#indices.map((index) => WORDS[index]).join(" ");
  }

  /** Number (1 to 8) of the word that the reporter repeats before sending: (x0 + … + x14) mod 8 + 1. */
  get confirmNumber() {
    return ([...this.#symbols].reduce((sum, symbol) => sum + SYMBOLS.indexOf(symbol), 0) % WORD_COUNT) + 1;
  }

  /**
   * @param {string} typed
   * @returns {boolean} whether it is that word, in any case; its first four letters are enough
   */
  isConfirmedBy(typed) {
    const words = lettersOf(typed);
    try {
      return words.length === 1 && indexOf(words[0], 1) === this.#indices[this.confirmNumber - 1];
    } catch {
      return false;
    }
  }

  /**
   * @param {Uint8Array} instance
   * @param {string} desk
   * @returns {ThreadKeys} the thread's keys at that instance and desk; the keys of one desk reveal nothing about
   *   another's
   */
  keys(instance, desk) {
    return new ThreadKeys(this.#master(instance, desk));
  }

  /**
   * @param {Uint8Array} instance
   * @param {string} desk
   * @returns {Uint8Array} seed of the claim key (Ed25519), 32 bytes; only for claims.js
   */
  claimSeed(instance, desk) {
    return prf(this.#master(instance, desk), "claim key");
  }

  /**
   * @param {Uint8Array} instance
   * @param {string} desk
   */
  #master(instance, desk) {
    return prf(concat(...this.#indices.map(u16)), "master", instance, utf8(desk), utf8(this.#symbols));
  }

  /**
   * @param {string} text
   * @returns {boolean} whether it contains the code, or four consecutive words of the passphrase; the first four
   *   letters of a word are enough
   */
  isRevealedBy(text) {
    if (symbolsOf(text).includes(this.code.replace(/-/g, ""))) return true;
    const keys = (/** @type {string[]} */ words) => words.map((word) => word.slice(0, KEY_LETTERS));
    const own = keys(this.words.split(" "));
    const told = ` ${keys(lettersOf(text)).join(" ")} `;
    return own
      .slice(REVEALING_WORDS - 1)
      .some((_, at) => told.includes(` ${own.slice(at, at + REVEALING_WORDS).join(" ")} `));
  }
}

/** @returns {ReporterSecret} a new one, of 158 random bits */
export function newSecret() {
  const symbols = Array.from(randomBytes(CODE_SYMBOLS - 1), (byte) => SYMBOLS[byte & 31]).join("");
  const indices = Array.from(new Uint16Array(randomBytes(2 * WORD_COUNT).buffer), (pair) => pair & (WORDS.length - 1));
  indices[WORD_COUNT - 1] &= ~((1 << CHECKSUM_BITS) - 1);
  indices[WORD_COUNT - 1] |= checksum(symbols, indices);
  return new ReporterSecret(symbols, indices);
}

/**
 * @param {string} typed
 * @returns {string} the 15 symbols of a receipt code; throws WrongCodeError
 */
export function parseCode(typed) {
  const symbols = symbolsOf(typed);
  if (symbols.length !== CODE_SYMBOLS) throw new WrongCodeError("a receipt code has 16 letters and digits", "length");
  if (symbols.includes("U")) throw new WrongCodeError("a receipt code has no letter U", "symbol");
  const body = symbols.slice(0, -1);
  if (body + checkSymbol(body) !== symbols) throw new WrongCodeError("a symbol of the receipt code is wrong", "check");
  return body;
}

/**
 * @param {string} typedCode
 * @param {string} typedWords
 * @returns {ReporterSecret} throws WrongCodeError or WrongWordsError
 */
export function parseSecret(typedCode, typedWords) {
  const symbols = parseCode(typedCode);
  const typed = lettersOf(typedWords);
  if (typed.length !== WORD_COUNT) throw new WrongWordsError("a passphrase has eight words", "count");
  const indices = typed.map((word, at) => indexOf(word, at + 1));
  if (checksum(symbols, indices) !== (indices[WORD_COUNT - 1] & ((1 << CHECKSUM_BITS) - 1))) {
    throw new WrongWordsError("the passphrase does not fit the receipt code", "mismatch");
  }
  return new ReporterSecret(symbols, indices);
}

/** @returns {Uint8Array} 12 random bytes: the form part of a later form's nonces */
export const newForm = () => randomBytes(FIRST_FORM.length);

/**
 * @param {Uint8Array} form 12 bytes
 * @param {number} index place in the form
 * @param {number} [attempt] how many messages of this place were sent before
 * @returns {Uint8Array} form ‖ u16(index) ‖ u16(attempt), 16 bytes
 */
export function formNonce(form, index, attempt = 0) {
  const nonce = concat(form, u16(index), u16(attempt));
  if (nonce.length !== NONCE_BYTES) throw new RangeError("a form nonce has 12 bytes");
  return nonce;
}
