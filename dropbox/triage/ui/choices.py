"""Lists what officers choose from, by code, with the vocabulary's labels in the language of the page.

Rule: a code without a label came from a reporter's program: the code itself is shown, made harmless and short.
"""

from collections.abc import Mapping
from typing import Final

from flask_babel.speaklater import LazyString

from dropbox.disk.visible import visible
from dropbox.vocabulary import lazy
from dropbox.vocabulary.codes import Status

_CODE_MAX: Final = 40  # characters of a code that we do not know

# No case at the workstation has the first status: only the server shows it.
STATUSES: Final = {code: text for code, text in lazy.table("status").items() if code != Status.TERKIRIM}
CHANNELS: Final = lazy.table("channel")
CATEGORIES: Final = lazy.table("category")
ORIGINS: Final = lazy.table("origin")
URGENCIES: Final = lazy.table("urgency")
RISKS: Final = lazy.table("risk")
FIELDS: Final = lazy.table("field")
REASONS: Final = lazy.table("similarity")
PROTECTIONS: Final = lazy.table("protection", "short")
RECURRENCES: Final = lazy.table("recurrence")
DEEDS: Final = lazy.table("recommendation")


def label(table: Mapping[str, LazyString], code: str) -> str:
    """Return a code's label, or the code, visible and cut, if it has none."""
    return str(table[code]) if code in table else visible(code[:_CODE_MAX])
