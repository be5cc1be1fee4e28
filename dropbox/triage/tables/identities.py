"""Reporters' identities, each sealed to pairs of officers.

Rule: no key of the vault opens one; each share of `identity_shares` is sealed to two officers (logins) in that order.
"""

from collections.abc import Iterable
from typing import NamedTuple

from dropbox.triage.tables.cases import JOIN
from dropbox.triage.tables.database import Database
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day


class Share(NamedTuple):
    """The key of an identity, sealed to two officers."""

    first: str
    second: str
    sealed: bytes


def of_case(db: Database, case: CaseNumber) -> list[int]:
    """Return the numbers of a case's identities, oldest first."""
    rows = db.execute("select number from identities where case_number = :case order by number", {"case": case})
    return [number for (number,) in rows]


def sealed(db: Database, number: int) -> tuple[CaseNumber, bytes] | None:
    """Return (number of the case, sealed identity)."""
    row = db.execute("select case_number, sealed from identities where number = :number", {"number": number})
    found = row.fetchone()
    return (found[0], bytes(found[1])) if found else None


def everything(db: Database) -> list[tuple[int, CaseNumber]]:
    """Return (number, number of the case) of every identity."""
    return db.execute("select number, case_number from identities").fetchall()  # type: ignore[no-any-return]


def shares(db: Database, number: int, first: str, second: str) -> list[Share]:
    """Return the shares of an identity that two officers open."""
    rows = db.execute(
        "select first, second, share from identity_shares where identity = :number and first in (:first, :second)"
        " and second in (:first, :second)",
        {"number": number, "first": first, "second": second},
    )
    return [Share(one, other, bytes(share)) for one, other, share in rows]


def count(db: Database, officer: str) -> int:
    """Return how many identities there are in the cases that an officer (login) may open."""
    row = db.execute(f"select count(*) from identities {JOIN} where {VISIBLE}", {"officer": officer})
    return int(row.fetchone()[0])


def lost_without(db: Database, login: str) -> list[CaseNumber]:
    """Return the case of each identity that has shares and that no two officers could open without one."""
    rows = db.execute(
        "select case_number from identities where not exists (select 1 from identity_shares"
        " where identity = number and :login not in (first, second))"
        " and exists (select 1 from identity_shares where identity = number)",
        {"login": login},
    )
    return [case for (case,) in rows]


def add(db: Database, case: CaseNumber, source: str, sealed: bytes, today: Day) -> int:
    """Keep a sealed identity; inside a transaction. Returns its number."""
    row = db.execute(
        "insert into identities (case_number, day, source, sealed) values (:case, :today, :source, :sealed)"
        " returning number",
        {"case": case, "today": today, "source": source, "sealed": sealed},
    )
    return int(row.fetchone()[0])


def share(db: Database, number: int, made: Iterable[Share]) -> None:
    """Keep the shares of an identity in place of the former; inside a transaction."""
    db.execute("delete from identity_shares where identity = :number", {"number": number})
    db.executemany(
        "insert into identity_shares (identity, first, second, share) values (:number, :first, :second, :sealed)",
        [{"number": number, **one._asdict()} for one in made],
    )


def remove_shares_of(db: Database, login: str) -> None:
    """Delete every share that is sealed to an officer; inside a transaction."""
    db.execute("delete from identity_shares where :login in (first, second)", {"login": login})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the identities of a case; their shares go with them. Inside a transaction."""
    db.execute("delete from identities where case_number = :case", {"case": case})
