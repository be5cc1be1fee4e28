"""Who may not open which case, and why.

Rule: a row that was lifted stays, with the login of who lifted it. Numbers and codes only.
"""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.numbers import CaseNumber


def keeps_out(case: str) -> str:
    """Return the SQL condition that the officer :officer may not open a case; `case`: the column of its number."""
    return (
        f"exists (select 1 from exclusions where exclusions.case_number = {case}"
        " and exclusions.officer = :officer and exclusions.lifted = '')"
    )


# In a query over `cases`: the officer :officer (null: whoever) may open the case; how many of :officers may not.
VISIBLE: Final = f"not {keeps_out('cases.number')}"
KEPT_OUT: Final = (
    "(select count(*) from exclusions where exclusions.case_number = cases.number and exclusions.lifted = ''"
    " and exclusions.officer in (select value from json_each(:officers)))"
)


class Exclusion(NamedTuple):
    """An officer (login) who may not open a case, and the code of the reason."""

    officer: str
    reason: str


def is_excluded(db: Database, case: CaseNumber, officer: str) -> bool:
    """Return whether an officer (login) may not open a case."""
    return (
        db.execute(
            "select 1 from exclusions where case_number = :case and officer = :officer and lifted = ''",
            {"case": case, "officer": officer},
        ).fetchone()
        is not None
    )


def of_cases(db: Database, cases: Iterable[CaseNumber]) -> list[Exclusion]:
    """Return the exclusions that hold in any of the cases, by login; each pair of officer and reason once."""
    rows = db.execute(
        "select distinct officer, reason from exclusions where lifted = ''"
        " and case_number in (select value from json_each(:cases)) order by officer",
        {"cases": listed(cases)},
    )
    return [Exclusion(*row) for row in rows]


def hidden_from(db: Database, officer: str) -> set[CaseNumber]:
    """Return the numbers of the cases that an officer (login) may not open."""
    rows = db.execute(
        "select case_number from exclusions where officer = :officer and lifted = ''", {"officer": officer}
    )
    return {case for (case,) in rows}


def add(db: Database, case: CaseNumber, found: Exclusion, *, weaker: str, again: bool) -> bool:
    """Exclude an officer from a case; inside a transaction.

    Args:
        db: the connection.
        case: number of the case.
        found: the officer and the reason.
        weaker: the reason that this one replaces where the officer is excluded already.
        again: also where the exclusion was lifted before.

    Returns:
        Whether a row was added or changed.
    """
    done = db.execute(
        "insert into exclusions (case_number, officer, reason) values (:case, :officer, :reason)"
        " on conflict (case_number, officer) do update set reason = excluded.reason, lifted = ''"
        " where (lifted = '' and reason = :weaker) or (lifted != '' and :again)",
        {"case": case, **found._asdict(), "weaker": weaker, "again": again},
    )
    return bool(done.rowcount)


def add_unless_lifted(db: Database, case: CaseNumber, found: Exclusion) -> bool:
    """Exclude an officer, unless they are already or it was lifted for the same reason; returns whether it was done."""
    done = db.execute(
        "insert into exclusions (case_number, officer, reason) values (:case, :officer, :reason)"
        " on conflict (case_number, officer) do update set reason = excluded.reason, lifted = ''"
        " where lifted != '' and reason != excluded.reason",
        {"case": case, **found._asdict()},
    )
    return bool(done.rowcount)


def lift(db: Database, cases: Iterable[CaseNumber], officer: str, by: str) -> bool:
    """Let an officer into cases again, as decided `by` (a login); returns whether they were excluded from any."""
    done = db.execute(
        "update exclusions set lifted = :by where officer = :officer and lifted = ''"
        " and case_number in (select value from json_each(:cases))",
        {"by": by, "officer": officer, "cases": listed(cases)},
    )
    return bool(done.rowcount)


def outdated(
    db: Database, reason: str, officers: Collection[str], cases: Collection[CaseNumber]
) -> list[tuple[CaseNumber, str]]:
    """Return (number of the case, login) of what holds for a reason, but not for these officers in these cases."""
    rows = db.execute(
        "select case_number, officer from exclusions where reason = :reason and lifted = ''"
        " and (officer not in (select value from json_each(:officers))"
        " or case_number not in (select value from json_each(:cases)))",
        {"reason": reason, "officers": listed(officers), "cases": listed(cases)},
    )
    return rows.fetchall()  # type: ignore[no-any-return]


def remove(db: Database, rows: Iterable[tuple[CaseNumber, str]]) -> None:
    """Delete exclusions, each named by (number of the case, login); inside a transaction."""
    db.executemany("delete from exclusions where case_number = ? and officer = ?", rows)
