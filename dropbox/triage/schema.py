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

VERSION: Final = 1
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

-- `proven`: the message that opened it had the thread's authentication key, so that the keys are the reporter's.
create table cases (
    number integer primary key, thread blob not null, claim blob not null, tag_key blob not null,
    answer_key blob not null, auth_key blob not null, proven integer not null,
    status text not null, channel text not null, category text not null,
    sent integer not null, due integer not null
) strict;
create index cases_by_thread on cases (thread);

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

-- Every key bundle that was ever signed: the chain goes on from the last.
create table key_bundles (number integer primary key, body blob not null, signed blob not null) strict;
"""


def connect(path: Path, key: bytes, *, is_new: bool = False) -> Any:  # noqa: ANN401  sqlcipher3 has no types
    """An open vault.db; raises DamagedError when the key does not open it or its version is another."""
    if is_new:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    elif not path.exists():  # SQLite would make an empty one
        raise DamagedError(f"{path.name} is missing; the second copy has a verified one")
    db = sqlcipher3.connect(str(path), isolation_level=None)
    try:
        db.execute(f"pragma key = \"x'{key.hex()}'\"")
        db.execute("pragma cipher_memory_security = on")
        db.execute("pragma temp_store = memory")
        db.execute("pragma secure_delete = on")
        db.execute("pragma synchronous = extra")
        db.execute("pragma foreign_keys = on")
        if is_new:
            db.executescript(f"begin; {_TABLES} pragma user_version = {VERSION}; commit;")
        (version,) = db.execute("pragma user_version").fetchone()
    except sqlcipher3.DatabaseError:
        db.close()
        raise DamagedError(
            f"{path.name} does not open with this vault's key: it is damaged or of another vault"
        ) from None
    if version != VERSION:
        db.close()
        raise DamagedError(f"{path.name} is of version {version}, this program of version {VERSION}")
    return db


@contextlib.contextmanager
def transaction(db: Any) -> Iterator[None]:  # noqa: ANN401  sqlcipher3 has no types
    """All of the statements inside, durably, or none; raises StorageFullError."""
    try:
        db.execute("begin immediate")
        try:
            yield
            db.execute("commit")
        except BaseException:
            if db.in_transaction:
                db.execute("rollback")
            raise
    except sqlcipher3.OperationalError as error:
        raise StorageFullError(f"vault.db could not be written: {error}") from None
