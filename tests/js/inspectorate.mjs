// An inspectorate for the tests: root, stations, epoch keys, and everything that they sign.
import { epochOf } from "../../dropbox/web/browser/src/wire/calendar.js";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { lp, u16, u32, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { prf, randomBytes, sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { load } from "./dev.mjs";
import { EpochSecret } from "./opener.mjs";
import { hex } from "./vector_files.mjs";

const { ed25519 } = await load("@noble/curves/ed25519.js");
const { xchacha20poly1305 } = await load("@noble/ciphers/chacha.js");

export const TODAY = 20781; // 2026-11-24, a Tuesday
export const EPOCH = epochOf(TODAY);
const MAGICS = { keys: "DBXK", board: "DBXA" };

const byEpoch = (epochs, value) => concat(u8(epochs.length), ...epochs.map((epoch) => concat(u32(epoch), value)));
const sorted = (items) => [...items].sort((a, b) => Buffer.compare(a, b));
/** Runs of about one length. */
const cut = (items, count) => {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
};

export class Inspectorate {
  constructor({ demo = false, last = TODAY + 900 } = {}) {
    this.instance = randomBytes(16);
    this.demo = demo;
    this.last = last;
    this.root = randomBytes(32);
    this.stations = { irjen: randomBytes(32), itjen: randomBytes(32) };
    this.epochs = { irjen: new EpochSecret(randomBytes(32)), itjen: new EpochSecret(randomBytes(32)) };
  }

  get anchor() {
    const use = this.demo ? "demo" : "real";
    const key = hex(ed25519.getPublicKey(this.root));
    return `dropbox root key v1\ninstance: ${hex(this.instance)}\nkey: ${key}\nuse: ${use}\nnot after: ${this.last}\n`;
  }

  sign(seed, label, body) {
    const message = concat(lp(utf8(`dropbox/v1/sign/${label}`)), lp(this.instance), lp(sha256(body)));
    return ed25519.sign(message, seed);
  }

  certificate(desk, { first = TODAY - 10, last = TODAY + 60, serial = 7, demo = this.demo } = {}) {
    const station = ed25519.getPublicKey(this.stations[desk]);
    const name = concat(u8(desk.length), utf8(desk));
    const numbers = concat(u32(first), u32(last), u32(serial), u8(demo ? 1 : 0));
    const body = concat(utf8("DBXC"), u8(1), this.instance, name, station, numbers);
    return concat(lp(body), this.sign(this.root, "certificate", body));
  }

  /** `number` is the place under the certificate of that serial. */
  head(desk, number, made) {
    return concat(this.instance, u8(desk.length), utf8(desk), u32(number), u32(made));
  }

  object(label, desk, body, validity) {
    const signature = this.sign(this.stations[desk], label, body);
    return concat(utf8(MAGICS[label]), lp(this.certificate(desk, validity)), lp(body), signature);
  }

  keys(desk, { made = TODAY - 1, epochs = [EPOCH, EPOCH + 1], ...validity } = {}) {
    const body = concat(
      this.head(desk, numberOf(validity, 1), made),
      new Uint8Array(32),
      byEpoch(epochs, sha256(this.epochs[desk].public)),
    );
    return this.object("keys", desk, body, validity);
  }

  /** A signed key bundle that names `epochs`, and the keys that it carries: those named, unless told otherwise. */
  keyed(desk, /** @type {any} */ { carried, ...choices } = {}) {
    const { epochs = [EPOCH, EPOCH + 1] } = choices;
    return concat(lp(this.keys(desk, choices)), byEpoch(carried ?? epochs, this.epochs[desk].public));
  }

  revocations(desks, { made = TODAY - 1 } = {}) {
    const keys = sorted(desks.map((desk) => ed25519.getPublicKey(this.stations[desk])));
    const list = concat(...keys.map((key) => concat(key, u32(made))));
    const body = concat(utf8("DBXV"), u8(1), this.instance, u32(1), u32(made), u16(desks.length), list);
    return concat(utf8("DBXV"), lp(body), this.sign(this.root, "revocations", body));
  }

  /** The keyring file; each desk's choices override those for all. */
  keyring(choices = {}, /** @type {any} */ { revoked = [], list, irjen = {}, itjen = {} } = {}) {
    const objects = [
      this.keyed("irjen", { ...choices, ...irjen }),
      this.keyed("itjen", { ...choices, serial: 8, ...itjen }),
    ];
    return concat(packed(objects), lp(this.revocations(revoked, list)));
  }

  /** The shards of a desk's board with these cells; `runs`: the cells of each shard, where they are not in order. */
  board(desk, cells, /** @type {any} */ choices = {}) {
    const { number = 5, made = TODAY - 1, shards = 1, runs = cut(sorted(cells), shards), ...validity } = choices;
    return runs.map((own, shard) => {
      const ordered = sorted(own);
      const body = concat(
        this.head(desk, numberOf(validity, number), made),
        u16(shard),
        u16(runs.length),
        u32(own.length),
        ...ordered,
      );
      return this.object("board", desk, body, validity);
    });
  }

  /** The cells that carry a timeline's data. */
  cells(desk, keys, data, place = 5) {
    const number = numberOf({}, place);
    const count = Math.max(1, Math.ceil(data.length / 2044));
    return Array.from({ length: count }, (_, part) => {
      const piece = data.subarray(part * 2044, (part + 1) * 2044);
      const plaintext = concat(u8(part), u8(count), u16(piece.length), piece, new Uint8Array(2044 - piece.length));
      const where = [utf8(desk), u32(number), u8(part)];
      const ad = concat(...[utf8("dropbox/v1/cell"), this.instance, ...where].map(lp));
      const nonce = randomBytes(24);
      const sealed = xchacha20poly1305(prf(keys.answerKey, "cell"), nonce, ad).encrypt(plaintext);
      return concat(prf(keys.tagKey, "tag", ...where).subarray(0, 16), nonce, sealed);
    });
  }
}

/** FORMAT "Signed object": the numbers of a certificate begin beyond those of the serial before. */
const numberOf = ({ serial = 7 }, place) => (serial - 1) * 65536 + place;

export const packed = (objects) => concat(u16(objects.length), ...objects.map(lp));
export const dummies = (count) => Array.from({ length: count }, () => randomBytes(2104));
