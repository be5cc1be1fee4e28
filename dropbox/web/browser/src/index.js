/**
 * What the page modules and the off-line sealer use: everything else in this folder is an implementation of these.
 *
 * Rule: no DOM, no network, no storage, no clock. Bytes and strings in, bytes and values out.
 */
export { DeskBoard, openTimeline, parseBoards } from "./crypto/answers.js";
export { blobLength } from "./wire/blob.js";
export { containerHead, packFile, packText } from "./offline/seal.js";
export { dateOf, dayOf, epochFirstDay, epochOf } from "./wire/calendar.js";
export { Envelope, sealedName } from "./crypto/envelope.js";
export * from "./errors.js";
export { Keyring, parseAnchor, verifyKeyring } from "./crypto/keyring.js";
export * as limits from "./limits.js";
export { bucketFor } from "./wire/padding.js";
export { Decoys, Sealer, sealText } from "./crypto/sealing.js";
export { FIRST_FORM, ReporterSecret, formNonce, newForm, newSecret, parseCode, parseSecret } from "./crypto/secret.js";
export { rootFingerprint } from "./crypto/signing.js";
export { fingerprintWords } from "./crypto/words.js";
