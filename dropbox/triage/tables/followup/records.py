"""Papers and recommendations of a case's follow-up, each in versions.

    task-letter memo examination report → recommendation → settlement (TLHP)

Rule: a version is never changed but for its state. `root` is the number of an object's first version; a child names the
root of its parent. `empty` takes the words and leaves codes and days for the counts.
"""

from typing import Final, NamedTuple

from dropbox.triage.tables.cases import JOIN, TOGETHER
from dropbox.triage.tables.database import Database
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

CURRENT: Final = "current"
REPLACED: Final = "replaced"
WITHDRAWN: Final = "withdrawn"
TASK_LETTER: Final = "task-letter"
REPORT: Final = "report"
RECOMMENDATION: Final = "recommendation"
SETTLEMENT: Final = "settlement"
_COLUMNS: Final = (
    "number, root, case_number, kind, parent, entered, officer, state, reason,"
    " sign, dated, begin, until, code, who, whom, text, sha256"
)
# Queries over `cases` that tables.followup.waiting narrows and orders.
RECOMMENDATIONS: Final = (
    "select followups.root, case_number, coalesce(cases.merged_into, cases.number), followups.code,"
    " followups.who as unit, followups.until as due, followups.text, coalesce(report.sign, ''),"
    " coalesce(report.dated, followups.dated) as reported,"
    " coalesce(last.code, '') as outcome, coalesce(last.dated, 0)"
    f" from followups {JOIN}"
    f" left join (select root as of, sign, dated from followups where state = '{CURRENT}') as report"
    " on report.of = followups.parent"
    " left join (select number as of, code, dated from followups) as last on last.of ="
    " (select settled.number from followups as settled where settled.parent = followups.root and settled.parent != 0"
    f" and settled.kind = '{SETTLEMENT}' and settled.state = '{CURRENT}'"
    " order by settled.dated desc, settled.number desc limit 1)"
    f" where followups.kind = '{RECOMMENDATION}' and followups.state = '{CURRENT}'"
)
TASK_LETTERS: Final = (
    "select letters.root, coalesce(cases.merged_into, cases.number), cases.subject, letters.sign, letters.who,"
    f" letters.until, letters.text from followups as letters {JOIN}"
    f" where letters.kind = '{TASK_LETTER}' and letters.state = '{CURRENT}' and letters.until != 0"
    f" and not exists (select 1 from followups as report where report.case_number in {TOGETHER}"
    f" and report.kind = '{REPORT}' and report.state = '{CURRENT}' and report.dated >= letters.dated)"
)


class Record(NamedTuple):
    """One version of an object.

    Attributes:
        number: of the version; 0 for one that is not stored yet.
        root: number of its first version; likewise.
        case: number of the case.
        kind: a code of the vocabulary's group `followup_kind`.
        parent: root of the report of a recommendation, or of the recommendation of a settlement; else 0.
        entered: day on which this version was written.
        officer: login of who wrote it.
        state: CURRENT, REPLACED or WITHDRAWN.
        reason: why it was corrected or withdrawn.
        sign: its official number (nomor surat).
        dated: date of the paper, 0 for none.
        begin: first day of a period, or 0; likewise until, the last day, or the due day of a recommendation.
        until: see begin.
        code: kind of an examination or recommendation, outcome of a settlement.
        who: team, sender, place or responsible unit, by the kind.
        whom: recipient.
        text: task, subject, conclusion, what is recommended, remark.
        sha256: of a file that proves a settlement, 64 hexadecimal digits, or empty.
    """

    number: int
    root: int
    case: CaseNumber
    kind: str
    parent: int
    entered: Day
    officer: str
    state: str
    reason: str
    sign: str
    dated: Day
    begin: Day
    until: Day
    code: str
    who: str
    whom: str
    text: str
    sha256: str


def of_case(db: Database, case: CaseNumber) -> list[Record]:
    """Return every version of a case's objects, in the order of writing."""
    rows = db.execute(f"select {_COLUMNS} from followups where case_number = :case order by number", {"case": case})
    return [Record(*row) for row in rows]


def current(db: Database, root: int) -> Record | None:
    """Return the current version of an object."""
    row = db.execute(
        f"select {_COLUMNS} from followups where root = :root and state = '{CURRENT}'", {"root": root}
    ).fetchone()
    return Record(*row) if row else None


def has_children(db: Database, root: int) -> bool:
    """Return whether a current object names this one as its parent."""
    row = db.execute(f"select 1 from followups where parent = :root and state = '{CURRENT}'", {"root": root})
    return row.fetchone() is not None


def reports_of_cases(db: Database) -> dict[CaseNumber, list[str]]:
    """Return the numbers of the reports (LHP) of each case, by number of the case."""
    rows = db.execute(
        f"select case_number, sign from followups where kind = '{REPORT}' and state = '{CURRENT}' and sign != ''"
        " order by number"
    )
    found: dict[CaseNumber, list[str]] = {}
    for case, sign in rows:
        found.setdefault(case, []).append(sign)
    return found


def add(db: Database, record: Record) -> int:
    """Keep a version under the next number, whatever its own; inside a transaction. Returns its root."""
    row = db.execute(
        "insert into followups (root, case_number, kind, parent, entered, officer, state, reason, sign, dated, begin,"
        " until, code, who, whom, text, sha256) values (:root, :case, :kind, :parent, :entered, :officer, :state,"
        " :reason, :sign, :dated, :begin, :until, :code, :who, :whom, :text, :sha256) returning number",
        record._asdict(),
    )
    (number,) = row.fetchone()
    db.execute("update followups set root = number where number = :number and root = 0", {"number": number})
    return record.root or int(number)


def set_state(db: Database, number: int, state: str, reason: str) -> None:
    """Mark a version as REPLACED or WITHDRAWN, with the reason; inside a transaction."""
    db.execute(
        "update followups set state = :state, reason = :reason where number = :number",
        {"number": number, "state": state, "reason": reason},
    )


def empty(db: Database, case: CaseNumber) -> None:
    """Clear the words of a case's objects; inside a transaction."""
    db.execute(
        "update followups set reason = '', sign = '', who = '', whom = '', text = '', sha256 = '', officer = ''"
        " where case_number = :case",
        {"case": case},
    )
