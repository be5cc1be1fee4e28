// What `#word-list` is in the bundle: esbuild's text loader reads the one list of the project.
export { default } from "../../../crypto/words.txt";
