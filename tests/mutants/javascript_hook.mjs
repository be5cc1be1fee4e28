// Gives the module of a mutant another source: `node --import ./javascript_hook.mjs`, with the mutant as JSON in a file
// that MUTANT names. Nothing is written into the checkout.
import { readFileSync } from "node:fs";
import { register } from "node:module";

const { path, source } = JSON.parse(readFileSync(process.env.MUTANT, "utf8"));
const url = new URL(`../../${path}`, import.meta.url).href;
const hook = `
let mutant;
export function initialize(data) { mutant = data; }
export async function load(url, context, next) {
  return url === mutant.url ? { format: "module", source: mutant.source, shortCircuit: true } : next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`, { data: { url, source } });
