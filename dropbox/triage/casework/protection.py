"""Protection requests: a track of their own beside the case, with its own clock and its own answers.

Rule: a request is answered to the reporter who made it, and to nobody whose case was merged with theirs. A case is not
deleted while one of its requests waits.
"""

from collections.abc import Mapping
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.casework.safety import risk
from dropbox.triage.tables import protections
from dropbox.triage.tables.numbers import NO_CASE_NUMBER
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import Day, date_of, day_of

OPEN: Final = protections.OPEN
Request = protections.Request
KINDS: Final = vocabulary.table("protection")
# Outcome: the phrase that answers when an officer writes nothing of their own.
OUTCOMES: Final[Mapping[str, str]] = {code: f"protect-{code}" for code in vocabulary.codes("protection_outcome")}


def kinds_in(untrusted: str) -> list[str]:
    """The kinds that a message's field `protection` names (codes with commas between them); unknown ones are none."""
    return [kind for kind in KINDS if kind in {code.strip().casefold() for code in untrusted.split(",")}]


def ask(work: Work, case: Case, kind: str) -> int:
    """Open a request, unless one of the kind is open; inside a transaction. Returns its number."""
    for one in protections.of_case(work.vault.db, case.number):
        if one.kind == kind and one.status == OPEN:
            return one.number
    due = day_of(work.settings.after_working_days(date_of(work.today), work.settings.workstation.protection_days))
    number = protections.add(work.vault.db, case.number, kind, work.today, due)
    text = phrases.text_of(work.vault, "protect-asked", casebook.language(work.vault, case), due)
    _tell(work.vault, case, text, work.today)
    return number


def open_request(work: Work, case: Case, kind: str) -> int:
    """Open a request that came in another way; returns its number; raises RefusedError, NotFoundError."""
    permission.permit(work, Permission.PROTECTION_MANAGE, case.number)
    if kind not in KINDS:
        raise RefusedError("protection.kind", codes=", ".join(KINDS))
    with transaction(work.vault.db), recorded(work, Permission.PROTECTION_MANAGE, case.number):
        number = ask(work, case, kind)
        risk.renew(work, case.number)
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
    with transaction(work.vault.db), recorded(work, Permission.PROTECTION_MANAGE, case.number):
        protections.close(work.vault.db, number, outcome, told, work.today)
        _tell(work.vault, case, told, work.today)
        audit_log.write(
            work.vault, Permission.PROTECTION_MANAGE, case.number, did="answer", kind=request.kind, outcome=outcome
        )


def say(work: Work, number: int, text: str) -> None:
    """Write to the reporter about an open request, which stays open; its clock begins anew; raises as `answer`."""
    request = _open_request(work, number)
    case, told = casebook.case_of(work.vault, request.case), permission.checked_text(text)
    due = day_of(work.settings.after_working_days(date_of(work.today), work.settings.workstation.protection_days))
    with transaction(work.vault.db), recorded(work, Permission.PROTECTION_MANAGE, case.number):
        protections.postpone(work.vault.db, number, due)
        _tell(work.vault, case, told, work.today)
        audit_log.write(work.vault, Permission.PROTECTION_MANAGE, case.number, did="say", kind=request.kind)


def waiting(work: Work) -> list[Request]:
    """Open requests that the officer may see, the most urgent first; raises RefusedError."""
    permission.permit(work, Permission.PROTECTION_MANAGE)
    return protections.waiting(work.vault.db, work.vault.officer.login)


def of_case(vault: Vault, case: Case) -> list[Request]:
    """All requests of a case, oldest first."""
    return protections.of_case(vault.db, case.number)


def _open_request(work: Work, number: int) -> Request:
    found = protections.of_number(work.vault.db, number)
    permission.permit(work, Permission.PROTECTION_MANAGE, found.case if found else NO_CASE_NUMBER)
    if found is None:
        raise NotFoundError("protection.not-open")
    return found


def _tell(vault: Vault, case: Case, text: str, today: Day) -> None:
    status = casebook.case_of(vault, case.number).status
    entry = Entry(day=today, kind=STATUS, status=status, text=text, next=casebook.promised(vault, case))
    transitions.tell(vault, case.number, entry)
