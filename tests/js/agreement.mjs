// The JavaScript side of tests/fuzz/agreement.py: for each line {family, header, data} of standard input a line
// {stage, values} on standard output.
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";

import { WrongWordsError } from "../../dropbox/web/browser/src/errors.js";
import { reading } from "./readings.mjs";
import { stageOf } from "./stages.mjs";
import { unhex } from "./vector_files.mjs";

for await (const line of createInterface({ input: stdin })) {
  const { family, header, data } = JSON.parse(line);
  const { status, error, values } = await reading(family, header, unhex(data));
  if (error instanceof WrongWordsError) values.position = `${error.position}`;
  stdout.write(`${JSON.stringify({ stage: error ? stageOf(error) : status, values })}\n`);
}
