"""A letter for reporters who go to the Ombudsman themselves: the agenda number under which they are registered.

Rule: each reporter reads the number of their own report, on the page that they can print; it opens nothing.
"""

from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, phrases, transitions
from dropbox.triage.referral import group
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.wire.board import MESSAGE, Entry

ACT: Final = "answer.message"
_PHRASE: Final = "ombudsman-letter"
_NUMBER: Final = {"id": "Nomor agenda: {number}.", "en": "Agenda number: {number}."}


def give(vault: Vault, settings: Settings, case: Case, today: int) -> None:
    """Put the letter on the boards of a case and of those merged into it.

    Raises:
        RefusedError: the officer's roles do not allow it, or the case leads no others.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(vault, settings, ACT, case.number)
    group.check_leads(case)
    with transaction(vault.db):
        for one in group.cases(vault, case):
            language = casebook.language(vault, one)
            number = agenda.give(vault, settings, one.number, today)
            text = f"{phrases.text_of(vault, _PHRASE, language)}\n{_NUMBER[language].format(number=number)}"
            due = casebook.promised(vault, one)
            transitions.tell(vault, one.number, Entry(day=today, kind=MESSAGE, text=text, next=due))
        audit_log.write(vault, ACT, case.number, did="ombudsman")
