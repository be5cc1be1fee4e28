// FORMAT "Receipts", "Export" and "Return": what no browser reads, so that the vectors of all families have two readers.
import { Reader, ascending, concat, u8, utf8 } from "../../dropbox/web/browser/src/fields.js";
import { sha256 } from "../../dropbox/web/browser/src/kdf.js";
import { takeKeys } from "../../dropbox/web/browser/src/keyring.js";
import { readHead, takeObjects } from "../../dropbox/web/browser/src/signed.js";
import { compare } from "../../dropbox/web/browser/src/fields.js";

export function parseReceipts(body) {
  const reader = new Reader(body, "receipts");
  const head = readHead(reader);
  const count = reader.uint(4);
  if (count * 32 !== reader.left) reader.fail("length");
  const blobs = Array.from({ length: count }, () => reader.take(32));
  if (!ascending(blobs)) reader.fail("order");
  return { head, blobs };
}

export function parseReturn(body) {
  const reader = new Reader(body, "return");
  const head = readHead(reader);
  const objects = takeObjects(reader);
  const keys = takeKeys(reader);
  reader.end();
  return { head, objects, keys };
}

export class BlobError extends Error {}

/** Reads an export; `onBlob` gets each blob that is whole. */
export function readExport(bytes, instance, onBlob) {
  const reader = new Reader(bytes, "export");
  reader.expect(concat(utf8("DBXE"), u8(1)));
  if (compare(reader.take(16), instance)) reader.fail("instance");
  const number = reader.uint(8);
  const day = reader.uint(4);
  let blobs = 0;
  for (;;) {
    const mark = reader.uint(1);
    if (mark === 2) break;
    if (mark !== 1) reader.fail("mark");
    const id = reader.take(32);
    const length = reader.uint(8);
    const hash = reader.take(32);
    const content = reader.take(length);
    if (compare(sha256(content), hash)) throw new BlobError("a blob's hash is wrong");
    blobs += 1;
    onBlob(id, content, hash);
  }
  const held = Array.from({ length: reader.uint(2) }, () => [reader.uint(4), reader.uint(4)]);
  const count = reader.uint(4);
  const expected = sha256(bytes.subarray(0, reader.at));
  if (compare(reader.take(32), expected) || count !== blobs) reader.fail("trailer");
  reader.end();
  if (held.some(([epoch], at) => at > 0 && epoch <= held[at - 1][0])) reader.fail("epochs");
  return { number, day, held };
}
