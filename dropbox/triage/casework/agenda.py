"""The agenda number (nomor agenda): what a reporter may cite elsewhere.

    workstation.agenda_format with {number} (running within a year), {year} and {desk}

Rule: it is made of nothing that the reporter sent or keeps secret, is given once and never to another case, and its
reporter reads it on the timeline.
"""

from typing import Final

from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import search
from dropbox.triage.casework.outgoing import records
from dropbox.triage.tables import cases, log, messages
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import STATUS, Entry
from dropbox.wire.calendar import date_of

_ACT: Final = "case.agenda"
_TEXTS: Final = {
    "id": "Nomor agenda laporan Anda: {agenda}. Nomor ini boleh Anda sebutkan bila bertanya di tempat lain."
    " Jangan sebutkan kode tanda terima atau frasa sandi Anda kepada siapa pun.",
    "en": "The agenda number of your report: {agenda}. You may cite it when you ask elsewhere."
    " Never tell anybody your receipt code or passphrase.",
}


def give(work: Work, number: CaseNumber) -> str:
    """The case's agenda number, made and told to its reporter if it has none; inside a transaction.

    Args:
        work: the vault, the settings and the day.
        number: of the case.
    """
    case = casebook.case_of(work.vault, number)
    if case.agenda:
        return case.agenda
    # A notice that was taken back left the number with the case: nobody else ever gets it.
    agenda = log.last_value(work.vault.db, number, _ACT, "agenda") or _next(work, date_of(work.today).year)
    cases.change(work.vault.db, number, agenda=agenda)
    text = _TEXTS[language(work.vault, number)].format(agenda=agenda)
    due = casebook.promised(work.vault, case)  # not the date that is ours alone
    records.put(work.vault, number, Entry(day=work.today, kind=STATUS, status=case.status, text=text, next=due))
    search.put_labels(work.vault, number)
    audit_log.write(work.vault, _ACT, number, agenda=agenda)
    return agenda


def _next(work: Work, year: int) -> str:
    counter = f"agenda {year}"
    count = work.vault.count(counter)
    while True:  # a format without the year meets numbers of the years before
        count += 1
        agenda = work.settings.workstation.agenda_format.format(number=count, year=year, desk=work.vault.desk.upper())
        if not cases.has_agenda(work.vault.db, agenda):
            work.vault.put_count(counter, count)
            return agenda


def language(vault: Vault, number: CaseNumber) -> str:
    """The language in which a case's reporter is written to: `en` if they chose it, else `id`."""
    written = messages.language(vault.db, number)
    return written if written in _TEXTS else "id"
