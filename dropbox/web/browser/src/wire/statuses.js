/**
 * Codes of the statuses that the pages treat in a way of their own; all others are only shown by their labels.
 *
 * Rule: the same values as in dropbox/wire/statuses.py.
 */
export const SENT = "TERKIRIM"; // stored, not yet collected: shown by the page, never on a board
export const QUESTION = "BUTUH_INFO";
