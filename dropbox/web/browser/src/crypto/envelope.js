/**
 * Encodes what all messages of one form share, and the content C of each digest (FORMAT "Record of a blob" and "Ids and
 * digests").
 *
 * Rule: two messages of one form differ in kind, nonce and typed fields; both contain the reporter's thread keys.
 */
import { FILE_NAME_MAX_BYTES } from "../limits.js";
import { utf8 } from "../wire/bytes.js";
import { encodeRecord, lp, text, u32 } from "../wire/fields.js";

/** @typedef {import("../wire/blob.js").Kind} Kind */
/** @typedef {import("../wire/fields.js").NamedValues} NamedValues */
/** @typedef {Record<string, string>} Typed the reporter's fields by record name */

const CONTROL = /[\x00-\x1f\x7f]/g;

/** @type {(typed: Typed) => [string, Uint8Array][]} */
const encoded = (typed) => Object.entries(typed).map(([name, value]) => [name, utf8(value)]);

/** Who writes to which desk, in which language, on which day. */
export class Envelope {
  /**
   * @param {import("./thread-keys.js").ThreadKeys} keys
   * @param {string} desk
   * @param {"id" | "en"} lang
   * @param {number} sent UTC day number of sealing
   */
  constructor(keys, desk, lang, sent) {
    this.keys = keys;
    this.desk = desk;
    this.lang = lang;
    this.sent = sent;
  }

  /**
   * @param {Kind} kind
   * @param {Uint8Array} nonce
   * @param {Typed} typed
   * @returns {NamedValues} the record of a message, without `member`
   */
  record(kind, nonce, typed) {
    return new Map([
      ...encoded(typed),
      ...this.keys.shared(),
      ["kind", utf8(kind)],
      ["nonce", nonce],
      ["desk", utf8(this.desk)],
      ["sent", u32(this.sent)],
      ["lang", utf8(this.lang)],
    ]);
  }

  /**
   * @param {Kind} kind
   * @param {Typed} typed
   * @returns {import("./thread-keys.js").ContentDigest} of C = record(kind, desk and the reporter's fields)
   */
  textDigest(kind, typed) {
    const digest = this.keys.contentDigest();
    digest.update(encodeRecord(new Map([...encoded(typed), ["kind", utf8(kind)], ["desk", utf8(this.desk)]])));
    return digest;
  }

  /**
   * Makes everything of a text message that is needed before it is sealed.
   *
   * @param {Kind} kind
   * @param {Uint8Array} nonce 16 bytes
   * @param {Typed} typed
   * @returns {{id: Uint8Array, digest: Uint8Array, record: NamedValues}} id and digest have 32 bytes
   */
  text(kind, nonce, typed) {
    const id = this.keys.blobId(nonce);
    return { id, digest: this.textDigest(kind, typed).value(id), record: this.record(kind, nonce, typed) };
  }

  /**
   * @param {string} name
   * @param {string} type
   * @returns {import("./thread-keys.js").ContentDigest} of C = lp(name) ‖ lp(type) ‖ bytes; the caller adds the bytes
   */
  fileDigest(name, type) {
    const digest = this.keys.contentDigest();
    digest.update(lp(utf8(name)));
    digest.update(lp(utf8(type)));
    return digest;
  }
}

/**
 * @param {string} filename
 * @returns {string} its last component with "_" for control characters, cut at the front to 255 bytes of UTF-8
 */
export function sealedName(filename) {
  let name = (filename.replace(/\\/g, "/").split("/").pop() ?? "").replace(CONTROL, "_");
  while (utf8(name).length > FILE_NAME_MAX_BYTES) name = Array.from(name).slice(1).join("");
  return text(utf8(name)) || "-"; // encode and decode: a lone surrogate becomes what the desk will read
}
