/** The review of chosen files as a file of its own, which the report page loads once the report has arrived. */
export * from "../files/file-review.js";
