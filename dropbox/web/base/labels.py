"""Selects from the vocabulary what a reporter reads: statuses and their meanings, and the choices of the forms.

Rule: codes and words are kept in dropbox/vocabulary/vocabulary.toml; plain words, at most fifteen to a sentence.
"""

from typing import Final

from flask_babel.speaklater import LazyString

from dropbox.vocabulary import lazy, vocabulary

_NONE: Final = lazy.text({"id": "", "en": ""})
Choice = tuple[str, LazyString, LazyString]  # code, label, explanation


def _choices(group: str, *fields: str) -> list[Choice]:
    labels, hints = lazy.table(group, *fields), lazy.table(group, "hint")
    return [(code, labels[code], hints.get(code, _NONE)) for code in vocabulary.codes(group)]


STATUS_LABELS: Final = lazy.table("status", "public")
MEANINGS: Final = lazy.table("status", "meaning")  # who acts now, and what reporters can do themselves
CHANNELS: Final = _choices("channel", "public")
DESK_CHOICES: Final = _choices("desk_choice")
CATEGORIES: Final = _choices("category", "choice", "public")
PROTECTIONS: Final = _choices("protection", "public")
PROTECTION_KINDS: Final = vocabulary.codes("protection")
