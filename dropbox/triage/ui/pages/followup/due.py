"""Shows what is due at whose desk: dispositions, task letters, recommendations, requests for protection.

Rule: what overdue means is decided by the day alone; every list and count is of cases that the officer may open. An
address names a unit by the number of its first recommendation, because its name is an officer's words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Flask, request
from werkzeug.wrappers import Response

from dropbox.triage.access import offices
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.casebook import case_name
from dropbox.triage.casework import protection
from dropbox.triage.followup import duties
from dropbox.triage.followup.duties import PAGE_ROWS
from dropbox.triage.tables.followup.dispositions import Wanted
from dropbox.triage.tables.followup.waiting import UnitLoad
from dropbox.triage.ui.pages.inbox import logins, office_choices
from dropbox.triage.ui.view import desk, may, page, vault, whole, work
from dropbox.vocabulary import lazy

_KEPT: Final = ("petugas", "unit", "lewat", "semua", "belum", "satker")


@dataclass(frozen=True)
class Part:
    """A page of a list: its rows, how many the whole list has, and the number of the page after it, or 0."""

    rows: Sequence[Any]
    count: int
    next: int


@dataclass(frozen=True)
class _Asked:
    """What an address asks for; see `_asked`."""

    officer: str
    office: str
    late: bool
    everybody: bool
    unread: bool
    unit: int
    place: int

    @property
    def wanted(self) -> Wanted:
        """The selection of dispositions."""
        found = duties.mine(work())
        if self.officer or self.office or self.everybody:
            found = Wanted(vault().officer.login, self.officer, (self.office,) if self.office else ())
        return replace(found, overdue_on=desk().today() if self.late else 0, unread=self.unread)

    @property
    def whose(self) -> str:
        """Login of the officer whose task letters are asked for, or empty for all."""
        return self.officer or ("" if self.office or self.everybody else vault().officer.login)


def _asked() -> _Asked:
    typed = request.args
    return _Asked(
        typed.get("petugas", ""),
        typed.get("unit", ""),
        typed.get("lewat") == "1",
        typed.get("semua") == "1",
        typed.get("belum") == "1",
        whole(typed.get("satker", "")) or 0,
        max(whole(typed.get("halaman", "")) or 1, 1),
    )


def _part(asked: _Asked, rows: Sequence[Any], count: int) -> Part:
    return Part(rows[:PAGE_ROWS], count, asked.place + 1 if len(rows) > PAGE_ROWS else 0)


def _dispositions(asked: _Asked, _units: list[UnitLoad]) -> Part:
    return _part(asked, duties.waiting(work(), asked.wanted, asked.place), duties.count(work(), asked.wanted))


def _letters(asked: _Asked, _units: list[UnitLoad]) -> Part:
    found = duties.tasks(work(), asked.whose, late=asked.late)
    return _part(asked, found[(asked.place - 1) * PAGE_ROWS :], len(found))


def _recommendations(asked: _Asked, units: list[UnitLoad]) -> Part:
    rows = duties.recommendations(work(), unit=asked.unit, late=asked.late, page=asked.place)
    chosen = [one for one in units if asked.unit in (0, one.root)]
    return _part(asked, rows, sum(one.overdue if asked.late else one.open for one in chosen))


def _protections(asked: _Asked, _units: list[UnitLoad]) -> Part:
    found = [one for one in protection.waiting(work()) if not asked.late or one.due < desk().today()]
    return _part(asked, found[(asked.place - 1) * PAGE_ROWS :], len(found))


_PARTS: Final[dict[str, Callable[[_Asked, list[UnitLoad]], Part]]] = {
    "disposisi": _dispositions,
    "surat-tugas": _letters,
    "rekomendasi": _recommendations,
    "perlindungan": _protections,
}


def _show() -> Response:
    asked, alone, units = _asked(), request.args.get("bagian", ""), duties.by_unit(work())
    shown = [code for code in _PARTS if alone in ("", code)]
    if not may(Permission.PROTECTION_MANAGE):
        shown = [code for code in shown if code != "perlindungan"]
    return page(
        "duties.html",
        here="duties",
        parts={code: _PARTS[code](asked if alone else replace(asked, place=1), units) for code in shown},
        alone=alone,
        asked=asked,
        kept={name: request.args[name] for name in _KEPT if name in request.args},
        desks=duties.desks(work()),
        members=offices.members(work()),
        officers=logins(),
        office_choices=office_choices(),
        office_names=dict(office_choices()),
        units=units,
        unit_choices=[(str(one.root), one.unit or "–") for one in units],
        kinds=lazy.table("recommended"),
        outcomes=lazy.table("settlement"),
        protections=protection.KINDS,
        today=desk().today(),
        name_of=lambda number: case_name(vault().desk, number),
    )


def register(app: Flask) -> None:
    """Add the route of the page."""
    app.add_url_rule("/tugas", "duties", _show)
