/**
 * Exports the review of chosen files as a script of its own: the report page loads it once the report has arrived.
 */
export * from "../files/file-review.js";
