"""Finds the file that an address names: /kasus/N/berkas/M?bagian=2.1.

Rule: every page of a file asks here, so that a file is reached only through a case that the officer may open.
"""

import re
from dataclasses import dataclass
from typing import Final

from flask import request

from dropbox.errors import NotFoundError
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.ui.case_forms import case_of
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
