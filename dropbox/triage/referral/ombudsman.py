"""Publishes a letter for reporters who go to the Ombudsman themselves, with the agenda number of their report.

Rule: each reporter reads only the number of their own report, on a page that they can print; it gives no access.
"""

from typing import Final

from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, phrases, transitions
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.referral import group
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.wire.board import MESSAGE, Entry

_PHRASE: Final = "ombudsman-letter"
_NUMBER: Final = {"id": "Nomor agenda: {number}.", "en": "Agenda number: {number}."}


def give(work: Work, case: Case) -> None:
    """Publish the letter to the reporters of a case and of those merged into it.

    Raises:
        RefusedError: the officer's roles do not allow it, or the case was merged into another.
        NotFoundError: the officer is excluded from the case.
    """
    permission.permit(work, Permission.ANSWER_MESSAGE, case.number)
    group.check_leads(case)
    with transaction(work.vault.db), recorded(work, Permission.ANSWER_MESSAGE, case.number):
        for member in group.cases(work.vault, case):
            language = casebook.language(work.vault, member)
            number = agenda.give(work, member.number)
            text = f"{phrases.text_of(work.vault, _PHRASE, language)}\n{_NUMBER[language].format(number=number)}"
            due = casebook.promised(work.vault, member)
            transitions.tell(work.vault, member.number, Entry(day=work.today, kind=MESSAGE, text=text, next=due))
        audit_log.write(work.vault, Permission.ANSWER_MESSAGE, case.number, did="ombudsman")
