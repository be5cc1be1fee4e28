/**
 * Builds the browser modules into dropbox/web/static: `node build.mjs [FOLDER]`.
 *
 * For each script and for the styles it also writes a copy in Brotli and one in gzip, which the server sends.
 *
 * Rule: the same sources and lock file give the same bytes, on any machine. Nothing built is committed.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { argv, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build, transform } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = resolve(argv[2] ?? fileURLToPath(new URL("../static", import.meta.url)));

/** The scripts that pages load: `src/page/entry/NAME.js` becomes `NAME.js`. The sealer's page contains its script. */
const PAGES = [
  "keyring",
  "report",
  "status",
  "proof",
  "files",
  "metadata",
  "regencies",
  "exit",
  "ask",
  "copy",
  "sealer",
];
const ENTRIES = PAGES.map((name) => ({ in: `src/page/entry/${name}.js`, out: name }));

/** Packs the word list for words/bundle.mjs: each word as the number of letters that it shares with the one before. */
const PACKED_WORDS = {
  name: "packed words",
  /** @param {import("esbuild").PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /words\.txt$/ }, ({ path }) => {
      const words = readFileSync(path, "ascii").trim().split("\n");
      const packed = words.map((word, at) => {
        let shared = 0;
        while (at && shared < 9 && word[shared] && word[shared] === words[at - 1][shared]) shared += 1;
        return shared + word.slice(shared);
      });
      return { contents: packed.join(""), loader: "text" };
    });
  },
};

/** Removes error messages, which are for tests: pages choose their sentences by class and reason. */
const NO_MESSAGES = {
  name: "no messages",
  /** @param {import("esbuild").PluginBuild} build */
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]browser[\\/]src[\\/].*\.js$/ }, ({ path }) => {
      const silent = readFileSync(path, "utf8").replace(/(new \w*Error|\.fail)\("[^"\\\n]*"/g, '$1(""');
      return { contents: silent, loader: "js" };
    });
  },
};

mkdirSync(out, { recursive: true });
const { outputFiles } = await build({
  absWorkingDir: here, // so that no path of this machine gets into the output
  entryPoints: ENTRIES,
  outdir: out,
  bundle: true,
  external: ["./keyring.js", "./files.js", "./metadata.js", "./regencies.js"], // sooner or later than their users
  format: "esm",
  // Private members are marked by a comment, /** @private */, which tsc checks: with this target, #names would cost a
  // WeakMap each. Only ReporterSecret has them.
  target: "es2020", // the oldest with BigInt, which ML-KEM's and Ed25519's arithmetic needs: Chrome 80 on old phones
  supported: { "class-field": true, "class-static-field": true }, // which those browsers have, though ES2020 has not
  platform: "browser",
  plugins: [PACKED_WORDS, NO_MESSAGES],
  charset: "ascii",
  minify: true,
  legalComments: "eof",
  sourcemap: false,
  write: false,
  logLevel: "warning",
});
for (const { path, contents } of outputFiles) {
  writeFileSync(path, contents);
  compress(path, contents);
}
const { code: style } = await transform(readFileSync(new URL("style.css", import.meta.url), "utf-8"), {
  loader: "css",
  minify: true,
});
writeFileSync(join(out, "style.css"), style);
compress(join(out, "style.css"), Buffer.from(style));
const slip = readFileSync(new URL("../static/slip.css", import.meta.url)); // the rules for paper, as they are
compress(join(out, "slip.css"), slip);

/**
 * @param {string} path
 * @param {Uint8Array} contents of the plain file
 */
function compress(path, contents) {
  const brotli = brotliCompressSync(contents);
  const gzip = gzipSync(contents, { level: 9, memLevel: 7 }); // shorter blocks than the default: smaller here
  gzip[9] = 255; // the system that packed it: none
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzip);
  stdout.write(`${basename(path)}: ${contents.length} bytes, ${brotli.length} in Brotli, ${gzip.length} in gzip\n`);
}
