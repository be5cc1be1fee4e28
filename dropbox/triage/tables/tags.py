"""The tags of the cases.

Rule: a tag is there once or not at all; adding or removing it again changes nothing.
"""

from collections.abc import Iterable
from typing import Final

from dropbox.triage.tables.cases import JOIN, LIVE
from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.exclusions import VISIBLE
from dropbox.triage.tables.numbers import CaseNumber

HAS: Final = "exists (select 1 from tags where tags.case_number = cases.number and tags.tag = :tag)"  # over `cases`


def of_case(db: Database, case: CaseNumber) -> list[str]:
    """Return a case's tags, by the alphabet."""
    rows = db.execute("select tag from tags where case_number = :case order by tag", {"case": case})
    return [tag for (tag,) in rows]


def of_visible(db: Database, officer: str) -> list[str]:
    """Return the tags of the cases that were not deleted and that an officer (login) may open, by the alphabet."""
    rows = db.execute(
        f"select distinct tag from tags {JOIN} where {LIVE} and {VISIBLE} order by tag", {"officer": officer}
    )
    return [tag for (tag,) in rows]


def of_all(db: Database) -> list[tuple[CaseNumber, str]]:
    """Return (number of the case, tag) of every tag, in that order."""
    rows = db.execute("select case_number, tag from tags order by case_number, tag")
    return rows.fetchall()  # type: ignore[no-any-return]


def cases_with(db: Database, tags: Iterable[str]) -> list[tuple[str, CaseNumber]]:
    """Return (tag, number of the case) of every case with one of the tags."""
    rows = db.execute(
        "select tag, case_number from tags where tag in (select value from json_each(:tags))", {"tags": listed(tags)}
    )
    return rows.fetchall()  # type: ignore[no-any-return]


def add(db: Database, case: CaseNumber, tag: str) -> None:
    """Give a case a tag; inside a transaction."""
    db.execute("insert or ignore into tags (case_number, tag) values (:case, :tag)", {"case": case, "tag": tag})


def remove(db: Database, case: CaseNumber, tag: str) -> None:
    """Take a tag off a case; inside a transaction."""
    db.execute("delete from tags where case_number = :case and tag = :tag", {"case": case, "tag": tag})


def remove_all(db: Database, case: CaseNumber) -> None:
    """Take all tags off a case; inside a transaction."""
    db.execute("delete from tags where case_number = :case", {"case": case})
