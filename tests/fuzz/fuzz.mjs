// Fuzzes the browser's parsers, guided by V8's block coverage: node tests/fuzz/fuzz.mjs RUNS SEED FOLDER [NAME …]
//
//     FOLDER/NAME        inputs of a target; those that reach something new are added
//     FOLDER/findings    inputs that a target could not bear; the program goes on and exits with 1
//
// Standard output gets a line of JSON for each target. jazzer.js would be the usual engine: its addon of 2026 needs a
// newer C library than Debian 12 has.
//
// Rule: runs are counted in executions, never in time, and the same seed, engine and folder make the same runs.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Coverage } from "./coverage.mjs";
import { TARGETS, taken } from "./cutter_targets.mjs";
import { mutated, random } from "./mutating.mjs";

const BATCH = 64; // inputs between two looks at the coverage: a look costs as much as some dozens of runs
const MOST_BYTES = 8192;

const [runs, seed, folder, ...asked] = process.argv.slice(2);
const coverage = await Coverage.start();
const findings = join(folder, "findings");
let failed = false;

const nameOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

for (const name of asked.length ? asked : Object.keys(TARGETS)) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const corpus = readdirSync(place)
    .sort()
    .map((file) => new Uint8Array(readFileSync(join(place, file))));
  if (!corpus.length) corpus.push(new Uint8Array());
  const below = random(Number(seed));
  const seen = new Set();
  const words = TARGETS[name].words;
  let [executions, accepted] = [0, 0];

  const attempt = (bytes) => {
    executions += 1;
    try {
      accepted += taken(name, bytes) ? 1 : 0;
    } catch (error) {
      failed = true;
      const what = String(error?.stack).split("\n").slice(0, 2).join(" ");
      if (seen.has(what)) return;
      seen.add(what);
      mkdirSync(findings, { recursive: true });
      writeFileSync(join(findings, `${name}-${nameOf(bytes)}`), bytes);
      process.stderr.write(`${name}: ${error?.stack}\n`);
    }
  };

  const begun = performance.now();
  for (const bytes of [...corpus]) attempt(bytes);
  await coverage.isFresh();
  while (executions < Number(runs)) {
    const batch = Array.from({ length: BATCH }, () =>
      mutated(below, corpus[below(corpus.length)], {
        words,
        other: () => corpus[below(corpus.length)],
        most: MOST_BYTES,
      }),
    );
    const before = new Map(coverage.covered);
    batch.forEach(attempt);
    if (!(await coverage.isFresh())) continue;
    coverage.covered = before; // which of them was it?
    for (const bytes of batch) {
      attempt(bytes);
      if (!(await coverage.isFresh())) continue;
      corpus.push(bytes);
      writeFileSync(join(place, nameOf(bytes)), bytes);
    }
  }
  const seconds = Math.round((performance.now() - begun) / 1000);
  const figures = { target: name, executions, seconds, accepted, corpus: corpus.length, offsets: coverage.total };
  process.stdout.write(`${JSON.stringify({ ...figures, findings: seen.size })}\n`);
}
process.exitCode = failed ? 1 : 0;
