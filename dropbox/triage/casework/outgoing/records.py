"""Records what an act of an officer tells reporters, and how the cases stood before, so that it can be taken back.

Rule: the record is made in the transaction of the act and is deleted by the publication (exchange.publish). Entries of
which there is no record are not taken back: an import made them, or a dossier that may have left.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.tables import cases, events, protections
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.outgoing import referrals, tellings
from dropbox.triage.tables.outgoing.tellings import Telling
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

CASES, PROTECTIONS, CONSENTS = "cases", "protections", "consents"
Rows = dict[str, dict[str, Any]]


@contextlib.contextmanager
def recorded(work: Work, act: Permission, *numbers: CaseNumber) -> Iterator[None]:
    """Keep a record of what is told inside; in the act's transaction. Nothing is kept when nothing changes.

    Args:
        work: the vault, the settings and the day.
        act: the permission that the act needs; who has it may take it back.
        numbers: of the cases, the one that is worked on first; what is merged with them is added.
    """
    db = work.vault.db
    members = [*numbers, *(one for one in cases.group(db, numbers) if one not in numbers)]
    before, last, (logged, _) = standing(work.vault, members), events.last(db), audit_log.head(work.vault)
    yield
    told = [number for number, case, _ in events.told_since(db, last) if case in members]
    changes = _changes(before, standing(work.vault, members))
    if told or changes:
        officer, newest = work.vault.officer.login, events.last(db)
        tellings.add(db, Telling(0, act, officer, work.today, members, told, changes, newest, logged))


def standing(vault: Vault, members: Iterable[CaseNumber]) -> dict[str, Rows]:
    """Return, by table and number, the rows of cases that an act may change."""
    db, members = vault.db, list(members)
    return {
        CASES: _named(cases.snapshot(db, members)),
        PROTECTIONS: _named(protections.snapshot(db, members)),
        CONSENTS: {str(number): {} for number in referrals.consents_of(db, members)},
    }


def _named(rows: dict[int, dict[str, Any]]) -> Rows:
    return {str(number): row for number, row in rows.items()}


def _changes(before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, dict[str, list[Any]]]:
    """Return [before, after] of each row that differs, with the differing columns of a row that was there."""
    found: dict[str, dict[str, list[Any]]] = {}
    for table, rows in after.items():
        for number, row in rows.items():
            stood = before[table].get(number)
            if stood is None:
                found.setdefault(table, {})[number] = [None, row]
            elif stood != row:
                names = [name for name in row if row[name] != stood[name]]
                pair = [{name: values[name] for name in names} for values in (stood, row)]
                found.setdefault(table, {})[number] = pair
    return found
