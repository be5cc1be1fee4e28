// The stage at which an error stopped, in the words of the vectors' `expect`.
import * as errors from "../../dropbox/web/browser/src/errors.js";
import { StageError } from "./opener.mjs";

export function stageOf(error) {
  if (error instanceof StageError) return error.stage;
  if (error instanceof errors.MalformedError) return "malformed";
  if (error instanceof errors.WrongClockError && error.reason === "epoch") return "date"; // with a hint for people
  if (error instanceof errors.WrongCodeError) return `code-${error.reason}`;
  if (error instanceof errors.WrongWordsError) return `words-${error.reason}`;
  if (error instanceof errors.UntrustedError || error instanceof errors.DamagedError) return error.reason;
  throw error;
}
