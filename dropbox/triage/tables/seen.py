"""Every blob that was examined: what it turned out to be, and which file of blobs/ is its ciphertext.

Rule: a row stays when the content goes, so that the blob is known when it comes again. `copied` says that the second
copy was read again and holds it, `told` that a receipt went out, `withheld` that none may before two officers decide.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.wire.calendar import Day, Epoch

JOIN: Final = "join seen using (sha256)"  # the blob of a message
_HELD: Final = "file is not null"


class Blob(NamedTuple):
    """A row. `file` is None for a blob whose ciphertext is not kept, `size` the blob's length in bytes."""

    sha256: bytes
    blob_id: bytes
    outcome: str
    reason: str
    day: Day
    file: str | None
    size: int
    copied: bool = False
    told: bool = False
    epoch: Epoch = Epoch(0)
    withheld: bool = False


_COLUMNS: Final = "sha256, blob_id, outcome, reason, day, file, bytes, copied, told, epoch, withheld"


def _select(db: Database, where: str, /, **values: object) -> list[Blob]:
    rows = db.execute(f"select {_COLUMNS} from seen where {where}", values)
    return [Blob(*row) for row in rows]


def everything(db: Database) -> list[Blob]:
    """Return every row, by hash."""
    return _select(db, "1 order by sha256")


def held(db: Database) -> list[Blob]:
    """Return the blobs whose ciphertext is kept."""
    return _select(db, _HELD)


def of_hash(db: Database, sha256: bytes) -> Blob | None:
    """Return the row of a blob (SHA-256, 32 bytes)."""
    found = _select(db, "sha256 = :sha256", sha256=sha256)
    return found[0] if found else None


def files(db: Database) -> set[str]:
    """Return the names of all files of blobs/ that a row names."""
    return {name for (name,) in db.execute(f"select file from seen where {_HELD}")}


def hashes(db: Database) -> set[bytes]:
    """Return the hash (SHA-256) of every blob that was examined."""
    return {sha256 for (sha256,) in db.execute("select sha256 from seen")}


def receipts(db: Database, but: str) -> list[bytes]:
    """Return the hashes, sorted, of the blobs that a receipt may name, but those of an outcome."""
    rows = db.execute(
        "select sha256 from seen where copied = 1 and not withheld and outcome != :outcome order by sha256",
        {"outcome": but},
    )
    return [bytes(sha256) for (sha256,) in rows]


def waiting_epochs(db: Database, outcome: str) -> set[Epoch]:
    """Return the epochs of the withheld blobs of an outcome."""
    rows = db.execute("select distinct epoch from seen where withheld and outcome = :outcome", {"outcome": outcome})
    return {epoch for (epoch,) in rows}


def count(db: Database) -> int:
    """Return how many blobs were examined."""
    return int(db.execute("select count(*) from seen").fetchone()[0])


def count_withheld(db: Database) -> int:
    """Return how many blobs get no receipt before two officers decide."""
    return int(db.execute("select count(*) from seen where withheld").fetchone()[0])


def count_withheld_as(db: Database, outcome: str) -> int:
    """Return how many of the withheld blobs have an outcome."""
    row = db.execute("select count(*) from seen where withheld and outcome = :outcome", {"outcome": outcome})
    return int(row.fetchone()[0])


def count_not_copied(db: Database) -> int:
    """Return how many blobs the second copy is not known to hold."""
    return int(db.execute("select count(*) from seen where not copied").fetchone()[0])


def put(db: Database, blob: Blob) -> None:
    """Keep a row in place of the blob's former one; inside a transaction."""
    db.execute(
        f"insert or replace into seen ({_COLUMNS}) values (:sha256, :blob_id, :outcome, :reason, :day, :file, :size,"
        " :copied, :told, :epoch, :withheld)",
        blob._asdict(),
    )


def add(db: Database, blob: Blob) -> None:
    """Keep the row of a blob that has none; inside a transaction. Raises sqlcipher3.IntegrityError if it has."""
    db.execute(
        f"insert into seen ({_COLUMNS}) values (:sha256, :blob_id, :outcome, :reason, :day, :file, :size,"
        " :copied, :told, :epoch, :withheld)",
        blob._asdict(),
    )


def decide(db: Database, sha256: bytes, outcome: str, reason: str) -> None:
    """Set what a blob turned out to be, and why; inside a transaction."""
    values = {"sha256": sha256, "outcome": outcome, "reason": reason}
    db.execute("update seen set outcome = :outcome, reason = :reason where sha256 = :sha256", values)


def drop_file(db: Database, sha256: bytes) -> None:
    """Forget which file holds a blob, and the reason of its outcome; inside a transaction."""
    db.execute("update seen set file = null, reason = '' where sha256 = :sha256", {"sha256": sha256})


def mark_copied(db: Database, blobs: Iterable[tuple[bytes, bool]]) -> None:
    """Set for each hash whether the second copy holds the blob; inside a transaction."""
    db.executemany(
        "update seen set copied = :copied where sha256 = :sha256",
        [{"sha256": sha256, "copied": copied} for sha256, copied in blobs],
    )


def mark_none_copied(db: Database) -> None:
    """Say that the second copy, a new one, holds nothing yet; inside a transaction."""
    db.execute("update seen set copied = 0")


def mark_told(db: Database) -> None:
    """Say that receipts go out for every blob that may have one; inside a transaction."""
    db.execute("update seen set told = 1 where copied = 1 and not withheld")


def release(db: Database) -> None:
    """Let receipts go out for all blobs that were withheld; inside a transaction."""
    db.execute("update seen set withheld = 0")
