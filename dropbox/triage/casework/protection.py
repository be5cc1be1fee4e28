"""Protection requests: a track of their own beside the case, with its own clock and its own answers.

Rule: a request is answered to the reporter who made it, and to nobody whose case was merged with theirs. A case is not
deleted while one of its requests waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day, date_of, day_of

OPEN: Final = "open"
KINDS: Final = vocabulary.table("protection")
# Outcome: the phrase that answers when an officer writes nothing of their own.
OUTCOMES: Final[Mapping[str, str]] = {code: f"protect-{code}" for code in vocabulary.codes("protection_outcome")}
_COLUMNS: Final = "protections.number, case_number, kind, protections.status, asked, protections.due"


@dataclass(frozen=True)
class Request:
    """One request. `asked` and `due` are day numbers."""

    number: int
    case: CaseNumber
    kind: str
    status: str
    asked: Day
    due: Day


def kinds_in(untrusted: str) -> list[str]:
    """The kinds that a message's field `protection` names (codes with commas between them); unknown ones are none."""
    return [kind for kind in KINDS if kind in {code.strip().casefold() for code in untrusted.split(",")}]


def ask(work: Work, case: Case, kind: str) -> int:
    """Open a request, unless one of the kind is open; inside a transaction. Returns its number."""
    row = work.vault.db.execute(
        "select number from protections where case_number = ? and kind = ? and status = ?", (case.number, kind, OPEN)
    ).fetchone()
    if row:
        return int(row[0])
    due = day_of(work.settings.after_working_days(date_of(work.today), work.settings.workstation.protection_days))
    number: int = work.vault.db.execute(
        "insert into protections (case_number, kind, status, asked, due) values (?, ?, ?, ?, ?) returning number",
        (case.number, kind, OPEN, work.today, due),
    ).fetchone()[0]
    text = phrases.text_of(work.vault, "protect-asked", casebook.language(work.vault, case), due)
    _tell(work.vault, case, text, work.today)
    return number


def open_request(work: Work, case: Case, kind: str) -> int:
    """Open a request that came in another way; returns its number; raises RefusedError, NotFoundError."""
    permission.permit(work, Permission.PROTECTION_MANAGE, case.number)
    if kind not in KINDS:
        raise RefusedError("protection.kind", codes=", ".join(KINDS))
    with transaction(work.vault.db):
        number = ask(work, case, kind)
        audit_log.write(work.vault, Permission.PROTECTION_MANAGE, case.number, did="open", kind=kind)
    return number


def answer(work: Work, number: int, outcome: str, text: str = "") -> None:
    """Decide a request and tell its reporter: by the outcome's phrase, or in words of one's own.

    Raises:
        NotFoundError: there is no such open request (for this officer).
        RefusedError: the officer's roles do not allow it, or the outcome is none.
    """
    request = _open_request(work, number)
    if outcome not in OUTCOMES:
        raise RefusedError("protection.outcome", codes=", ".join(OUTCOMES))
    case = casebook.case_of(work.vault, request.case)
    told = permission.checked_text(
        text or phrases.text_of(work.vault, OUTCOMES[outcome], casebook.language(work.vault, case))
    )
    with transaction(work.vault.db):
        work.vault.db.execute(
            "update protections set status = ?, closed = ?, result = ? where number = ?",
            (outcome, work.today, told, number),
        )
        _tell(work.vault, case, told, work.today)
        audit_log.write(
            work.vault, Permission.PROTECTION_MANAGE, case.number, did="answer", kind=request.kind, outcome=outcome
        )


def say(work: Work, number: int, text: str) -> None:
    """Write to the reporter about an open request, which stays open; its clock begins anew; raises as `answer`."""
    request = _open_request(work, number)
    case, told = casebook.case_of(work.vault, request.case), permission.checked_text(text)
    due = day_of(work.settings.after_working_days(date_of(work.today), work.settings.workstation.protection_days))
    with transaction(work.vault.db):
        work.vault.db.execute("update protections set due = ? where number = ?", (due, number))
        _tell(work.vault, case, told, work.today)
        audit_log.write(work.vault, Permission.PROTECTION_MANAGE, case.number, did="say", kind=request.kind)


def waiting(work: Work) -> list[Request]:
    """Open requests that the officer may see, the most urgent first; raises RefusedError."""
    permission.permit(work, Permission.PROTECTION_MANAGE)
    rows = work.vault.db.execute(
        f"select {_COLUMNS} from protections join cases on cases.number = case_number"  # noqa: S608
        f" where protections.status = ? and {casebook.NOT_EXCLUDED} order by protections.due, protections.number",
        (OPEN, work.vault.officer.login),
    )
    return [Request(*row) for row in rows]


def of_case(vault: Vault, case: Case) -> list[Request]:
    """All requests of a case, oldest first."""
    rows = vault.db.execute(
        f"select {_COLUMNS} from protections where case_number = ? order by number",  # noqa: S608
        (case.number,),
    )
    return [Request(*row) for row in rows]


def _open_request(work: Work, number: int) -> Request:
    row: tuple[Any, ...] | None = work.vault.db.execute(
        f"select {_COLUMNS} from protections where number = ? and status = ?",  # noqa: S608
        (number, OPEN),
    ).fetchone()
    permission.permit(work, Permission.PROTECTION_MANAGE, row[1] if row else NO_CASE_NUMBER)
    if row is None:
        raise NotFoundError("protection.not-open")
    return Request(*row)


def _tell(vault: Vault, case: Case, text: str, today: Day) -> None:
    status = casebook.case_of(vault, case.number).status
    entry = Entry(day=today, kind=STATUS, status=status, text=text, next=casebook.promised(vault, case))
    transitions.tell(vault, case.number, entry)
