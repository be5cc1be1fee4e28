/**
 * What the page modules and the off-line sealer use: everything else in this folder is an implementation of these.
 *
 * Rule: no DOM, no network, no storage, no clock. Bytes and strings in, bytes and values out.
 */
export { DeskBoard, openTimeline, parseBoards } from "./answers.js";
export { blobLength } from "./blob.js";
export { containerHead, packFile, packText } from "./container.js";
export { dateOf, dayOf, epochFirstDay, epochOf } from "./calendar.js";
export { Envelope, sealedName } from "./envelope.js";
export * from "./errors.js";
export { Keyring, parseAnchor, verifyKeyring } from "./keyring.js";
export * as limits from "./limits.js";
export { bucketFor } from "./padding.js";
export { Decoys, Sealer, sealText } from "./sealing.js";
export { FIRST_FORM, ReporterSecret, formNonce, newForm, newSecret, parseCode, parseSecret } from "./secret.js";
export { rootFingerprint } from "./signing.js";
export { fingerprintWords } from "./words.js";
