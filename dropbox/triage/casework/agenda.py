"""The agenda number (nomor agenda): what a reporter may cite elsewhere.

    workstation.agenda_format with {number} (running within a year), {year} and {desk}

Rule: it is made of nothing that the reporter sent or keeps secret, is given once and never to another case, and its
reporter reads it on the timeline.
"""

from typing import Final

from dropbox.settings.installation import Settings
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import search
from dropbox.triage.vault.vault import Vault
from dropbox.wire.board import STATUS
from dropbox.wire.calendar import date_of

_TEXTS: Final = {
    "id": "Nomor agenda laporan Anda: {agenda}. Nomor ini boleh Anda sebutkan bila bertanya di tempat lain."
    " Jangan sebutkan kode tanda terima atau frasa sandi Anda kepada siapa pun.",
    "en": "The agenda number of your report: {agenda}. You may cite it when you ask elsewhere."
    " Never tell anybody your receipt code or passphrase.",
}


def give(vault: Vault, settings: Settings, number: int, today: int) -> str:
    """The case's agenda number, made and told to its reporter if it has none; inside a transaction.

    Args:
        vault: whose.
        settings: the format.
        number: of the case.
        today: day number, which tells the year.
    """
    case = casebook.case_of(vault, number)
    if case.agenda:
        return case.agenda
    agenda = _next(vault, settings, date_of(today).year)
    vault.db.execute("update cases set agenda = ? where number = ?", (agenda, number))
    text = _TEXTS[language(vault, number)].format(agenda=agenda)
    vault.db.execute(
        "insert into events (case_number, day, kind, status, text, next) values (?, ?, ?, ?, ?, ?)",
        (number, today, STATUS, case.status, text, casebook.promised(vault, case)),  # not the date that is ours alone
    )
    search.put_labels(vault, number)
    audit_log.write(vault, "case.agenda", number, agenda=agenda)
    return agenda


def _next(vault: Vault, settings: Settings, year: int) -> str:
    counter = f"agenda {year}"
    count = vault.count(counter)
    while True:  # a format without the year meets numbers of the years before
        count += 1
        agenda = settings.workstation.agenda_format.format(number=count, year=year, desk=vault.desk.upper())
        if vault.db.execute("select 1 from cases where agenda = ?", (agenda,)).fetchone() is None:
            vault.put_count(counter, count)
            return agenda


def language(vault: Vault, number: int) -> str:
    """The language in which a case's reporter is written to: `en` if they chose it, else `id`."""
    row = vault.db.execute(
        "select lang from messages where case_number = ? and lang != '' order by number limit 1", (number,)
    ).fetchone()
    return row[0] if row and row[0] in _TEXTS else "id"
