// The JavaScript side of tests/fuzz/agreement.py: a list of {family, header, data} on standard input, a list of classes
// on standard output: ok, malformed, untrusted.
import { stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";

import { openObject, openRevocations, verifyCertificate } from "../../dropbox/web/browser/src/crypto/signing.js";
import { MalformedError, UntrustedError } from "../../dropbox/web/browser/src/errors.js";
import { parseAnchorBytes, parseKeyBundle } from "../../dropbox/web/browser/src/wire/keyring.js";
import { parseReceipts, parseReturn, parseStatistics } from "./bundle.mjs";
import { openServerCertificate } from "./exports.mjs";
import { openLogStatement } from "./log_statement.mjs";
import { StageError } from "./opener.mjs";
import { unhex } from "./vector_files.mjs";

const signed = (label, parse) => async (trust, data) => parse((await openObject(trust, data, label)).body);
const FAMILIES = {
  keys: signed("keys", parseKeyBundle),
  receipts: signed("receipts", parseReceipts),
  return: signed("return", parseReturn),
  statistics: signed("statistics", parseStatistics),
  "log-statement": openLogStatement,
  certificate: verifyCertificate,
  "server-certificate": ({ anchor }, data) => openServerCertificate(anchor, data),
  revocations: ({ anchor }, data) => openRevocations(anchor, data),
};

async function classOf({ family, header, data }) {
  const revoked = new Set((header.revoked ?? "").split(" ").filter(Boolean));
  const trust = { anchor: parseAnchorBytes(unhex(header.anchor)), today: Number(header.today ?? 0), revoked, ahead: 1 };
  try {
    await FAMILIES[family](trust, unhex(data));
    return "ok";
  } catch (error) {
    if (error instanceof MalformedError) return "malformed";
    if (error instanceof UntrustedError || error instanceof StageError) return "untrusted";
    throw error;
  }
}

const asked = JSON.parse(await text(stdin));
const answers = [];
for (const one of asked) answers.push(await classOf(one));
stdout.write(JSON.stringify(answers));
