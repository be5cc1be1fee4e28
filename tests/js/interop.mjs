// The JavaScript side of test_interop.py: a list of [name, arguments] on standard input, a list of results on standard
// output. Bytes travel as {"hex": …}.
import { stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";

import * as api from "./api.mjs";
import { parseAnchorBytes } from "../../dropbox/web/browser/src/wire/keyring.js";
import { check } from "../../dropbox/web/browser/src/pictures/checking.js";
import { PushStream } from "../../dropbox/web/browser/src/crypto/secretstream.js";
import { library } from "./dev.mjs";
import { EpochSecret, open } from "./opener.mjs";
import { hex, joined, unhex } from "./vector_files.mjs";

const revive = (_, value) => (typeof value?.hex === "string" ? unhex(value.hex) : value);
const replace = (_, value) => {
  if (value instanceof Uint8Array) return { hex: hex(value) };
  return value instanceof Map ? Object.fromEntries(value) : value;
};

/** Pieces of growing odd sizes, so that no border of a piece is one of a chunk. */
function* pieces(bytes) {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 3 + 1) % 200_001)
    yield bytes.subarray(at, at + size);
}

/** @type {(args: any) => Promise<api.Keyring>} */
const verified = ({ anchor, keyring, today }) => api.verifyKeyring(keyring, anchor, today);

const commands = {
  async seal({ code, words, desk, today, kind, typed, file, form, index, attempt, ...rest }) {
    const ring = await verified({ today, ...rest });
    const keys = api.parseSecret(code, words).keys(ring.instance, desk);
    const envelope = new api.Envelope(keys, desk, "id", today);
    const nonce = api.formNonce(form, index, attempt);
    const record = envelope.record(kind, nonce, typed);
    const id = keys.blobId(nonce);
    if (!file) {
      const blob = api.sealText(ring.address(desk), new api.Decoys(), keys.authKey, record);
      return { blob, id, digest: envelope.textDigest(kind, typed).value(id) };
    }
    const sealer = new api.Sealer(ring.address(desk), new api.Decoys(), keys.authKey, record);
    const digest = envelope.fileDigest(typed.name, typed.type);
    const made = [sealer.start()];
    for (const piece of pieces(file)) {
      digest.update(piece);
      made.push(...sealer.update(piece));
    }
    return { blob: joined([...made, ...sealer.finish()]), id, digest: digest.value(id) };
  },

  async container({ code, words, desk, today, typed, files, ...rest }) {
    const ring = await verified({ today, ...rest });
    const from = { secret: api.parseSecret(code, words), keyring: ring, decoys: new api.Decoys(), desk };
    const sender = new api.Sender({ ...from, lang: "id", day: today, form: api.FIRST_FORM });
    const made = [api.containerHead(ring.instance, 1 + files.length), ...api.packText(sender, "report", typed)];
    for (const [at, { name, type, content }] of files.entries()) {
      made.push(...(await api.packFile(sender, at + 1, new File([content], name, { type }))));
    }
    return joined(made);
  },

  async check({ picture }) {
    const { describe } = await library();
    const { state, tells, cleaned } = await check(new File([picture], "x"), async () => ({ describe }));
    return { state, tells, bytes: cleaned && new Uint8Array(await cleaned.arrayBuffer()) };
  },

  open({ blob, instance, desk, seed }) {
    const { record, file, isMember, slots, epoch } = open(blob, instance, desk, new EpochSecret(seed));
    return { record, file, isMember, slots, epoch };
  },

  newSecret({ instance, desk }) {
    const secret = api.newSecret();
    return { code: secret.code, words: secret.words, keys: { ...secret.keys(instance, desk) } };
  },

  async timelines({ boards, code, words, ...rest }) {
    const ring = await verified(rest);
    return api.findAnswers(await api.parseBoards(ring.trust, boards), (desk) =>
      api.parseSecret(code, words).keys(ring.instance, desk),
    );
  },

  refusal: (args) =>
    verified(args).then(
      () => "ok",
      (error) => [error.constructor.name, error.reason],
    ),

  stream({ key, header, state, messages, tags }) {
    const stream = new PushStream(key, header);
    if (state) Object.assign(stream, { key: state.slice(0, 32), nonce: state.slice(32, 44) });
    return messages.map((message, at) => stream.push(message, tags[at]));
  },

  isRevealedBy: ({ code, words, texts }) => texts.map((text) => api.parseSecret(code, words).isRevealedBy(text)),
  names: ({ names }) => names.map(api.sealedName),
  limits: () => ({ ...api.limits }),
  fingerprint: ({ anchor }) => api.fingerprintWords(api.rootFingerprint(anchor)) + (parseAnchorBytes(anchor) && ""),
};

const asked = JSON.parse(await text(stdin), revive);
const results = [];
for (const [name, args] of asked) results.push(await commands[name](args));
stdout.write(JSON.stringify(results, replace));
