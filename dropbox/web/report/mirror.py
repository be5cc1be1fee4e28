"""Finds what in a report may point to its reporter, for the review without JavaScript.

Rule: only the page that is being rendered gets it, never the store or a log. It stops nobody. Its part of the page has
one length, whatever was found: an answer's length must not say what is in a report. A long report is searched in part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dropbox.form.mirror import passages, patterns
from dropbox.form.model import LINE, TEXT, Form
from dropbox.limits import FIELD_MAX_CHARACTERS
from dropbox.web.report.draft import Draft
from dropbox.web.report.report_form import REPORT_TEXTS

SHOWN: Final = 2  # passages of a kind
SEARCHED: Final = FIELD_MAX_CHARACTERS  # of a report in all, from its beginning: a search costs time for everybody
PART_BYTES: Final = 2560  # of the page's part; each kind in full, in the longer language


@dataclass(frozen=True)
class Reflection:
    """The passages of one kind, at most SHOWN, and the record name of the first answer that contains one."""

    kind: str
    name: str
    passages: tuple[str, ...] = field(repr=False)


def mirror(draft: Draft, form: Form) -> Iterator[Reflection]:
    """Yield what was found in the answers that were typed, by kind.

    Args:
        draft: the parsed form.
        form: the optional questions of the site; answers that are chosen from a list are not searched.
    """
    typed = {*REPORT_TEXTS, *(question.name for question in form.questions() if question.kind in (LINE, TEXT))}
    written = [(name, value) for name, value in draft.typed.items() if value and name in typed]
    left = SEARCHED
    for at, (name, value) in enumerate(written):
        written[at] = name, value[:left]
        left -= len(written[at][1])
    for kind in patterns():
        found = [(name, one) for name, value in written for one in passages(value, kind)]
        if found:
            yield Reflection(kind, found[0][0], tuple(dict.fromkeys(one for _, one in found))[:SHOWN])


def filler(part: str) -> str:
    """Return the blank lines that fill up the page's part to PART_BYTES."""
    return "\n" * (PART_BYTES - len(part.encode()))
