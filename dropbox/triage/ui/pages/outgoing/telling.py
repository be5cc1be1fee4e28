"""Shows beside a form what reporters will read, and lets an officer take back what has not left.

Rule: what is shown is what the form's own act would write (casework.outgoing.preview). A form that names what its
officer saw is refused when a reporter would read something else.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import babel.dates
from flask import g, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.serving.pages.language import sentence
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.outgoing import preview, withdrawal
from dropbox.triage.casework.outgoing.preview import Told
from dropbox.triage.tables import events
from dropbox.triage.tables.outgoing.tellings import Telling
from dropbox.triage.ui import choices
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.ui.view import vault, whole, work
from dropbox.vocabulary import lazy, vocabulary
from dropbox.wire.board import Entry
from dropbox.wire.calendar import date_of
from dropbox.wire.statuses import QUESTION

_REWRITTEN: Final = "answer."  # what begins so is an answer, with a form to write it anew


BOUND: Final = lazy.table("bound")
WHY_BOUND: Final = lazy.table("bound", "why")


class Look(NamedTuple):
    """What an act would tell, as a part of a page, with its fingerprint; or the fault for which it would be refused."""

    part: Markup = Markup("")
    code: str = ""
    fault: str = ""


def context(case: Case, typed: MultiDict[str, str], form: str) -> dict[str, Any]:
    """Return the template variables with which a case's page shows what has not left.

    Args:
        case: whose page it is.
        typed: what a refused or previewed form held.
        form: its name, or an empty string.
    """
    newest = withdrawal.newest(work(), case)
    anew = _anew(case) if not form else None
    return {
        "bound": {number: code for number, _case, code, _entry in events.bound(vault().db, vault().officer.login)},
        "why_bound": WHY_BOUND,
        "not_left": {number for number, _case, _entry in events.not_left(vault().db)},
        "newest": newest,
        "may_rewrite": newest is not None and newest.act.startswith(_REWRITTEN) and bool(newest.entries),
        "instead": anew.number if anew else whole(typed.get("instead", "")) or "",
        "written": _written(case, anew) if anew else None,
        "look": g.get("look") or Look(),
    }


def _anew(case: Case) -> Telling | None:
    """Return the answer that the address asks to write anew, if the officer may."""
    newest = withdrawal.newest(work(), case)
    return newest if newest is not None and str(newest.number) == request.args.get("ubah", "") else None


def _written(case: Case, telling: Telling) -> MultiDict[str, str]:
    """Return an answer's form as it was filled in."""
    entries = [entry for number, one, entry in events.not_left(vault().db) if number in telling.entries]
    entry = entries[-1]
    day = date_of(entry.next).isoformat() if entry.next and entry.status else ""
    status = entry.status or case.status
    return MultiDict({"status": status, "text": entry.text, "next": day, "target": case.reference})


def instead(typed: MultiDict[str, str]) -> Telling | None:
    """Return the answer in place of which a form is saved, or None; raises NotFoundError if it has left."""
    number = typed.get("instead", "")
    return withdrawal.of_number(work(), whole(number) or 0) if number else None


def withdraw(case: Case, typed: MultiDict[str, str]) -> str:
    """Take back what a form names; raises what withdrawal.withdraw raises."""
    telling = withdrawal.of_number(work(), whole(typed.get("telling", "")) or 0)
    if case.number not in telling.members:
        raise NotFoundError("telling.left")
    withdrawal.withdraw(work(), telling)
    return _("Ditarik kembali. Pelapor tidak akan membacanya.")


def look(act: Callable[[], object]) -> Look:
    """Return what an act would tell."""
    try:
        told = preview.told(work(), act)
    except DropboxError as error:
        return Look(fault=sentence(error))
    part = render_template("desk/_told.html", told=told, seen=seen(told), reading=reading, label=_status)
    return Look(Markup(part), seen(told))  # noqa: S704  our own template's, escaped there


def check_seen(act: Callable[[], object], untrusted: str) -> None:
    """Pass, if an act tells just what an officer saw; raises RefusedError, and what the act raises."""
    if untrusted != seen(preview.told(work(), act)):
        raise RefusedError("telling.changed-meanwhile")


def seen(told: list[Told]) -> str:
    """Return a fingerprint of what would be told."""
    words = repr([(one.before.number, one.entries, one.again) for one in told])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def reading(entry: Entry, language: str) -> dict[str, str]:
    """Return an entry in the words of the reporter's page: title, text, and the sentence about its date."""
    title = vocabulary.words("status", entry.status, "public")[language] if entry.status else _word("message", language)
    day = babel.dates.format_date(date_of(entry.next), "d MMMM y", language) if entry.next else ""
    code = "asked" if entry.status == QUESTION else "due"
    return {"title": title, "text": entry.text, "date": _word(code, language).format(date=day) if day else ""}


def _status(code: str) -> str:
    return choices.label(choices.STATUSES, code)


def _word(code: str, language: str) -> str:
    return vocabulary.label("reading", code, language)


def waiting() -> list[tuple[Telling, Case, list[tuple[Case, Entry]]]]:
    """Return what has not left, newest first: the telling, its first case, and each case's entries."""
    entries = {number: (case, entry) for number, case, entry in events.not_left(vault().db)}
    return [
        (
            one,
            casebook.case_of(vault(), one.members[0]),
            [
                (casebook.case_of(vault(), entries[number][0]), entries[number][1])
                for number in one.entries
                if number in entries
            ],
        )
        for one in withdrawal.waiting(work())
    ]


def bound() -> dict[str, list[tuple[Case, Entry]]]:
    """Return what has not left and cannot be taken back, oldest first, by the code of the reason."""
    found: dict[str, list[tuple[Case, Entry]]] = {}
    for _number, case, code, entry in events.bound(vault().db, vault().officer.login):
        found.setdefault(code, []).append((casebook.case_of(vault(), case), entry))
    return found


def may_take_back(telling: Telling) -> bool:
    """Return whether the officer may take a telling back now."""
    try:
        withdrawal.check(work(), telling)
    except DropboxError:
        return False
    return True


def label(telling: Telling, language: str) -> str:
    """Return the name of the act that told something."""
    group = "telling" if telling.act in vocabulary.table("telling") else "permission"
    return vocabulary.label(group, telling.act, language)
