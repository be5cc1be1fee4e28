"""The tables of vault.db, and how the file is opened.

Rule: everything that names a person or opens a message lies in here, under SQLCipher; SQLite's own scratch space is
memory, so that no plaintext reaches a temporary file. Epoch seeds are never in here.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlcipher3

from dropbox.errors import DamagedError, StorageFullError
from dropbox.matching.words import indexed
from dropbox.triage.vault.connection import Connection
from dropbox.triage.vault.migrations import CHANGES

VERSION: Final = 15
_FIRST: Final = 2  # of _TABLES; what came later stands in schema_changes
_CACHE_KIB: Final = 64 * 1024  # each page that is read again is decrypted and authenticated again
MEMORY_SECURITY: Final = "on"  # SQLCipher locks what it allocates, and overwrites it when it is freed
_TABLES: Final = """
create table meta (name text primary key, value blob not null) strict;

-- Public halves; the private ones are files. `destroyed` is the day on which a private key was ordered to go.
create table epochs (number integer primary key, public blob not null, destroyed integer) strict;

-- Every blob that was examined. `file` names its ciphertext in blobs/, if it was kept; `copied` says that the second
-- copy was read again and holds it; `told` that a receipt went out.
create table seen (
    sha256 blob primary key, blob_id blob not null, outcome text not null, reason text not null,
    day integer not null, file text unique, bytes integer not null,
    copied integer not null default 0, told integer not null default 0
) strict;

-- Who may open the vault. `roles` are names of the settings, separated by spaces; `public` is the X25519 key to which
-- identities are sealed. Whoever leaves becomes inactive and stays, because the log names them.
create table officers (
    number integer primary key, login text not null unique, name text not null, unit text not null default '',
    roles text not null, public blob not null, lang text not null default 'id', active integer not null default 1
) strict;

-- Who did what, to which case: a chain of hashes (office.log). Codes and numbers, never a word of a report.
create table log (
    number integer primary key, at text not null, officer text not null, action text not null,
    case_number integer, details text not null, hash blob not null
) strict;
create index log_by_case on log (case_number) where case_number is not null;
create trigger log_is_not_changed before update on log begin select raise(abort, 'the log is never changed'); end;
create trigger log_is_not_cut before delete on log begin select raise(abort, 'the log is never cut'); end;

-- `proven`: the message that opened it had the thread's authentication key, so that the keys are the reporter's.
-- `origin`: online, or how a case came that was keyed in (work.origins). Keys of a case without a thread are random.
-- `agenda`: the number that may be cited. `unit` … `district`: what it is about, as an officer classified it.
-- `clock`: the day on which the present status began; `paused_left`: working days that were left when a question was
-- asked, `paused_status` the status to go back to. `merged_into` leads to the case that is worked on instead.
-- `reason`, `reference`: of a refusal or referral. `touched`: number of the last message that came from the reporter.
-- `deleted`: the day on which its content went; the row stays for the counts.
create table cases (
    number integer primary key, thread blob not null, claim blob not null, tag_key blob not null,
    answer_key blob not null, auth_key blob not null, proven integer not null,
    status text not null, channel text not null, category text not null,
    sent integer not null, due integer not null,
    origin text not null default 'online', agenda text unique, unit text not null default '',
    unit_type text not null default '', province text not null default '', district text not null default '',
    subject text not null default '', officer text not null default '', office text not null default '',
    clock integer not null default 0, paused_left integer, paused_status text not null default '',
    merged_into integer references cases, reason text not null default '', reference text not null default '',
    touched integer not null default 0, closed integer, deleted integer
) strict;
create index cases_by_thread on cases (thread);
create index cases_by_due on cases (due, number);
create index cases_by_status on cases (status, due);
create index cases_by_unit on cases (unit) where unit != '';
create index cases_merged on cases (merged_into) where merged_into is not null;

create table messages (
    number integer primary key, case_number integer not null references cases, sha256 blob not null references seen,
    kind text not null, nonce blob not null, sent integer not null, day integer not null, lang text not null,
    fields text not null, name text not null, type text not null, bytes integer not null, file_sha256 blob not null,
    file_key blob not null
) strict;
create index messages_by_nonce on messages (case_number, nonce);

-- The timeline as the reporter reads it. `collected` is the import day of a `received` entry.
create table events (
    number integer primary key, case_number integer not null references cases, day integer not null,
    kind text not null, status text not null default '', text text not null default '',
    next integer not null default 0, texts integer not null default 0, files integer not null default 0,
    collected integer
) strict;
create index events_by_case on events (case_number, number);

-- What officers write for each other. The reporter never sees it. `kind`: note, disposition, withdrawal, telaah …
-- `office` and `assignee`: to whom a disposition goes, or was withdrawn from.
create table notes (
    number integer primary key, case_number integer not null references cases, day integer not null,
    officer text not null, kind text not null, text text not null,
    office text not null default '', assignee text not null default ''
) strict;
create index notes_by_case on notes (case_number, number);

create table tags (
    case_number integer not null references cases, tag text not null, primary key (case_number, tag)
) strict, without rowid;

-- Up to which message an officer has read a case: what lies beyond is unread.
create table reads (
    officer text not null, case_number integer not null references cases, message integer not null,
    primary key (officer, case_number)
) strict, without rowid;

-- Who is kept out of which case, and why (office.conflict). `lifted` names who decided that it was a mistake.
create table exclusions (
    case_number integer not null references cases, officer text not null, reason text not null,
    lifted text not null default '', primary key (case_number, officer)
) strict, without rowid;

-- What one officer has asked for and another must decide (office.approvals): refusal, deletion, epoch, identity …
create table proposals (
    number integer primary key, case_number integer references cases, action text not null, details text not null,
    proposer text not null, day integer not null, decider text not null default '', decided integer,
    outcome text not null default ''
) strict;

-- Protection requests: a track of its own with its own clock (work.protection). `kind`: career, physical, legal.
create table protections (
    number integer primary key, case_number integer not null references cases, kind text not null,
    status text not null, asked integer not null, due integer not null, closed integer, result text not null default ''
) strict;

-- Identities, each sealed to every pair of officers who may open it together (office.identity): no vault key opens one.
create table identities (
    number integer primary key, case_number integer not null references cases, day integer not null,
    source text not null, sealed blob not null
) strict;
create table identity_shares (
    identity integer not null references identities on delete cascade, first text not null, second text not null,
    share blob not null, primary key (identity, first, second)
) strict, without rowid;

-- Sentences that officers send again and again (work.phrases); they may be edited.
create table phrases (
    code text primary key, status text not null, title text not null, text_id text not null, text_en text not null
) strict;

-- What the sandbox found out about a file, by its hash: kind told from content, pages, whether it could be read.
create table findings (
    file_sha256 blob primary key, kind text not null, facts text not null, text text not null, state text not null
) strict;

-- Full text (work.search, which makes the rowids).
create virtual table search using fts5 (
    body, case_number unindexed, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
insert into search (search, rank) values ('secure-delete', 1);

-- Every key bundle that was ever signed: the chain goes on from the last.
create table key_bundles (number integer primary key, body blob not null, signed blob not null) strict;
"""


def connect(path: Path, key: bytes, *, is_new: bool = False) -> Any:  # noqa: ANN401  sqlcipher3 has no types
    """An open vault.db; raises DamagedError when the key does not open it or its version is another."""
    if is_new:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    elif not path.exists():  # SQLite would make an empty one
        raise DamagedError("vault.file-missing", name=path.name)
    # The desk serves from several threads, one at a time.
    db = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False, factory=Connection)
    try:
        db.execute(f"pragma key = \"x'{key.hex()}'\"")
        db.execute(f"pragma cipher_memory_security = {MEMORY_SECURITY}")
        db.execute("pragma temp_store = memory")
        db.execute(f"pragma cache_size = -{_CACHE_KIB}")
        db.execute("pragma secure_delete = on")
        db.execute("pragma synchronous = extra")
        db.execute("pragma foreign_keys = on")
        if is_new:
            db.executescript(f"begin; {_TABLES} pragma user_version = {_FIRST}; commit;")
        (version,) = db.execute("pragma user_version").fetchone()
    except sqlcipher3.DatabaseError:
        db.close()
        raise DamagedError("vault.wrong-key", name=path.name) from None
    if _FIRST <= version < VERSION:
        version = _upgrade(db, version)
    if version != VERSION:
        db.close()
        raise DamagedError("vault.version", name=path.name, version=version, own=VERSION)
    return db


def _upgrade(db: Any, version: int) -> int:  # noqa: ANN401  sqlcipher3 has no types
    """Add what later versions added, all of it or nothing; the version that it then has. Raises StorageFullError."""
    db.create_function("indexed", 1, indexed, deterministic=True)
    added = " ".join(CHANGES[number] for number in range(version + 1, VERSION + 1))
    try:
        db.executescript(f"begin immediate; {added} pragma user_version = {VERSION}; commit;")
    except sqlcipher3.Error as error:
        db.close()  # rolls back
        raise StorageFullError("vault.upgrade-failed", detail=str(error)) from None
    return VERSION


@contextlib.contextmanager
def rehearsal(db: Any) -> Iterator[None]:  # noqa: ANN401  sqlcipher3 has no types
    """Do what is inside, its transactions included, and undo all of it at the end; raises StorageFullError."""
    try:
        db.execute("begin immediate")
        db.is_rehearsing = True
        yield
    except sqlcipher3.OperationalError as error:
        raise StorageFullError("vault.db-unwritable", detail=str(error)) from None
    finally:
        db.is_rehearsing = False
        if db.in_transaction:
            db.rollback()


@contextlib.contextmanager
def transaction(db: Any) -> Iterator[None]:  # noqa: ANN401  sqlcipher3 has no types
    """All of the statements inside, durably, or none; raises StorageFullError. In a rehearsal: none."""
    if db.is_rehearsing:
        yield
        return
    try:
        db.execute("begin immediate")
        try:
            yield
            db.execute("commit")
        except BaseException:
            if db.in_transaction:
                db.rollback()  # also on a connection that was stopped
            raise
    except sqlcipher3.OperationalError as error:
        raise StorageFullError("vault.db-unwritable", detail=str(error)) from None
