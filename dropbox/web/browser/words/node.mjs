// `#word-list` in node, for the tests: the same file that esbuild puts into the bundle.
import { readFileSync } from "node:fs";

export default readFileSync(new URL("../../../crypto/words.txt", import.meta.url), "ascii");
