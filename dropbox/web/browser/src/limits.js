/**
 * Defines the numbers that the browser needs. Their names are those of dropbox/limits.py, which gives the reasons.
 *
 * Rule: every value is that of dropbox/limits.py (tests/js/test_interop.py); what Python does not have is marked.
 */

const KIB = 1024;

export const CHUNK_BYTES = 64 * KIB;
export const BUCKET_MIN_BYTES = 16 * KIB;
export const BUCKET_COUNT = 16;
export const RECORD_MAX_BYTES = CHUNK_BYTES - KIB;
export const FIELD_MAX_CHARACTERS = 100_000;
export const FORM_MAX_BYTES = 4 * KIB * KIB;
export const FILE_NAME_MAX_BYTES = 255;
export const FILES_PER_FORM_MAX = 20;
export const CONTAINER_BLOBS_MAX = 1 + FILES_PER_FORM_MAX;
export const DESKS_MAX = 8;

export const EPOCH_DAYS = 7;
export const EPOCH_COMPLETE_DAYS = 7;
export const BOARD_FRESH_DAYS = 10;
export const CERTIFICATE_DAYS = 100;
export const REVOCATIONS_DAYS = CERTIFICATE_DAYS;
export const READER_AHEAD_DAYS = 2;
export const NUMBERS_PER_SERIAL = 1 << 16;
export const SERIAL_MAX = 65_535;
export const REVOCATION_LISTS_MAX = 65_535;

export const CELL_BYTES = 2 * KIB;
export const CELL_PARTS_MAX = 64;
export const BOARD_CELLS_MAX = 16_384;
export const SHARD_CELLS_MAX = 128;
export const RETURN_ITEMS_MAX = 1024;

// Not in Python. If today is so many days outside all certificates, the clock is wrong: no workstation renews so late.
export const CLOCK_DOUBT_DAYS = 30;
