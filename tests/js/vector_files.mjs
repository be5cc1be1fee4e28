// Reads tests/vectors: header lines, an empty line, the bytes. The twin of tests/crypto/vector_files.py.
import { readFileSync, readdirSync } from "node:fs";

export const VECTORS = new URL("../vectors/", import.meta.url);

export const unhex = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const joined = (pieces) => new Uint8Array(Buffer.concat([...pieces]));

export class VectorFile {
  constructor(family, file) {
    const bytes = readFileSync(new URL(`${family}/${file}`, VECTORS));
    const at = bytes.indexOf("\n\n");
    this.name = `${family}/${file.replace(/\.vec$/, "")}`;
    this.body = new Uint8Array(bytes.subarray(at + 2));
    const lines = bytes.subarray(0, at).toString("ascii").split("\n");
    this.header = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s)));
  }

  get expect() {
    return this.header.expect;
  }

  hex(key) {
    return unhex(this.header[key]);
  }

  number(key) {
    return Number(this.header[key]);
  }

  /** Hex values whose keys begin so, by the rest of the key, as a Map. */
  numbered(prefix) {
    const found = Object.entries(this.header).filter(([key]) => key.startsWith(prefix));
    return new Map(found.map(([key, value]) => [key.slice(prefix.length), unhex(value)]));
  }
}

export const families = () =>
  readdirSync(VECTORS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "__pycache__")
    .map((entry) => entry.name)
    .sort();

export const family = (name) =>
  readdirSync(new URL(`${name}/`, VECTORS))
    .filter((file) => file.endsWith(".vec"))
    .sort()
    .map((file) => new VectorFile(name, file));
