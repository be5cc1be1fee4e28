"""What leaves with a dossier, and what came back: assessments, marks of files, consents, dossiers, answers.

Rule: all of it goes with the content of its case. Which receiver a dossier is for stands in the table of the receivers.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from dropbox.triage.tables.database import Database, listed
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day

_COLUMNS: Final = (
    "number, case_number, coalesce(receiver, 0), target, dossier, facts, approved, coalesce(made, 0),"
    " coalesce(sha256, x'')"
)


class Referral(NamedTuple):
    """A dossier. `receiver`: 0 for none; `facts`: JSON; `made`: the day of the first sealing, or 0."""

    number: int
    case: CaseNumber
    receiver: int
    target: str
    dossier: bytes
    facts: str
    approved: Day
    made: Day
    sha256: bytes


class Approved(NamedTuple):
    """What `add` keeps of a dossier that may go; `reply_seed` opens its answers."""

    case: CaseNumber
    receiver: int | None
    target: str
    dossier: bytes
    reply_seed: bytes
    facts: str
    approved: Day


class Answer(NamedTuple):
    """An answer to a dossier, as it was signed on `day` and taken in on `taken`."""

    referral: int
    day: Day
    taken: Day
    reference: str
    result: str
    question: str
    remark: str


class Consent(NamedTuple):
    """What a reporter was asked about a body, and said; days are day numbers, `answered` None before an answer."""

    asked: int
    answer: str
    answered: int | None


class Mark(NamedTuple):
    """Whether a file may leave; `redaction`: number of the redacted copy that leaves in its place, or 0."""

    mark: str
    redaction: int = 0


class Assessment(NamedTuple):
    """What an officer judged of a case; `people`: a name in each line."""

    rupiah: int
    official: bool
    people: str
    year: int


def _select(db: Database, where: str, /, **values: object) -> list[Referral]:
    rows = db.execute(f"select {_COLUMNS} from referrals where {where} order by number", values)
    return [Referral(*row) for row in rows]


def of_case(db: Database, case: CaseNumber) -> list[Referral]:
    """Return the dossiers of a case, oldest first."""
    return _select(db, "case_number = :case", case=case)


def of_number(db: Database, number: int) -> Referral | None:
    """Return the dossier of a number."""
    found = _select(db, "number = :number", number=number)
    return found[0] if found else None


def of_dossier(db: Database, dossier: bytes) -> Referral | None:
    """Return the dossier of an id (16 bytes), if it was sealed."""
    found = _select(db, "dossier = :dossier and made is not null", dossier=dossier)
    return found[0] if found else None


def sealed_targets(db: Database, case: CaseNumber) -> set[str]:
    """Return the bodies to which a dossier of a case was sealed."""
    return {one.target for one in _select(db, "case_number = :case and made is not null", case=case)}


def cases_for(db: Database, target: str) -> set[CaseNumber]:
    """Return the numbers of the cases of which a dossier for a body was approved."""
    return {one.case for one in _select(db, "target = :target", target=target)}


def reply_seed(db: Database, number: int) -> bytes:
    """Return the seed (32 bytes) of the key that opens the answers to a dossier."""
    row = db.execute("select reply_seed from referrals where number = :number", {"number": number}).fetchone()
    return bytes(row[0])


def add(db: Database, new: Approved) -> int:
    """Keep a dossier that may go; inside a transaction. Returns its number."""
    row = db.execute(
        "insert into referrals (case_number, receiver, target, dossier, reply_seed, facts, approved)"
        " values (:case, :receiver, :target, :dossier, :reply_seed, :facts, :approved) returning number",
        new._asdict(),
    )
    return int(row.fetchone()[0])


def mark_made(db: Database, number: int, sha256: bytes, today: Day) -> None:
    """Note the file that was sealed, and the day if it is the first; inside a transaction."""
    db.execute(
        "update referrals set made = coalesce(made, :today), sha256 = :sha256 where number = :number",
        {"number": number, "sha256": sha256, "today": today},
    )


def answers(db: Database, referral: int) -> list[tuple[int, Answer]]:
    """Return (number, answer) of the answers to a dossier, as they came in."""
    rows = db.execute(
        "select number, referral, day, taken, reference, result, question, remark from referral_answers"
        " where referral = :referral order by number",
        {"referral": referral},
    )
    return [(row[0], Answer(*row[1:])) for row in rows]


def add_answer(db: Database, answer: Answer, sha256: bytes, signed: bytes) -> bool:
    """Keep an answer with its signed bytes; inside a transaction. Returns False when it was here already."""
    row = db.execute(
        "insert or ignore into referral_answers (referral, sha256, day, taken, reference, result, question, remark,"
        " signed) values (:referral, :sha256, :day, :taken, :reference, :result, :question, :remark, :signed)"
        " returning number",
        answer._asdict() | {"sha256": sha256, "signed": signed},
    )
    return row.fetchone() is not None


def last_consent(db: Database, case: CaseNumber, target: str) -> Consent | None:
    """Return what the reporter of a case said last about a body."""
    row = db.execute(
        "select asked, answer, answered from consents where case_number = :case and target = :target"
        " order by number desc limit 1",
        {"case": case, "target": target},
    ).fetchone()
    return Consent(*row) if row else None


def consents_of(db: Database, cases: Iterable[CaseNumber]) -> list[int]:
    """Return the numbers of the notes of consent of cases."""
    rows = db.execute(
        "select number from consents where case_number in (select value from json_each(:cases))",
        {"cases": listed(cases)},
    )
    return [number for (number,) in rows]


def remove_consent(db: Database, number: int) -> None:
    """Delete a note of consent; inside a transaction."""
    db.execute("delete from consents where number = :number", {"number": number})


def add_consent(db: Database, case: CaseNumber, target: str, said: Consent, officer: str) -> None:
    """Keep what a reporter was asked, or said, as an officer (login) noted it; inside a transaction."""
    db.execute(
        "insert into consents (case_number, target, asked, answer, answered, officer)"
        " values (:case, :target, :asked, :answer, :answered, :officer)",
        said._asdict() | {"case": case, "target": target, "officer": officer},
    )


def assessment(db: Database, case: CaseNumber) -> Assessment | None:
    """Return what was judged of a case."""
    row = db.execute(
        "select rupiah, official, people, year from assessments where case_number = :case", {"case": case}
    ).fetchone()
    return Assessment(row[0], bool(row[1]), row[2], row[3]) if row else None


def put_assessment(db: Database, case: CaseNumber, judged: Assessment) -> None:
    """Keep what was judged of a case in place of the former; inside a transaction."""
    db.execute(
        "insert or replace into assessments (case_number, rupiah, official, people, year)"
        " values (:case, :rupiah, :official, :people, :year)",
        judged._asdict() | {"case": case},
    )


def marks(db: Database, case: CaseNumber) -> dict[tuple[bytes, str], Mark]:
    """Return the marks of a case's files by (SHA-256, place in the file)."""
    rows = db.execute(
        "select file_sha256, place, mark, redaction from file_marks where case_number = :case", {"case": case}
    )
    return {(bytes(sha256), place): Mark(mark, redaction) for sha256, place, mark, redaction in rows}


def put_mark(db: Database, case: CaseNumber, of: tuple[bytes, str], mark: Mark, officer: str, today: Day) -> None:
    """Mark a file (SHA-256, place in it) of a case, as an officer (login) chose; inside a transaction."""
    db.execute(
        "insert or replace into file_marks (case_number, file_sha256, place, mark, redaction, officer, day)"
        " values (:case, :file_sha256, :place, :mark, :redaction, :officer, :today)",
        mark._asdict() | {"case": case, "file_sha256": of[0], "place": of[1], "officer": officer, "today": today},
    )


def remove_mark(db: Database, case: CaseNumber, of: tuple[bytes, str]) -> None:
    """Take the mark off a file (SHA-256, place in it); inside a transaction."""
    db.execute(
        "delete from file_marks where case_number = :case and file_sha256 = :file_sha256 and place = :place",
        {"case": case, "file_sha256": of[0], "place": of[1]},
    )


def remove_all(db: Database, case: CaseNumber) -> None:
    """Delete all of it that is about a case; answers go with their dossiers. Inside a transaction."""
    for statement in (
        "delete from file_marks where case_number = :case",
        "delete from consents where case_number = :case",
        "delete from assessments where case_number = :case",
        "delete from referrals where case_number = :case",
    ):
        db.execute(statement, {"case": case})
