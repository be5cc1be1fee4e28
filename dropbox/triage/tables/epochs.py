"""The epochs of which this desk ever had a key: public halves, and the day on which a private key was ordered to go.

Rule: private keys are files, never here.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.wire.calendar import Day, Epoch

_COLUMNS: Final = "number, public, destroyed"


class Row(NamedTuple):
    """An epoch. `public`: its X-Wing public key; `destroyed`: a day, or None."""

    number: Epoch
    public: bytes
    destroyed: Day | None


def _select(db: Database, where: str, /, **values: int) -> list[Row]:
    rows = db.execute(f"select {_COLUMNS} from epochs where {where} order by number", values)
    return [Row(number, bytes(public), destroyed) for number, public, destroyed in rows]


def everything(db: Database) -> list[Row]:
    """Return every epoch, by number."""
    return _select(db, "1")


def live(db: Database) -> list[Row]:
    """Return the epochs whose private key was not destroyed, by number."""
    return _select(db, "destroyed is null")


def of_number(db: Database, number: int) -> Row | None:
    """Return the epoch of a number."""
    found = _select(db, "number = :number", number=number)
    return found[0] if found else None


def first(db: Database) -> Epoch | None:
    """Return the first epoch."""
    number: Epoch | None = db.execute("select min(number) from epochs").fetchone()[0]
    return number


def add_all(db: Database, keys: Mapping[int, bytes]) -> None:
    """Keep new epochs with their public keys; inside a transaction."""
    rows = [{"number": number, "public": public} for number, public in keys.items()]
    db.executemany("insert into epochs (number, public) values (:number, :public)", rows)


def replace(db: Database, number: int, public: bytes) -> None:
    """Set the public key of an epoch whose key was made anew; inside a transaction."""
    db.execute("update epochs set public = :public where number = :number", {"number": number, "public": public})


def destroy(db: Database, number: int, today: Day) -> None:
    """Order that the private key of an epoch goes; inside a transaction."""
    db.execute("update epochs set destroyed = :today where number = :number", {"number": number, "today": today})
