/** What most tests of the browser modules use, by one name. */
export { blobLength } from "../../dropbox/web/browser/src/wire/blob.js";
export { containerHead } from "../../dropbox/web/browser/src/wire/container.js";
export { dateOf, dayOf, epochFirstDay, epochOf } from "../../dropbox/web/browser/src/wire/calendar.js";
export { parseAnchor } from "../../dropbox/web/browser/src/wire/keyring.js";
export { bucketFor } from "../../dropbox/web/browser/src/wire/padding.js";
export { Envelope, sealedName } from "../../dropbox/web/browser/src/crypto/envelope.js";
export { Keyring, verifyKeyring } from "../../dropbox/web/browser/src/crypto/keyring.js";
export { Decoys, Sealer, sealText } from "../../dropbox/web/browser/src/crypto/sealing.js";
export {
  FIRST_FORM,
  ReporterSecret,
  formNonce,
  newForm,
  newSecret,
  parseCode,
  parseSecret,
} from "../../dropbox/web/browser/src/crypto/secret.js";
export { rootFingerprint } from "../../dropbox/web/browser/src/crypto/signing.js";
export { fingerprintWords } from "../../dropbox/web/browser/src/crypto/words.js";
export { Sender } from "../../dropbox/web/browser/src/intake/sealing-stream.js";
export { packFile, packText } from "../../dropbox/web/browser/src/offline/seal.js";
export { DeskBoard, findAnswers, parseBoards } from "../../dropbox/web/browser/src/published/boards.js";
export * from "../../dropbox/web/browser/src/errors.js";
export * as limits from "../../dropbox/web/browser/src/limits.js";
