/**
 * Builds the browser modules into dropbox/web/static: `node build.mjs [FOLDER]`.
 *
 * Rule: the same sources and lock file give the same bytes, on any machine. Nothing built is committed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { argv, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = resolve(argv[2] ?? fileURLToPath(new URL("../static", import.meta.url)));

/** What a page loads: name of the built file by its source. Page modules are added here; `sealer` goes into one file. */
const ENTRIES = ["report", "status", "metadata", "exit", "sealer"].map((name) => ({ in: `src/page/${name}.js`, out: name }));

mkdirSync(out, { recursive: true });
const { outputFiles } = await build({
  absWorkingDir: here, // so that no path of this machine gets into the output
  entryPoints: ENTRIES,
  outdir: out,
  bundle: true,
  external: ["./metadata.js"], // its users load it when they need it; the sealer has its inside in itself
  format: "esm",
  target: "es2020", // the oldest with BigInt, which ML-KEM's and Ed25519's arithmetic needs: Chrome 80 on old phones
  platform: "browser",
  loader: { ".txt": "text" },
  charset: "ascii",
  minify: true,
  legalComments: "eof",
  sourcemap: false,
  write: false,
  logLevel: "warning",
});
for (const { path, contents } of outputFiles) {
  writeFileSync(path, contents);
  const small = brotliCompressSync(contents).length;
  stdout.write(`${basename(path)}: ${contents.length} bytes, ${small} in Brotli\n`);
}
