/**
 * Every error of the browser modules, by meaning: the twin of dropbox/errors.py.
 *
 * Rule: no message holds input or a secret. The page chooses its words by class and `reason`, never by message.
 */

/** Base of every error that these modules raise on purpose. */
export class DropboxError extends Error {}

/** Bytes from outside break the format: they are refused whole, never half-accepted. */
export class MalformedError extends DropboxError {}

/** More bytes than a limit allows. */
export class TooLargeError extends DropboxError {}

/** A rule forbids what was asked; nothing was sealed. */
export class RefusedError extends DropboxError {}

class ReasonError extends DropboxError {
  /**
   * @param {string} message
   * @param {string} reason one word, listed at each class
   */
  constructor(message, reason) {
    super(message);
    this.reason = reason;
  }
}

/**
 * A signature, certificate or chain does not lead to the pinned root, or is out of date.
 *
 * Reasons: `signature`, `instance`, `use` (demo or real), `days`, `revoked`, `root-expired`, `date`, `label`, `desk`,
 * `key` (none that the bundle names), `number`, `made`, `list` (of revocations: old, or to come), `clock`, `epoch`.
 */
export class UntrustedError extends ReasonError {}

/**
 * The clock of this device may be wrong, and nothing is sealed: nothing published holds today, by far (`clock`), or the
 * keys that came are for other weeks than today's, which has one (`epoch`).
 */
export class WrongClockError extends UntrustedError {
  /**
   * @param {number} today the day that this device believes in
   * @param {number} first the first day for which something published holds
   * @param {number} last the last such day
   * @param {"clock" | "epoch"} [reason]
   */
  constructor(today, first, last, reason = "clock") {
    super("the clock of this device may be wrong", reason);
    this.today = today;
    this.first = first;
    this.last = last;
  }
}

/** A cell of the board is ours and is damaged: `cell` (does not open) or `part` (one is missing or they disagree). */
export class DamagedError extends ReasonError {}

/** The receipt code cannot be right: `length`, `symbol` (the letter U) or `check` (a symbol is wrong). */
export class WrongCodeError extends ReasonError {}

/** The passphrase cannot be right: `count`, `unknown` (not of the list) or `mismatch` (does not fit the code). */
export class WrongWordsError extends ReasonError {
  /**
   * @param {string} message
   * @param {string} reason
   * @param {number} [position] 1-based place of the unknown word, else 0
   */
  constructor(message, reason, position = 0) {
    super(message, reason);
    this.position = position;
  }
}
