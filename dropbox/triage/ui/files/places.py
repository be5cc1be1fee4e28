"""Finds the file that an address names: /kasus/N/berkas/M?bagian=2.1, and those before and after it.

Rule: every page of a file asks here, so that a file is reached only through a case that the officer may open.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import request

from dropbox.errors import NotFoundError
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case, StoredFile
from dropbox.triage.casework import merging
from dropbox.triage.evidence import findings
from dropbox.triage.tables import messages
from dropbox.triage.ui.case_forms import case_of
from dropbox.triage.ui.files.studio import File
from dropbox.triage.ui.view import vault

PART: Final = "bagian"  # of an address: the place of a part in the file
_PART: Final = re.compile(r"[1-9][0-9]{0,3}(?:\.[1-9][0-9]{0,3}){0,7}")


@dataclass(frozen=True)
class Place:
    """The place of a file.

    Attributes:
        shown: the case of the address.
        case: that received the file: `shown`, or a case that was merged into it.
        number: of the file in `case`, 1-based.
        message: number of the message that brought it.
        part: "" for the file itself, or the place of a part in it (evidence.source).
    """

    shown: Case
    case: Case
    number: int
    message: int
    part: str = ""


def place_of(number: int, message: int, part: str = "") -> Place:
    """Return the place of a file or part; raises NotFoundError if the case has none there.

    Args:
        number: of the case in the address.
        message: number of the message that brought the file.
        part: place of a part in the file.
    """
    if part and not _PART.fullmatch(part):
        raise NotFoundError("evidence.no-such-part")
    shown = case_of(number)
    for one in (shown.number, *merging.followers(vault(), shown.number)):
        case = casebook.case_of(vault(), one)
        try:
            return Place(shown, case, casebook.file_number(vault(), case, message), message, part)
        except NotFoundError:
            continue
    raise NotFoundError("case.no-such-file")


def requested(number: int, message: int) -> Place:
    """Return the place that the address of this request names; raises NotFoundError."""
    return place_of(number, message, request.args.get(PART, ""))


def file_at(place: Place) -> File:
    """Return the file or part at a place."""
    return File(place.case, place.number, place.part, casebook.file_of(vault(), place.case, place.number))


class Step(NamedTuple):
    """A file among those of a case: number of its message, place of a part in it."""

    message: int
    part: str = ""


@dataclass(frozen=True)
class Around:
    """The files before and after one, parts included, and its number among the files of its case."""

    previous: Step | None
    next: Step | None
    number: int
    count: int


def around(place: Place) -> Around:
    """Return what is before and after a file or part: the files of its case, then those of what was merged into it."""
    numbers = [number for number, _ in all_files(place.shown)]
    at = numbers.index(place.message)
    here = _with_parts(place.message, file_at(place).stored)
    inside = here.index(Step(place.message, place.part)) if Step(place.message, place.part) in here else 0
    before = here[inside - 1] if inside else None
    if before is None and at:
        former = place_of(place.shown.number, numbers[at - 1])
        before = _with_parts(former.message, file_at(former).stored)[-1]
    after = here[inside + 1] if inside + 1 < len(here) else None
    if after is None and at + 1 < len(numbers):
        after = Step(numbers[at + 1])
    return Around(before, after, at + 1, len(numbers))


def all_files(shown: Case) -> list[tuple[int, StoredFile]]:
    """Return (number of its message, file) of each file of a case and of what was merged into it."""
    found: list[tuple[int, StoredFile]] = []
    for one in (shown.number, *merging.followers(vault(), shown.number)):
        case = casebook.case_of(vault(), one)
        numbers = messages.file_numbers(vault().db, one)
        found += zip(numbers, casebook.files(vault(), case), strict=True)
    return found


def _with_parts(message: int, file: StoredFile) -> list[Step]:
    places = [found.place for found in findings.outlines(vault(), file)]
    return [Step(message, place) for place in places or [""]]
