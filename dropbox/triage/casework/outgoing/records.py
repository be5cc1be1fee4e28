"""Puts entries on reporters' timelines, and records how the cases stood before, so that an act can be taken back.

    recorded    an act of an officer: what it tells is taken back until the next publication
    bound       what it tells cannot be taken back, for a reason of the list `bound` in the vocabulary

Rule: no other module puts an entry on a timeline, and none is put outside one of the two. The record is made in the
transaction of the act and is deleted by the publication (exchange.publish).
"""

import contextlib
import contextvars
from collections.abc import Iterable, Iterator
from typing import Any, Final

from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.tables import cases, events, protections
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.outgoing import referrals, tellings
from dropbox.triage.tables.outgoing.tellings import Telling
from dropbox.triage.tables.safety import follow_ups, notices
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Bound
from dropbox.wire.board import Entry

CASES, PROTECTIONS, CONSENTS, CHECKS, NOTICES = "cases", "protections", "consents", "checks", "notices"
Rows = dict[str, dict[str, Any]]
_RECORDED: Final = ""
_UNDER: Final = contextvars.ContextVar[str | None]("_UNDER", default=None)


def put(vault: Vault, case: CaseNumber, entry: Entry) -> int:
    """Put an entry on the timeline of one case alone; inside the transaction of `recorded` or `bound`.

    Returns:
        The entry's number.

    Raises:
        RuntimeError: it is outside both: nobody could see it before, or take it back.
    """
    under = _UNDER.get()
    if under is None:
        raise RuntimeError
    return events.add(vault.db, case, entry, under)


def bound(reason: Bound) -> contextlib.AbstractContextManager[None]:
    """Return the block in which entries are put without a record, for a reason for which none is taken back."""
    return _under(reason)


@contextlib.contextmanager
def _under(code: str) -> Iterator[None]:
    token = _UNDER.set(code)
    try:
        yield
    finally:
        _UNDER.reset(token)


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
    with _under(_RECORDED):
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
        CHECKS: _named(follow_ups.snapshot(db, members)),
        NOTICES: _named(notices.snapshot(db, members)),
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
