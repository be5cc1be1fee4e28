// FORMAT "Log statement", written for the tests alone: no page reads one.
import { Reader, text } from "../../dropbox/web/browser/src/wire/fields.js";
import { readHead } from "../../dropbox/web/browser/src/wire/signed.js";
import { verify, verifyCertificate } from "../../dropbox/web/browser/src/crypto/signing.js";
import { StageError } from "./opener.mjs";

const KINDS = ["DBXK", "DBXA", "DBXP", "DBXR", "DBXS", "DBXI", "DBXL"];
const stop = (stage, why) => {
  throw new StageError(stage, why);
};

export async function openLogStatement(trust, untrusted) {
  const object = new Reader(untrusted, "signed object");
  const magic = text(object.take(4));
  if (!KINDS.includes(magic)) object.fail("magic");
  const [shown, body, signature] = [object.lp(512), object.lp(), object.take(64)];
  object.end();
  if (magic !== "DBXL") stop("label", "another magic");
  const reader = new Reader(body, "log statement");
  const head = readHead(reader);
  const certificate = await verifyCertificate({ ...trust, today: head.made }, shown);
  const same = head.instance.every((byte, at) => byte === certificate.instance[at]);
  if (head.desk !== certificate.desk || !same) stop("desk", "another desk's");
  await verify(certificate.station, "log statement", certificate.instance, body, signature);
  if (head.made > trust.today + 1) stop("day", "to come");
  const [lines, ofYear, hash] = [reader.uint(4), reader.uint(4), reader.take(32)];
  reader.end();
  if (head.number < 2000 || head.number > 9998) reader.fail("year");
  if (head.made < Date.UTC(head.number + 1, 0, 1) / 86_400_000) reader.fail("not over");
  if (lines < 1 || ofYear > lines) reader.fail("lines");
  return { year: head.number, lines, ofYear, hash };
}
