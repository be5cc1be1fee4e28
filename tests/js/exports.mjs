// FORMAT "Export" and "Server certificate", written for the tests alone: no page reads either.
import { compare, concat, hex, utf8 } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader, u8 } from "../../dropbox/web/browser/src/wire/fields.js";
import { sha256 } from "../../dropbox/web/browser/src/crypto/kdf.js";
import { isNumberOf } from "../../dropbox/web/browser/src/wire/signed.js";
import { verify } from "../../dropbox/web/browser/src/crypto/signing.js";
import { StageError } from "./opener.mjs";

const CERTIFICATE_BYTES = 134;
const opening = (magic) => concat(utf8(magic), u8(1));
const stop = (stage, why) => {
  throw new StageError(stage, why);
};

export async function openServerCertificate(anchor, untrusted) {
  const outer = new Reader(untrusted, "server certificate");
  const [body, signature] = [outer.lp(66), outer.take(64)];
  outer.end();
  const reader = new Reader(body, "server certificate");
  reader.expect(opening("DBXW"));
  const [instance, server] = [reader.take(16), reader.take(32)];
  const [first, last, serial, flags] = [reader.uint(4), reader.uint(4), reader.uint(4), reader.uint(1)];
  reader.end();
  if (flags > 1) reader.fail("flags");
  if (serial < 1 || serial > 65535) reader.fail("serial");
  await verify(anchor.key, "server certificate", anchor.instance, body, signature);
  if (compare(instance, anchor.instance)) stop("instance", "another's");
  if ((flags === 1) !== anchor.demo) stop("use", "demo or real");
  if (last < first || last - first > 400) stop("days", "too many");
  return { server, first, last, serial };
}

/** Reads an export that counts; `onBlob` gets each blob that is whole, also of one that does not. */
export async function openExport({ anchor, today, revoked }, bytes, instance, onBlob) {
  const reader = new Reader(bytes, "export");
  reader.expect(opening("DBXE"));
  if (compare(reader.take(16), instance)) reader.fail("instance");
  const number = reader.uint(4) * 2 ** 32 + reader.uint(4);
  const day = reader.uint(4);
  const shown = reader.take(CERTIFICATE_BYTES);
  let blobs = 0;
  for (;;) {
    const mark = reader.uint(1);
    if (mark === 2) break;
    if (mark !== 1) reader.fail("mark");
    const id = reader.take(32);
    const length = reader.uint(8);
    const hash = reader.take(32);
    const content = reader.take(length);
    if (compare(sha256(content), hash)) stop("blob", "another hash");
    blobs += 1;
    onBlob(id, content, hash);
  }
  const held = Array.from({ length: reader.uint(2) }, () => [reader.uint(4), reader.uint(4)]);
  const returns = Array.from({ length: reader.uint(1) }, () => [reader.desk(), reader.uint(4)]);
  const count = reader.uint(4);
  const signed = bytes.subarray(0, reader.at);
  if (compare(reader.take(32), sha256(signed)) || count !== blobs) reader.fail("trailer");
  const signature = reader.take(64);
  reader.end();
  if (held.some(([epoch], at) => at > 0 && epoch <= held[at - 1][0])) reader.fail("epochs");
  if (returns.some(([desk], at) => at > 0 && desk <= returns[at - 1][0])) reader.fail("desks");
  const certificate = await openServerCertificate(anchor, shown);
  if (!isNumberOf(certificate.serial, number)) stop("number", "of another serial");
  await verify(certificate.server, "export", instance, signed, signature);
  if (revoked.has(hex(certificate.server))) stop("revoked", "its key");
  if (day < certificate.first || day > Math.min(certificate.last, anchor.last)) stop("date", "outside the certificate");
  if (day > today + 1) stop("future", "to come");
  return { number, day, held, returns };
}
