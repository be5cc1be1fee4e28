"""Keeps an officer's own filters of the inbox, by name.

Rule: a filter is for its officer alone. Its values stay in the vault, and an address has its number only, because a
unit's name may come from a report.
"""

import json
import unicodedata
from dataclasses import asdict, dataclass, fields
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.casework.inbox import Filter
from dropbox.triage.tables.listing import saved_filters
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

NAME_MAX: Final = 40  # characters
FILTERS_MAX: Final = 30  # of one officer
_ACTION: Final = "inbox.filter"  # in the log


@dataclass(frozen=True)
class Saved:
    """A filter with its number and its name."""

    number: int
    name: str
    wanted: Filter


def all_saved(work: Work) -> list[Saved]:
    """Return the officer's filters by name; raises RefusedError if the roles do not allow reading cases."""
    permission.permit(work, Permission.CASE_READ)
    rows = saved_filters.of_officer(work.vault.db, work.vault.officer.login)
    return [Saved(row.number, row.name, _read(row.wanted)) for row in rows]


def wanted_of(work: Work, number: int) -> Filter:
    """Return the filter of a number; raises NotFoundError if it is not the officer's, RefusedError as `all_saved`."""
    found = next((one.wanted for one in all_saved(work) if one.number == number), None)
    if found is None:
        raise NotFoundError("filter.not-found")
    return found


def save(work: Work, name: str, wanted: Filter) -> int:
    """Keep a filter under a name, in place of the officer's filter of that name; returns its number.

    Args:
        work: the vault, the settings and the day.
        name: a line of at most NAME_MAX characters.
        wanted: the filter; the words of a search are not kept.

    Raises:
        RefusedError: the name is empty or too long, the officer has FILTERS_MAX filters, or the officer's roles do not
            allow reading cases.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX or any(unicodedata.category(sign)[0] == "C" for sign in name):
        raise RefusedError("filter.name", most=NAME_MAX)
    before = all_saved(work)
    if len(before) >= FILTERS_MAX and name not in {one.name for one in before}:
        raise RefusedError("filter.too-many", most=FILTERS_MAX)
    values = {key: value for key, value in asdict(wanted).items() if value and key != "text"}
    with transaction(work.vault.db):
        saved_filters.put(work.vault.db, work.vault.officer.login, name, json.dumps(values))
        audit_log.write(work.vault, _ACTION, added=1)
    return next(one.number for one in all_saved(work) if one.name == name)


def delete(work: Work, number: int) -> None:
    """Delete a filter; raises NotFoundError if the officer has none of that number, RefusedError as `all_saved`."""
    permission.permit(work, Permission.CASE_READ)
    with transaction(work.vault.db):
        if not saved_filters.remove(work.vault.db, work.vault.officer.login, number):
            raise NotFoundError("filter.not-found")
        audit_log.write(work.vault, _ACTION, removed=1)


def _read(wanted: str) -> Filter:
    known = {one.name for one in fields(Filter)}
    return Filter(**{name: value for name, value in json.loads(wanted).items() if name in known})
