"""Who is kept out of which case: an officer whom a report names, and an officer of the unit that it complains of.

    named        the reporter's own words name the officer                     (matching.names)
    attached     the text of a file names the officer
    recognized   what a machine read in a picture names the officer
    unit         where, who, a further person or the classified unit name the officer's own unit
    merged       the case is worked on together with one from which the officer is kept out

Rule: it happens by itself, wherever a text, an officer or a unit is new, in the same transaction. Only another officer
lifts it, with the act; a new message that names the officer puts it back.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.form import details
from dropbox.form.model import Form
from dropbox.matching.names import NamedIn, UnitsIn, person
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.tables import cases, exclusions, findings, messages, officers
from dropbox.triage.tables.exclusions import Exclusion
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.records import clearings, statements
from dropbox.triage.tables.records.clearings import Clearing
from dropbox.triage.tables.records.statements import Statement
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary

NAMED: Final = "named"
ATTACHED: Final = "attached"
RECOGNIZED: Final = "recognized"
UNIT: Final = "unit"
MERGED: Final = "merged"
SAFEGUARDING: Final = "safeguarding"  # of access.safeguarding
REASONS: Final = vocabulary.table("exclusion_reason")
# `what` may tell to whom a matter was reported before; the unit complained of stands in the other two.
_UNIT_FIELDS: Final = ("where", "who")


def check_message(work: Work, case: CaseNumber, fields: Mapping[str, str]) -> None:
    """Keep out whom a message that has just come names; inside the transaction that takes it in."""
    if fields:
        found = _found(details.form_of(work.settings), active_officers(work.vault), fields)
        _exclude(work.vault, [(case, login, reason) for login, reason in found], again=True)


def fields_of(one: Statement | Clearing) -> dict[str, str]:
    """Return a statement, or the addressee of a letter, as the fields of a message: they are checked alike."""
    post, said = (one.role, one.text) if isinstance(one, Statement) else (one.position, "")
    return {"who": "\n".join((one.name, post, one.unit)), "what": said}


def check_file(vault: Vault, found_in: Iterable[CaseNumber], text: str, reason: str) -> None:
    """Keep officers whom the text of a file names out of the cases that have it; inside a transaction.

    Args:
        vault: that has the cases.
        found_in: numbers of the cases.
        text: of the file and its parts.
        reason: ATTACHED or RECOGNIZED. What was lifted stays lifted.
    """
    logins = _named(active_officers(vault), text)
    _exclude(vault, [(case, login, reason) for case in found_in for login in logins])


def check_reader(work: Work, case: CaseNumber, fields: Mapping[str, str]) -> None:
    """Keep out the officer at work, if they are named in what they are about to read; inside a transaction."""
    found = _found(details.form_of(work.settings), [work.vault.officer], fields)
    _exclude(work.vault, [(case, login, reason) for login, reason in found])


def check_officer(work: Work, login: str) -> None:
    """Keep an officer who is new, renamed or moved out of what there is; inside the transaction of that change."""
    concerned = [officer for officer in active_officers(work.vault) if officer.login == login]
    rows = messages.fields_of_live(work.vault.db)
    form = details.form_of(work.settings)
    found = [(case, *one) for case, fields in rows for one in _found(form, concerned, json.loads(fields))]
    found += [(case, *one) for case, unit in cases.units(work.vault.db) for one in _of_unit(concerned, unit)]
    records: list[Statement | Clearing] = [*statements.of_live(work.vault.db), *clearings.of_live(work.vault.db)]
    for one in records:
        found += [(one.case, *named) for named in _found(form, concerned, fields_of(one))]
    for case, *texts in findings.texts_of_live(work.vault.db):
        for text, reason in zip(texts, (ATTACHED, RECOGNIZED), strict=True):
            found += [(case, login, reason) for login in _named(concerned, text)]
    _exclude(work.vault, found)


def check_case(vault: Vault, case: CaseNumber) -> None:
    """Keep out who is of the unit that a case was classified to; inside the transaction of the classification."""
    unit = casebook.case_of(vault, case).unit
    _exclude(vault, [(case, *one) for one in _of_unit(active_officers(vault), unit)])


def check_merged(vault: Vault, leader: CaseNumber) -> None:
    """Keep out of all cases of a group whoever is kept out of one; inside the transaction that merges them.

    Not whom access.safeguarding keeps out: it looks at groups itself, and lets in again who gets the act.
    """
    found = exclusions.of_cases(vault.db, cases.group(vault.db, [leader]))
    officers = dict.fromkeys(one.officer for one in found if one.reason != SAFEGUARDING)
    _exclude(vault, [(leader, officer, MERGED) for officer in officers], again=True)


def lift(work: Work, case: casebook.Case, login: str) -> None:
    """Let an officer into a case (and into what is merged with it): it was a mistake, or a decision of the Inspektur.

    Inside a transaction, and from access.safeguarding alone, which sees to its own reason.

    Raises:
        RefusedError: the officer's roles do not allow it, or they are the one concerned.
        NotFoundError: nobody of that login is kept out of the case, or the officer at work is.
    """
    if login == work.vault.officer.login:
        raise RefusedError("exclusion.own")
    permission.permit(work, Permission.CONFLICT_LIFT, case.number)
    group = cases.group(work.vault.db, [case.number])
    if not exclusions.lift(work.vault.db, group, login, work.vault.officer.login):
        raise NotFoundError("exclusion.none")
    audit_log.write(work.vault, "conflict.lift", case.number, officer=login)


def excluded(work: Work, case: casebook.Case) -> list[Exclusion]:
    """(login, reason) of everybody who is kept out of a case; raises RefusedError or NotFoundError."""
    permission.permit(work, Permission.CASE_READ, case.number)
    return exclusions.of_cases(work.vault.db, [case.number])


def active_officers(vault: Vault) -> tuple[Officer, ...]:
    """Who may work at the desk now, without their seeds."""
    return _officers_of(tuple(officers.active(vault.db)))


@functools.lru_cache(maxsize=4)
def _officers_of(rows: tuple[officers.Row, ...]) -> tuple[Officer, ...]:
    """Asked for every message of an import: the officers are the same."""
    return tuple(Officer(one.login, one.name, one.unit, one.roles, one.lang, b"") for one in rows)


def _found(form: Form, officers: Iterable[Officer], fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """(login, reason) of the officers whom a reporter's fields concern."""
    # A code is no word of the reporter's: the channel "dumas" is a post of the inspectorate too.
    named = [(login, NAMED) for login in _named(officers, "\n".join(details.own_words(form, fields).values()))]
    logins = {login for login, _ in named}
    place = "\n".join((*(fields[name] for name in _UNIT_FIELDS if name in fields), *details.further_persons(fields)))
    return named + [one for one in _of_unit(officers, place) if one[0] not in logins]


def _named(officers: Iterable[Officer], text: str) -> list[str]:
    """Logins of the officers whom a text names."""
    said = NamedIn(text)
    return [one.login for one in officers if said.has(person(one.name, one.unit))]


def _of_unit(officers: Iterable[Officer], text: str) -> list[tuple[str, str]]:
    units = UnitsIn(text)
    return [(officer.login, UNIT) for officer in officers if units.has(officer.unit)]


def _exclude(vault: Vault, found: Iterable[tuple[CaseNumber, str, str]], *, again: bool = False) -> None:
    """Keep officers out of cases and of those merged with them; `again`: although it was lifted before."""
    groups: dict[CaseNumber, list[CaseNumber]] = {}
    for case, login, reason in found:
        if case not in groups:
            groups[case] = cases.group(vault.db, [case])
        for number in groups[case]:
            one = Exclusion(login, reason if number == case else MERGED)
            # Whoever is kept out for want of a role, and might get it, stays out for this reason too.
            if exclusions.add(vault.db, number, one, weaker=SAFEGUARDING, again=again):
                audit_log.write(vault, "conflict.found", number, officer=login, reason=reason)
