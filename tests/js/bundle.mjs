// FORMAT "Receipts", "Statistics", "Export" and "Return": what no browser reads, so that the vectors of all families have two readers.
import { Reader, ascending, concat, u8, utf8 } from "../../dropbox/web/browser/src/fields.js";
import { sha256 } from "../../dropbox/web/browser/src/kdf.js";
import { takeKeys } from "../../dropbox/web/browser/src/keyring.js";
import { readHead, takeObjects } from "../../dropbox/web/browser/src/signed.js";
import { compare, text } from "../../dropbox/web/browser/src/fields.js";

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
  const revocations = reader.lp();
  reader.end();
  return { head, objects, keys, revocations };
}

export function parseStatistics(body) {
  const reader = new Reader(body, "statistics");
  const times = (count, most, take) => {
    if (count < 1 || count > most) reader.fail("count");
    return Array.from({ length: count }, take);
  };
  const code = () => {
    const raw = text(reader.take(reader.uint(1)));
    if (!/^[a-z0-9-]{1,32}$/.test(raw)) reader.fail("code");
    return raw;
  };
  const once = (codes) => new Set(codes).size === codes.length || reader.fail("twice");
  const head = readHead(reader);
  const periods = times(reader.uint(1), 8, () => {
    const [first, last, counted] = [reader.uint(4), reader.uint(4), reader.uint(4)];
    const tables = times(reader.uint(1), 24, () => {
      const name = code();
      const columns = times(reader.uint(1), 8, code);
      const number = () => ((value) => (value === 2 ** 32 - 1 ? null : value))(reader.uint(4));
      const rows = times(reader.uint(2), 64, () => ({ code: code(), values: columns.map(number) }));
      once(columns);
      once(rows.map((row) => row.code));
      return { code: name, columns, rows };
    });
    once(tables.map((table) => table.code));
    if (last < first || last - first >= 366 || counted <= last || counted > head.made) reader.fail("days");
    return { first, last, counted, tables };
  });
  reader.end();
  if (periods.some((period, at) => at > 0 && periods[at - 1].last >= period.first)) reader.fail("overlap");
  return { head, periods };
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
