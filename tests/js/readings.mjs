// What JavaScript makes of an object of a family: the twin of tests/fuzz/reading.py. Families that a browser reads are
// read by the product's own modules; the others by the readers that the tests have for the vectors.
//
// Rule: values have the names and the form of the vectors' header lines.
import { openTimeline } from "../../dropbox/web/browser/src/crypto/answers.js";
import { sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { openKeyedBundle } from "../../dropbox/web/browser/src/crypto/key-bundle.js";
import { verifyKeyring } from "../../dropbox/web/browser/src/crypto/keyring.js";
import { parseSecret } from "../../dropbox/web/browser/src/crypto/secret.js";
import {
  openObject,
  openRevocations,
  rootFingerprint,
  verify,
  verifyCertificate,
} from "../../dropbox/web/browser/src/crypto/signing.js";
import { labelledHash } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { holdsKeyword } from "../../dropbox/web/browser/src/form/keyword-match.js";
import { parseBoards } from "../../dropbox/web/browser/src/published/boards.js";
import { parseBoard } from "../../dropbox/web/browser/src/wire/board.js";
import { concat, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader, required, text } from "../../dropbox/web/browser/src/wire/fields.js";
import { parseAnchor, parseAnchorBytes, parseKeyBundle } from "../../dropbox/web/browser/src/wire/keyring.js";
import { parseObject } from "../../dropbox/web/browser/src/wire/signed.js";
import { parseReceipts, parseReturn, parseStatistics } from "./bundle.mjs";
import * as carried from "./carried.mjs";
import { load } from "./dev.mjs";
import { isBlank, openAnswer, openDossier, readCard } from "./dossier.mjs";
import { openExport, openServerCertificate } from "./exports.mjs";
import { openLogStatement } from "./log_statement.mjs";
import { EpochSecret, StageError, open } from "./opener.mjs";
import { checkReturn } from "./returning.mjs";
import { hex, unhex } from "./vector_files.mjs";

const { ed25519 } = await load("@noble/curves/ed25519.js");

/** A seed is expanded once: the vectors have few. */
const secrets = new Map();
const secretOf = (seed) => secrets.get(seed) ?? secrets.set(seed, new EpochSecret(unhex(seed))).get(seed);

const trustOf = (header) => {
  const revoked = new Set((header.revoked ?? "").split(" ").filter(Boolean));
  return {
    anchor: parseAnchor(text(unhex(header.anchor))),
    today: Number(header.today ?? 0),
    revoked,
    ahead: 1,
  };
};
const hexes = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hex(value)]));
const strings = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}`]));
const headOf = ({ desk, number, made }) => strings({ desk, number, made });
const hexOf = (typed) => hex(utf8(typed));
const bodyOf = async (header, data, label) =>
  (
    await openObject(trustOf(header), data, label, {
      dated: header.dated !== "no",
    })
  ).body;

/** The statement of a claim, read from FORMAT alone: no page checks one. */
export async function statementOf(header, data) {
  const reader = new Reader(data, "claim");
  reader.expect(concat(utf8("DBXM"), Uint8Array.of(1)));
  const instance = reader.take(16);
  const desk = reader.desk();
  const [challenge, key] = [reader.take(32), reader.take(32)];
  const statement = text(reader.lp(100_000));
  const body = data.subarray(0, data.length - 64);
  const signature = reader.take(64);
  reader.end();
  if (isBlank(statement)) reader.fail("empty");
  const stop = (reason) => {
    throw new StageError(reason, "of another");
  };
  if (hex(instance) !== header.instance) stop("instance");
  if (desk !== header.desk) stop("desk");
  if (hex(challenge) !== header.challenge) stop("challenge");
  if (hex(key) !== header.key) stop("key");
  await verify(key, "claim", instance, body, signature);
  return statement;
}

/** The receiver whose card's facts are in the header. */
export const receiverOf = (header) => ({
  sign: ed25519.getPublicKey(unhex(header["sign-seed"])),
  sha256: unhex(header["card-sha256"]),
  first: Number(header["card-first"]),
  last: Number(header["card-last"]),
});

function blobOf(header, data) {
  const opened = open(data, unhex(header.instance), header.desk, secretOf(header["epoch-seed"]));
  const { record } = opened;
  const names = ["thread", "nonce", "member", "claim", "tag-key", "answer-key", "auth-key", ...opened.fields];
  return {
    "": opened.isMember ? "ok" : "member",
    "file-key": hex(opened.fileKey),
    file: hex(opened.file),
    fields: opened.fields.join(" "),
    lang: opened.lang,
    kind: text(required(record, "kind")),
    sent: `${new Reader(required(record, "sent"), "sent").uint(4)}`,
    name: hexOf(opened.texts.name),
    type: hexOf(opened.texts.type),
    ...Object.fromEntries(names.map((name) => [`record.${name}`, hex(record.get(name))])),
  };
}

async function boardOf(header, data) {
  const board = parseBoard(await bodyOf(header, data, "board"));
  const { instance, desk, number, made } = board.head;
  const place = { instance, desk, number, find: (tag) => board.find(tag) };
  const entries = openTimeline(place, unhex(header["tag-key"]), unhex(header["answer-key"]));
  if (!entries) return { "": "none" };
  const found = strings({ number, made });
  entries.forEach((entry, at) => {
    for (const name of ["day", "files", "kind", "next", "status", "text", "texts"])
      if (entry[name]) found[`entry.${at}.${name}`] = `${entry[name]}`;
  });
  return found;
}

async function statisticsOf(header, data) {
  const found = {};
  const { periods } = parseStatistics(await bodyOf(header, data, "statistics"));
  periods.forEach(({ first, last, counted, tables }, at) => {
    found[`period.${at}`] = `${first} ${last} ${counted}`;
    tables.forEach(({ code, columns, rows }, place) => {
      const lines = rows.map((row) => [row.code, ...row.values.map((value) => value ?? "-")].join(" "));
      found[`table.${at}.${place}`] = [[code, ...columns].join(" "), ...lines].join("; ");
    });
  });
  return found;
}

const READERS = {
  accepted: (header, data) => {
    const slots = header.slots.split(" ").map(Number);
    const known = {
      instance: unhex(header.instance),
      today: Number(header.today),
      slots,
    };
    carried.accept(data, Number(header.length), known);
    return {};
  },
  anchor: (_, data) => {
    const { instance, key, demo, last } = parseAnchorBytes(data);
    const named = hexes({ instance, key, fingerprint: rootFingerprint(data) });
    return { use: demo ? "demo" : "real", last: `${last}`, ...named };
  },
  answer: async (header, data) => {
    const [reply, dossier] = [secretOf(header["reply-seed"]), unhex(header.dossier)];
    const known = [unhex(header.instance), dossier, reply, receiverOf(header), Number(header.today)];
    const { day, number, result, question, remark } = await openAnswer(data, ...known);
    const said = {
      "number-hex": number,
      "result-hex": result,
      "question-hex": question,
      "remark-hex": remark,
    };
    const texts = Object.entries(said).map(([name, one]) => [name, hexOf(one)]);
    return { day: `${day}`, ...Object.fromEntries(texts) };
  },
  blob: blobOf,
  board: boardOf,
  boards: async (header, data) => {
    const boards = await parseBoards({ ...trustOf(header), ahead: 2 }, data);
    return {
      desks: boards.map(({ desk, shards }) => `${desk}:${shards.length}`).join(" "),
    };
  },
  card: async (_, data) => {
    const { label, purpose, first, last, sign, seal } = await readCard(data);
    const fingerprint = labelledHash("receiver fingerprint", data);
    const named = hexes({ "label-hex": utf8(label), sign, seal, fingerprint });
    return { purpose, ...strings({ first, last }), ...named };
  },
  certificate: async (header, data) => {
    const { desk, station, first, last, serial, successor } = await verifyCertificate(trustOf(header), data);
    const named = {
      desk,
      station: hex(station),
      ...(successor ? { successor: "yes" } : {}),
    };
    return { ...named, ...strings({ first, last, serial }) };
  },
  "certificate-file": (_, data) => {
    const [certificate, list] = carried.splitCertificateFile(data);
    return hexes({ certificate, list });
  },
  claim: async (header, data) => ({
    "statement-hex": hexOf(await statementOf(header, data)),
  }),
  confirm: (header) => {
    const secret = parseSecret(header.code, header.words);
    const isRight = secret.isConfirmedBy(text(unhex(header["typed-hex"])));
    return { "": isRight ? "ok" : "wrong", number: `${secret.confirmNumber}` };
  },
  container: (header, data, found) => {
    let count = 0;
    carried.readContainer(data, unhex(header.instance), (id, digest, blob) => {
      found[`blob.${count}`] = `${hex(id)} ${hex(digest)} ${blob.length}`;
      found["good-blobs"] = `${++count}`;
    });
    return found;
  },
  "courier-key": (_, data) => hexes({ key: carried.parseCourierKey(data) }),
  dossier: async (header, data) => {
    const receiver = {
      ...receiverOf(header),
      secret: secretOf(header["epoch-seed"]),
    };
    const { head, id, replyKey, parts } = await openDossier(data, trustOf(header), receiver);
    const sums = Object.fromEntries(parts.map(({ name, bytes }) => [`sha256.${name}`, hex(sha256(bytes))]));
    return {
      ...hexes({ id, "reply-key": replyKey }),
      desk: head.desk,
      made: `${head.made}`,
      ...sums,
    };
  },
  export: async (header, data, found) => {
    let count = 0;
    const keep = (id, content, hash) => {
      found[`blob.${count}`] = `${hex(id)} ${content.length} ${hex(hash)}`;
      found["good-blobs"] = `${++count}`;
    };
    const { number, day, held, returns } = await openExport(trustOf(header), data, unhex(header.instance), keep);
    const pairs = (of) => of.map((pair) => pair.join("=")).join(" ");
    return {
      ...found,
      ...strings({ number, day }),
      held: pairs(held),
      returns: pairs(returns),
    };
  },
  "file-signature": async (header, data) => {
    await carried.verifyFile(parseAnchorBytes(unhex(header.anchor)), unhex(header.file), data);
    return {};
  },
  imported: async (header, data) => ({
    keys: (await checkReturn(trustOf(header), data)).keys.join(" "),
  }),
  keyed: async (header, data) => {
    const { keys } = await openKeyedBundle(trustOf(header), data);
    return { epochs: [...keys.keys()].join(" ") };
  },
  keyring: async (header, data) => {
    const { desks } = await verifyKeyring(data, text(unhex(header.anchor)), Number(header.today));
    const names = (of) => of.map(({ name }) => name).join(" ");
    return {
      desks: names(desks),
      closed: names(desks.filter(({ key }) => key === null)),
    };
  },
  keys: async (header, data) => {
    const { head, previous, epochs } = parseKeyBundle(await bodyOf(header, data, "keys"));
    const hashes = [...epochs].map(([epoch, hash]) => `${epoch}=${hex(hash)}`).join(" ");
    return { ...headOf(head), previous: hex(previous), hashes };
  },
  "keyword-match": (header, data) => ({
    "": holdsKeyword(text(data), header.phrases.split("|")) ? "ok" : "none",
  }),
  "log-statement": async (header, data) => {
    const { year, lines, ofYear, hash } = await openLogStatement(trustOf(header), data);
    return { ...strings({ year, lines, "of-year": ofYear }), hash: hex(hash) };
  },
  notice: (header, data) => strings(carried.openNotice(secretOf(header["epoch-seed"]), data)),
  receipts: async (header, data) => {
    const { head, blobs } = parseReceipts(await bodyOf(header, data, "receipts"));
    return { ...headOf(head), blobs: blobs.map(hex).join(" ") };
  },
  return: async (header, data) => {
    const { head, objects, keys, revocations } = parseReturn(await bodyOf(header, data, "return"));
    const labels = objects.map((one) => parseObject(one).label).join(" ");
    return {
      ...headOf(head),
      labels,
      epochs: [...keys.keys()].join(" "),
      list: hex(revocations),
    };
  },
  revocations: async (header, data) => {
    const { number, made, keys } = await openRevocations(trustOf(header).anchor, data);
    return { ...strings({ number, made }), keys: keys.join(" ") };
  },
  secret: (header) => {
    const [code, words] = ["code", "words"].map((name) => text(unhex(header[`${name}-hex`])));
    const secret = parseSecret(code, words);
    const { thread, claim, tagKey, answerKey } = secret.keys(unhex(header.instance), header.desk);
    const named = hexes({
      thread,
      claim,
      "tag-key": tagKey,
      "answer-key": answerKey,
    });
    return { code: secret.code, words: secret.words, ...named };
  },
  "server-certificate": async (header, data) => {
    const { server, first, last, serial } = await openServerCertificate(parseAnchorBytes(unhex(header.anchor)), data);
    return { server: hex(server), ...strings({ first, last, serial }) };
  },
  "server-request": (_, data) => hexes(carried.parseServerRequest(data)),
  "station-request": (_, data) => {
    const { desk, instance, station } = carried.parseStationRequest(data);
    return { desk, ...hexes({ instance, station }) };
  },
  statistics: statisticsOf,
};

/** {status, values}, or what was thrown as `error` with what came out before it. */
export async function reading(family, header, data) {
  const before = {};
  try {
    const { "": status = "ok", ...values } = await READERS[family](header, data, before);
    return { status, values };
  } catch (error) {
    return { error, values: before };
  }
}
