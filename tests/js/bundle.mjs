// FORMAT "Receipts", "Statistics" and "Return": no browser reads them; the vectors of every family need two readers.
import { ascending } from "../../dropbox/web/browser/src/wire/bytes.js";
import { Reader, text } from "../../dropbox/web/browser/src/wire/fields.js";
import { takeKeys } from "../../dropbox/web/browser/src/wire/keyring.js";
import { takeObjects } from "../../dropbox/web/browser/src/wire/bundle.js";
import { readHead } from "../../dropbox/web/browser/src/wire/signed.js";

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
