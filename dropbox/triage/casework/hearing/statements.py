"""What reported persons, witnesses and experts state, written down by an officer (ISO 37002:2021, 8.4.4).

    party     reported, witness, expert
    answer    of a reported person: what came of their right to answer (offered, given, declined, no reply)

Rule: nothing is changed or deleted. A correction is a new version and a withdrawal marks the last one, each with a
reason of the list. A name here keeps officers out and is found as a name in a report is; nothing of it is part of the
reporter's timeline or of a paper that leaves.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import conflict, permission, safeguarding
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import search
from dropbox.triage.tables import cases
from dropbox.triage.tables.records import statements
from dropbox.triage.tables.records.statements import Statement
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.calendar import Day

REPORTED: Final = "reported"
PARTIES: Final = vocabulary.table("party")
ANSWERS: Final = vocabulary.table("answer_right")
CHANGES: Final = vocabulary.table("statement_change")
LINE_MAX: Final = 200  # characters of a name, role or unit
TEXT_MAX: Final = 20_000  # characters
VERSIONS_MAX: Final = 500  # of all statements of a case
_GIVEN: Final = "given"


@dataclass(frozen=True)
class Typed:
    """A statement as an officer types it.

    Attributes:
        party: a code of PARTIES.
        answer: a code of ANSWERS for a reported person, else empty.
        name: of who states it; likewise role (post) and unit, which may be empty.
        role: see name.
        unit: see name.
        given: day number of the statement, or of the offer.
        text: what was stated; may be empty while a reported person has not answered.
    """

    party: str
    answer: str
    name: str
    role: str
    unit: str
    given: Day
    text: str


def write(work: Work, case: Case, typed: Typed) -> int:
    """Write down a statement; returns its number.

    Raises:
        RefusedError: the officer's roles do not allow it, or a value is invalid.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.STATEMENT_WRITE, case.number)
    return _add(work, case, typed, first=0, why="")


def revise(work: Work, case: Case, first: int, typed: Typed, why: str) -> int:
    """Write a later version of a statement (known by its first number), for a reason of CHANGES; raises as `write`."""
    permission.permit(work, Permission.STATEMENT_WRITE, case.number)
    _current(work, case, first)
    _check_reason(why)
    return _add(work, case, typed, first=first, why=why)


def withdraw(work: Work, case: Case, first: int, why: str) -> None:
    """Withdraw a statement for a reason of CHANGES; its versions stay to be read.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such reason.
        NotFoundError: the officer is kept out of the case, or it has no such statement that is not withdrawn.
    """
    permission.permit(work, Permission.STATEMENT_WRITE, case.number)
    last = _current(work, case, first)
    _check_reason(why)
    with transaction(work.vault.db):
        statements.withdraw(work.vault.db, last.number, why, work.vault.officer.login, work.today)
        search.put(work.vault, case.number, search.STATEMENT, first, "")
        audit_log.write(
            work.vault, Permission.STATEMENT_WRITE, case.number, did="withdraw", statement=first, reason=why
        )


def of_case(work: Work, case: Case) -> list[list[Statement]]:
    """Return the statements of a case and of what was merged into it, each as its versions, the oldest first.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_READ, case.number)
    followers = cases.visible_followers(work.vault.db, case.number, work.vault.officer.login)
    found: dict[int, list[Statement]] = {}
    for one in statements.of_cases(work.vault.db, [case.number, *followers]):
        found.setdefault(one.first, []).append(one)
    return list(found.values())


def _add(work: Work, case: Case, typed: Typed, *, first: int, why: str) -> int:
    one = _checked(work, case, typed, first, why)
    with transaction(work.vault.db):
        number = statements.add(work.vault.db, one)
        words = "\n".join(filter(None, (one.name, one.role, one.unit, one.text)))
        search.put(work.vault, case.number, search.STATEMENT, first or number, words)
        audit_log.write(
            work.vault,
            Permission.STATEMENT_WRITE,
            case.number,
            did="change" if first else "add",
            statement=first or number,
            kind=one.party,
            reason=why,
        )
        fields = conflict.fields_of(one)
        conflict.check_message(work, case.number, fields)
        if safeguarding.check_message(work, case.number, fields):
            search.put_labels(work.vault, case.number)
    return first or number


def _checked(work: Work, case: Case, typed: Typed, first: int, why: str) -> Statement:
    if typed.party not in PARTIES:
        raise RefusedError("hearing.party")
    answer = typed.answer if typed.party == REPORTED else ""
    if typed.party == REPORTED and answer not in ANSWERS:
        raise RefusedError("hearing.answer")
    name, role, unit = (_line(one) for one in (typed.name, typed.role, typed.unit))
    if not name:
        raise RefusedError("hearing.name")
    if not case.sent <= typed.given <= work.today:
        raise RefusedError("hearing.day")
    text = typed.text.replace("\r\n", "\n").strip()
    if len(text) > TEXT_MAX:
        raise RefusedError("text.length", most=TEXT_MAX)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise RefusedError("text.control-characters")
    if not text and (typed.party != REPORTED or answer == _GIVEN):
        raise RefusedError("hearing.text")
    if statements.count(work.vault.db, case.number) >= VERSIONS_MAX:
        raise RefusedError("hearing.many", most=VERSIONS_MAX)
    login, none = work.vault.officer.login, Day(0)
    return Statement(
        0, first, case.number, typed.party, answer, name, role, unit, typed.given, text, login, work.today, why,
        "", none, "",
    )  # fmt: skip


def _line(typed: str) -> str:
    line = " ".join(typed.split())
    if len(line) > LINE_MAX:
        raise RefusedError("text.field-length", most=LINE_MAX)
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in line):
        raise RefusedError("text.control-characters")
    return line


def _current(work: Work, case: Case, first: int) -> Statement:
    last = statements.last(work.vault.db, first)
    if last is None or last.case != case.number or last.withdrawn:
        raise NotFoundError("hearing.none")
    return last


def _check_reason(why: str) -> None:
    if why not in CHANGES:
        raise RefusedError("hearing.reason")
