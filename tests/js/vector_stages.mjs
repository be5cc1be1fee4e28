// Runs the vectors of a family, and compares the stage at which a reader stops with the one that a vector names.
import assert from "node:assert/strict";
import { test } from "node:test";

import { stageOf } from "./stages.mjs";
import { family } from "./vector_files.mjs";

export const ran = new Set();

const only = process.env.FAMILIES?.split(" "); // tests/mutants looks at those of a module first

/** One test for each file of a family. */
export function each(name, run) {
  ran.add(name);
  if (only && !only.includes(name)) return;
  for (const vector of family(name)) test(`${vector.name}: ${vector.expect}`, () => run(vector));
}

/** What `act` gives if the vector is good; else undefined, after having seen that it fails at its stage. */
export async function outcome(vector, act, good = ["ok"]) {
  let value;
  try {
    value = await act();
  } catch (error) {
    const stage = stageOf(error);
    assert.equal(
      stage === "malformed" && vector.expect === "timeline" ? "timeline" : stage,
      vector.expect,
      error.message,
    );
    return undefined;
  }
  assert.ok(good.includes(vector.expect), `passed, and should stop at ${vector.expect}`);
  return value;
}
