/**
 * Defines every error of the browser modules, by meaning. The twin of dropbox/errors.py.
 *
 * Rule: no message contains input or a secret. The page chooses its sentence by class and `reason`, never by message.
 */

/** Base of every error that these modules throw on purpose. */
export class DropboxError extends Error {}

/** Bytes from outside break the format. They are rejected whole. */
export class MalformedError extends DropboxError {}

/** More bytes than a limit allows. */
export class TooLargeError extends DropboxError {}

/** A rule forbids the request; nothing was sealed. */
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
 * `key` (not in the key bundle), `number`, `made`, `list` (of revocations: too old, or from the future), `clock`,
 * `epoch`.
 */
export class UntrustedError extends ReasonError {}

/**
 * The clock of this device may be wrong, so nothing is sealed: today is far from the days of everything published
 * (`clock`), or today's week has a key, but the server sent those of other weeks (`epoch`).
 */
export class WrongClockError extends UntrustedError {
  /**
   * @param {number} today UTC day number by this device's clock
   * @param {number} first day number on which something published is valid
   * @param {number} last day number of that kind
   * @param {"clock" | "epoch"} [reason]
   */
  constructor(today, first, last, reason = "clock") {
    super("the clock of this device may be wrong", reason);
    this.today = today;
    this.first = first;
    this.last = last;
  }
}

/** A cell of this thread is damaged: `cell` (cannot be decrypted) or `part` (parts are missing or do not agree). */
export class DamagedError extends ReasonError {}

/** The receipt code is invalid: `length`, `symbol` (the letter U) or `check` (a symbol is wrong). */
export class WrongCodeError extends ReasonError {}

/** The passphrase is invalid: `count`, `unknown` (not in the list) or `mismatch` (does not belong to the code). */
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
