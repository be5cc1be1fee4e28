"""A letter for reporters who go to the Ombudsman themselves: the agenda number under which they are registered.

Rule: each reporter reads the number of their own report, on the page that they can print; it opens nothing.
"""

from typing import Final

from dropbox.settings import Settings
from dropbox.triage import casebook, policy
from dropbox.triage.casebook import Case
from dropbox.triage.office import log
from dropbox.triage.referral import group
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.triage.work import agenda, moves, phrases
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
    policy.permit(vault, settings, ACT, case.number)
    group.check_leads(case)
    with transaction(vault.db):
        for one in group.cases(vault, case):
            language = casebook.language(vault, one)
            number = agenda.give(vault, settings, one.number, today)
            text = f"{phrases.text_of(vault, _PHRASE, language)}\n{_NUMBER[language].format(number=number)}"
            due = casebook.promised(vault, one)
            moves.tell(vault, one.number, Entry(day=today, kind=MESSAGE, text=text, next=due))
        log.write(vault, ACT, case.number, did="ombudsman")
