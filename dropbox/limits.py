"""Defines the numbers that two modules or FORMAT.md share, and those that an operator may ask about.

Rule: each has a unit, a reason and, where there is one, a source. A bound that only one module uses stays in that
module. This module imports nothing. Numbers of the byte format are repeated in wire/FORMAT.md;
`tests/wire/test_limits.py` compares both.
"""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# --- blobs (FORMAT.md "Blob") -------------------------------------------------------------
CHUNK_BYTES: Final = 64 * KIB  # plaintext of one secretstream chunk; libsodium reaches full speed there
BUCKET_MIN_BYTES: Final = 16 * KIB  # the text cell: a report of some 2 500 words
BUCKET_COUNT: Final = 16  # sizes of blobs: a copy of the server reveals 4 bits about a size
RECORD_MAX_BYTES: Final = CHUNK_BYTES - KIB  # the record of a file; the top bucket has one chunk more for it
FILE_MAX_BYTES: Final = 512 * MIB  # a long phone video; bounded by the capacity of a courier's USB drive
DESKS_MAX: Final = 8  # slots of a blob: 1.2 kB each, and the screen must still be readable

# --- what a reporter may type ---------------------------------------------------------------------
FIELD_MAX_CHARACTERS: Final = 100_000  # about 30 pages; longer texts go as a file
FIELD_MAX_BYTES: Final = 4 * FIELD_MAX_CHARACTERS  # as UTF-8: emoji and letters of all scripts
FORM_MAX_BYTES: Final = 4 * MIB  # a text form with everything percent-encoded; a longer one gets 413 and is not read
FILE_NAME_MAX_BYTES: Final = 255  # limit of file systems; longer names are shortened, the end is kept
MEDIA_TYPE_MAX_BYTES: Final = 255  # RFC 6838, section 4.2: two names of at most 127 characters
FILES_PER_FORM_MAX: Final = 20  # bounds a form's nonces (index of 2 bytes) and its time
CONTAINER_BLOBS_MAX: Final = 1 + FILES_PER_FORM_MAX  # blobs of a container: a text and the files of one form
SEALER_TOTAL_MIB: Final = 200  # files of one container made in a browser, which holds them sealed in memory
FORM_FIELDS_MAX: Final = 256  # fields of the report form: about 90 with every box ticked
PARTS_PER_FORM_MAX: Final = 64  # fields and files of one multipart form
PART_HEADER_MAX_BYTES: Final = 16 * KIB  # headers of one multipart part, a 4 kB file name included

# --- time -------------------------------------------------------------------------------------
EPOCH_DAYS: Final = 7  # life of an epoch key (design 3.1)
EPOCHS_AHEAD: Final = 12  # weeks published ahead: a workstation may publish nothing for that long
KEY_SLACK_DAYS: Final = 1  # pages get the keys of this many days before and after: for clocks that are a day off
EPOCH_GRACE_DAYS: Final = 14  # an epoch key is kept this long after its epoch; then it is destroyed if no blob remains
COPY_READ_DAYS: Final = 30  # interval of reading the second copy: a rotten bit is found within two intervals
EPOCH_COMPLETE_DAYS: Final = 7  # the server completes no blob whose epoch ended longer ago
EPOCH_EXPIRY_DAYS: Final = 60  # after the grace: then two officers decide about blobs that were never collected
BOARD_FRESH_DAYS: Final = 10  # a board older than this is called old on the page
BOARD_LATE_DAYS: Final = 7  # a desk that brought no board for so long is named: the round is weekly at least
CERTIFICATE_DAYS: Final = 100  # life of a station certificate
SERVER_CERTIFICATE_DAYS: Final = 400  # life of the certificate that signs exports: a ceremony a year, and a month more
CERTIFICATE_WARN_DAYS: Final = 20  # days left of a station's or the server's certificate: time for a ceremony
REVOCATIONS_DAYS: Final = CERTIFICATE_DAYS  # life of a list of revocations: each certificate comes with a new list
MADE_AHEAD_DAYS: Final = 1  # a signed date may be tomorrow: clocks of two offices around midnight
READER_AHEAD_DAYS: Final = 2  # the same for people's own clocks, which are a day off more often
ROOT_DAYS: Final = 3 * 365  # life of a root key
ROOT_WARN_DAYS: Final = 200  # days left of a root: half a year for a new one, then its certificates become shorter
CONTACT_DAYS: Final = 365  # somebody calls each help number once a year
QUESTION_DAYS_MIN: Final = 30  # reporters check rarely; silence is no answer any sooner (domain notes 2.3)
FORM_MAC_HOURS: Final = 48  # bucket of the MAC over code and words in a form
STAGING_HOURS: Final = 6  # bucket in which an unfinished upload expires
FLUSH_SECONDS: Final = 15  # a slow upload is written at least this often, although a row is not full

# --- connections (dropbox.serving) -------------------------------------------------------------------
CONNECTIONS: Final = 1000  # of one worker; those without progress are closed for new ones
PIECE_BYTES: Final = 64 * KIB  # of a body or an answer: a connection's deadline starts again after each
HEAD_MAX_BYTES: Final = 32 * KIB  # of a request's head, or of the trailers of a body; browsers send 2 KiB
HEAD_SECONDS: Final = 20  # a request's head is one or two Tor cells
GATHER_BYTES: Final = 128 * KIB  # of a body, before a thread gets it: the longest text and its headers
GATHER_SECONDS: Final = 180  # for a piece of it: a few kB over the slowest connection
PIECE_SECONDS: Final = 300  # for a piece of an upload: Tor may stall for a minute; below 0.2 kB/s it is unusable
GIVE_WAY_SECONDS: Final = 60  # an upload that needs longer for a piece is stopped when all slots are taken
WRITE_SECONDS: Final = 120  # for a piece of an answer: 0.5 kB/s
LEAVE_SECONDS: Final = 3  # for the client to end a connection after the last answer
SWALLOW_SECONDS: Final = 30  # for a piece of a refused body: a browser shows the answer only after sending everything
LEAVE_BYTES: Final = 1 * MIB  # of a refused body that is read and discarded, unless a page asks for more
HELD_MAX_BYTES: Final = 32 * MIB  # of one worker: bytes that were received or wait to be written

# --- the answer board (FORMAT.md "Board") --------------------------------------------------------
CELL_BYTES: Final = 2 * KIB  # plaintext of one cell
CELL_PARTS_MAX: Final = 64  # parts of one timeline: 128 kB
ARCHIVED_SHOWN_DAYS: Final = 90  # an archived case stays on the board for this long
BOARD_CELLS_MIN: Final = 64  # dummies fill up to this, then to the next power of two
BOARD_CELLS_MAX: Final = 16_384  # dummies included: 35 MB, so that a reply bundle also has room for keys and receipts
SHARD_CELLS_MAX: Final = 128  # 128 cells are 270 kB; beyond that boards split (design 3.4: 300 kB)

# --- statistics (FORMAT.md "Statistics") -----------------------------------------------------------
STATISTICS_PERIODS_MAX: Final = 8  # two years of quarters: the page stays below 20 KB
STATISTICS_TABLES_MAX: Final = 24  # of one period
STATISTICS_COLUMNS_MAX: Final = 8  # of one table; a phone shows three
STATISTICS_ROWS_MAX: Final = 64  # of one table: 38 provinces, and room for more
STATISTICS_PERIOD_DAYS_MAX: Final = 366  # the longest period is a year
SMALL_CELL: Final = 5  # smaller counts are not published: colleagues could identify the reporter

# --- prevention, oversight -------------------------------------------------------------------------------------
RECURRENCE_CASES_MIN: Final = 3  # cases of one unit, service or modus in a year: twice may be chance
BREACH_NOTICE_HOURS: Final = 72  # UU 27/2022 art. 46: 3 x 24 hours from the discovery
RECOMMENDATION_DAYS_MAX: Final = 730  # what is to be done later than in two years is no recommendation
SPREAD_CASES_MIN: Final = 10  # a median and a 90th percentile of fewer cases would be single cases

# --- bundles ---------------------------------------------------------------------------------------
RETURN_BUNDLE_MAX_BYTES: Final = 64 * MIB  # boards of about 25 000 cells, read into memory
NUMBERS_PER_SERIAL: Final = 1 << 16  # numbers under one certificate: the next certificate continues after them
SERIAL_MAX: Final = 65_535  # the numbers of a larger serial would not fit into u32
REVOCATION_LISTS_MAX: Final = 65_535  # number of the last list that a root may sign: one a day for 179 years
RETURN_ITEMS_MAX: Final = 1024  # signed items of one return bundle

# --- dossiers for other bodies (FORMAT.md "Dossier") ----------------------------------------------------
DOSSIER_PARTS_MAX: Final = 256  # facts, papers and evidence: more is a delivery, not a dossier
DOSSIER_MAX_BYTES: Final = 1024 * MIB  # cleaned evidence is held in memory until it is sealed

# --- store ------------------------------------------------------------------------------------------
STORE_CHUNK_BYTES: Final = 1 * MIB  # one row, one commit of an upload
SQLITE_BUSY_MS: Final = 60_000  # a courier's import may delete for long; waiting is better for a reporter than an error
UPKEEP_WAIT_MS: Final = 500  # upkeep waits this long for others, and makes others wait as long; then it tries again
REWRITE_SMALL_BYTES: Final = 32 * MIB  # rewritten at once at each upkeep, in memory: 0.2 to 0.5 s
STANDBY_SECONDS: Final = 10  # that a sender waits for PostgreSQL's standby; the thread is then free for others
REWRITE_WAIT_SECONDS: Final = 1.0  # after a slower rewrite the next one waits for the night: reporters had to wait
RESHUFFLE_ROWS: Final = 64  # rows that change places in one transaction: about 10 ms
RESHUFFLE_BYTES: Final = 8 * MIB  # the same: eight rows of a large file, about 0.1 s
TIDY_SECONDS_MAX: Final = 3600  # file times are whole hours: a less frequent upkeep could not set them
NIGHT_HOUR: Final = 3  # hour of the installation's zone: the office is empty, and the daily rewrite may take long
STORE_RESERVE_BYTES: Final = 128 * MIB  # not for reporters: a reply bundle of 64 MiB and its journal, and upkeep
STORE_RESERVE_MIN_BYTES: Final = 3 * MIB  # on a small disk: two rows of STORE_CHUNK_BYTES that change places
STORE_FILES_BYTES: Final = 256 * KIB  # a blob of at least this size counts as a file, a smaller one as a text
STORE_TEXT_PERCENT: Final = 20  # of the room, for texts only: files are refused before it is used
EXPORTS_REMEMBERED: Final = 12  # their median is the usual number of blobs: three months of weekly exports
FLOOD_BLOBS_MIN: Final = 200  # a smaller number can be read within a day
FLOOD_TIMES: Final = 5  # times the usual number: a scandal brings two or three times as many
TEXTS_LOW_PERCENT: Final = 10  # of the room: a warning while weeks of texts still fit
EXPORT_LATE_DAYS: Final = 7  # of the newest collected export: the courier's weekly round did not come
EXPORT_OLD_DAYS: Final = 14  # the time for the first answer (3 working days) has passed for certain
CLOSING_DAYS: Final = 7  # a desk that closes within them needs somebody today
TLS_WARN_DAYS: Final = 14  # before the end of the proxy's certificate; Debian's certbot renews 30 days before
HEALTH_SECONDS: Final = 10  # for the answer of the running server to its monitor
PROBE_SECONDS: Final = 20  # for the site's first answer through its proxy; one that buffers waits for the whole body
REWRITE_LATE_DAYS: Final = 2  # a large store is rewritten each night: two nights were missed
UPLOADS_OPEN_MAX: Final = 20_000  # unfinished ones: at 1 KB the rows of a flood take 20 MB, and are counted in ms
USAGE_SECONDS: Final = 2.0  # validity of a count of used bytes, while there is room
USAGE_NEAR_BYTES: Final = 128 * MIB  # closer to a limit each transaction counts: 48 threads write 48 MiB at a time

# --- server -----------------------------------------------------------------------------------------
WORKERS: Final = 2
THREADS: Final = 24  # per worker; a thread waits for the network most of the time
PAGE_BUCKET_BYTES: Final = 32  # compressed pages are filled up to a multiple; they hold no secret (DECISIONS.md, 22)
REVIEW_BUCKET_BYTES: Final = 4 * KIB  # for answers to a report: a warning in a review has 0.4 kB
ANSWER_BUCKET_BYTES: Final = 16 * KIB  # all other answers to a POST, then doubled: an answered thread has 9 kB
PAGES_KEPT_BYTES: Final = 8 * MIB  # of a worker, for answers that are equal for all: all pages packed have 1 MB
LOG_LINES_MAX: Final = 200  # different lines that a worker keeps until the next tidying
UPLOAD_THREADS: Final = 16  # of these threads, at most this many receive uploads (design 5); further ones get a 503

# --- the search for private keys at the start in production (dropbox/web/checks/reach.py) ------------------------
REACH_ENTRIES_MAX: Final = 200_000  # files, folders and members of archives; a checkout in use has some 60 000
REACH_UNPACKED_BYTES: Final = 1024 * MIB  # what is read of compressed archives: some 10 s
REACH_FILE_BYTES: Final = 256 * MIB  # of one file, so that one film in an archive does not use up the rest
REACH_SECONDS: Final = 15  # twice at the start, near the server and in homes; no page is up before
REACH_HEAD_BYTES: Final = 4 * KIB  # of each file and member: a private file's first lines, behind blank ones
REACH_NESTING_MAX: Final = 3  # archives in archives: a zip of a .tar.gz has 3

# --- passphrases that people choose (RFC 9106) ---------------------------------------------------------
ARGON2_TIME: Final = 3  # RFC 9106 second recommended option: t=3, 64 MiB, p=4
ARGON2_MEMORY_KIB: Final = 64 * KIB
ARGON2_LANES: Final = 4
STAFF_PASSPHRASE_MIN: Final = 12  # characters

# --- texts of reports at the workstation ---------------------------------------------------------------
MESSAGE_TEXT_MAX_BYTES: Final = MIB  # of one message in vault.db: ten full fields; the sealed blob has the rest
EXCERPT_MAX_BYTES: Final = 4 * KIB  # of one field, where cases are compared: two pages tell the matter
THREAD_PAGE_ITEMS: Final = 100  # of a case on one page of the desk
THREAD_PAGE_BYTES: Final = 512 * KIB  # of their texts: one message is shown whole, many long ones are not

# --- manifest of a site (FORMAT.md "Site manifest") ------------------------------------------
MANIFEST_MAX_BYTES: Final = 2 * MIB  # of the signed file: settings, and some 120 addresses
MANIFEST_SETTINGS_MAX_BYTES: Final = MIB  # what visitors see of the settings, with the installation's own pages
MANIFEST_POLICY_MAX_BYTES: Final = KIB
MANIFEST_ANSWERS_MAX: Final = 1000
MANIFEST_NUMBER_MAX: Final = 65_535  # one a day for 179 years
MANIFEST_STEP_MAX: Final = 100  # above the newest that a root signed: proposals that were never signed leave gaps

# --- files of reports at the workstation --------------------------------------------------------------
PREVIEW_SIDE: Final = 1600  # pixels; a page is readable on a screen of 1366 × 768
CLEAN_PAGE_SIDE: Final = 2480  # pixels: A4 at 200 dots per inch has 2339
CLEAN_PICTURE_SIDE: Final = 12_000  # pixels: whole up to 108 million pixels; it is said when a copy is smaller
PICTURE_MEMORY_BYTES: Final = 2304 * MIB  # data: a phone's 200 million pixels as HEIC need 1.8 GB, as JPEG 0.8 GB
CLEAN_PAGES_MAX: Final = 200  # pages of one cleaned copy; it is said when a document has more
TEXT_MAX_BYTES: Final = 8 * MIB  # of one file, for the eye and the search: a chat of 150 000 lines; it is said when cut
COPY_TEXT_MAX_BYTES: Final = 64 * MIB  # of a cleaned copy of a text; it is said when cut
DOCUMENT_MAX_BYTES: Final = 64 * MIB  # of an office document, and of the PDF that is made of it
SANDBOX_MEMORY_BYTES: Final = 1536 * MIB  # data of a process there: LibreOffice with a long document
SANDBOX_SCRATCH_BYTES: Final = 64 * MIB  # its /tmp, which is memory; media and documents get room for their result
SANDBOX_SECONDS: Final = 90  # for one look at one file
SANDBOX_PROCESSES: Final = 64  # LibreOffice has some ten threads, ffmpeg as many as cores
RECORDING_SECONDS_MAX: Final = 3 * 3600  # for the cleaned copy of a recording: six times its length, at most this
COPY_FILM_SIDES: Final = (1920, 1080)  # pixels, in the cleaned copy of a film of COPY_FILM_SECONDS at most
COPY_LONG_FILM_SIDES: Final = (1280, 720)  # of a longer one; it is said when a film has more pixels
COPY_FILM_SECONDS: Final = 600
PLAY_SIDES: Final = (854, 480)  # pixels, of a film while it is played; a still picture has all of them
PLAY_BYTES: Final = 512 * KIB  # a second, of a recording that is played: three times what it is encoded for
PLAY_SECONDS: Final = 600  # that a recording may be paused before its stream ends, besides four times its length
STRIP_PICTURES, STRIP_HEIGHT, WAVE_WIDTH = 12, 90, 2160  # pixels, below a recording
EXAMINE_SECONDS: Final = 60  # for the facts, and again for the text, of one file
OCR_PAGES_MAX: Final = 30  # pictures of one file whose words are read by machine; it is said when there are more
OCR_SECONDS: Final = 150  # for them: a page takes one to ten
OCR_TEXT_MAX_BYTES: Final = MIB
PARTS_SECONDS: Final = 300  # for all parts of one file; later ones are named, not examined
PARTS_MAX_BYTES: Final = 2048 * MIB  # unpacked, of all parts of one file
