"""What one officer asked for and a second one decides.

Rule: a row is decided once and stays; `empty` takes the words about a deleted case out of it.
"""

import json
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.database import Database
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = "number, coalesce(case_number, 0), action, details, proposer, day, decider, outcome"


class Row(NamedTuple):
    """`action` is the act's first half: `refuse` for `refuse.propose` and `refuse.approve`. `case` is 0 for none."""

    number: ProposalNumber
    case: CaseNumber
    action: str
    details: dict[str, Any]
    proposer: str
    day: Day
    decider: str
    outcome: str


def pending(db: Database) -> list[Row]:
    """Return what waits for a decision, oldest first."""
    rows = db.execute(f"select {_COLUMNS} from proposals where outcome = '' order by number")
    return [
        Row(number, case, action, json.loads(details), proposer, day, decider, outcome)
        for number, case, action, details, proposer, day, decider, outcome in rows
    ]


def is_pending(db: Database, case: CaseNumber) -> bool:
    """Return whether something about a case waits for a decision."""
    row = db.execute("select 1 from proposals where case_number = :case and outcome = ''", {"case": case})
    return row.fetchone() is not None


def last_details(db: Database, action: str, outcome: str, name: str) -> dict[CaseNumber, str]:
    """Return, by number of the case, a value of the details of the last proposal of an action with an outcome."""
    rows = db.execute(
        "select case_number, json_extract(details, '$.' || :name) from proposals"
        " where action = :action and outcome = :outcome order by number",
        {"action": action, "outcome": outcome, "name": name},
    )
    return dict(rows.fetchall())


def add(
    db: Database, case: CaseNumber, action: str, details: dict[str, Any], proposer: str, today: Day
) -> ProposalNumber:
    """Keep what an officer (login) asks for; inside a transaction. Returns its number."""
    row = db.execute(
        "insert into proposals (case_number, action, details, proposer, day)"
        " values (:case, :action, :details, :proposer, :today) returning number",
        {
            "case": case or None,
            "action": action,
            "details": json.dumps(details),
            "proposer": proposer,
            "today": today,
        },
    )
    return ProposalNumber(row.fetchone()[0])


def decide(db: Database, number: ProposalNumber, outcome: str, decider: str, today: Day) -> None:
    """Keep what an officer (login) decided; inside a transaction."""
    db.execute(
        "update proposals set decider = :decider, decided = :today, outcome = :outcome where number = :number",
        {"number": number, "outcome": outcome, "decider": decider, "today": today},
    )


def empty(db: Database, case: CaseNumber, outcome: str, today: Day) -> None:
    """Clear the details of what was asked about a case, and close what still waits so; inside a transaction."""
    db.execute("update proposals set details = '{}' where case_number = :case", {"case": case})
    db.execute(
        "update proposals set outcome = :outcome, decided = :today where case_number = :case and outcome = ''",
        {"case": case, "outcome": outcome, "today": today},
    )
