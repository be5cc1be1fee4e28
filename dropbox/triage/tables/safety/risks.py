"""The risk of each case: what was proposed from its answers, and what an officer decided.

Rule: codes and numbers; only `grounds` has an officer's words, and goes with the case's content. In a list, the risk of
a case that leads others is the highest of those that the officer may open.
"""

import json
from typing import Any, Final, NamedTuple

from dropbox.triage.tables.cases import MERGED
from dropbox.triage.tables.database import Database
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

UNKNOWN, LOW, MEDIUM, HIGH = range(4)  # nothing was proposed yet, then the levels


# In a query over `cases`, for the officer :officer: the highest level of a case and of those merged into it, and
# whether one of them waits for a decision. A case without a row waits.
def _highest(column: str, otherwise: int) -> str:
    """Return the SQL of the highest value of a column in the group of a case; `otherwise` where no case has a row."""
    own = f"(select {column} from risks where case_number = cases.number)"
    merged = f"(select max({column}) from risks where case_number in ({MERGED}))"
    # `max` of two values is null if one is: so each stands in for the other.
    return f"coalesce(max(coalesce({own}, {merged}), coalesce({merged}, {own})), {otherwise})"


LEVEL: Final = _highest("level", UNKNOWN)
WAITS: Final = _highest("waits", 1)


class Risk(NamedTuple):
    """The risk of one case.

    Attributes:
        proposed: `[likelihood, severity]` by what it is about, and `from`: the sources (casework.safety.risk).
        decided: the same without sources; empty while nobody decided.
        level: LOW to HIGH, the one that holds: decided, or proposed where that is not decided or is higher.
        waits: whether it is to be decided, for the first time or again.
        renewed: day on which the proposal changed after a decision, or 0.
        day: of the decision, or 0.
        officer: login of who decided, or empty.
        grounds: in the officer's words.
    """

    proposed: dict[str, Any]
    decided: dict[str, Any]
    level: int
    waits: bool
    renewed: Day = Day(0)
    day: Day = Day(0)
    officer: str = ""
    grounds: str = ""


def of_case(db: Database, case: CaseNumber) -> Risk | None:
    """Return the risk of one case."""
    row = db.execute(
        "select proposed, decided, level, waits, renewed, day, officer, grounds from risks where case_number = :case",
        {"case": case},
    ).fetchone()
    return Risk(json.loads(row[0]), json.loads(row[1]), row[2], bool(row[3]), *row[4:]) if row else None


def of_cases(db: Database) -> dict[CaseNumber, tuple[int, bool]]:
    """Return (level, whether it is decided) of every case that has a risk, by its number."""
    return {
        case: (level, not waits) for case, level, waits in db.execute("select case_number, level, waits from risks")
    }


def put(db: Database, case: CaseNumber, risk: Risk) -> None:
    """Put the risk of a case in place of the former; inside a transaction."""
    values = risk._asdict() | {"proposed": json.dumps(risk.proposed), "decided": json.dumps(risk.decided)}
    db.execute(
        "insert or replace into risks (case_number, proposed, decided, level, waits, renewed, day, officer, grounds)"
        " values (:case, :proposed, :decided, :level, :waits, :renewed, :day, :officer, :grounds)",
        {"case": case, **values},
    )


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete the risk of a case; inside a transaction."""
    db.execute("delete from risks where case_number = :case", {"case": case})
