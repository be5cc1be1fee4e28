"""Reads the letterhead: what stands above, below and beside the text of a paper that an office signs.

Rule: no value has a default in code; `settings.toml` holds all of them and marks what must be confirmed.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dropbox.errors import ConfigurationError

_LANGUAGES: Final = ("id", "en")
_LINE_MAX: Final = 120  # characters


@dataclass(frozen=True)
class Letterhead:
    """An office's letterhead, its numbers and who signs.

    Attributes:
        lines: names of the office, by language: the highest first.
        address: lines below them.
        place: where papers are signed.
        signer_title: the signatory's office, by language.
        signer: their name, or empty: the paper has a dotted line.
        signer_nip: their NIP, or empty.
        copies: who gets a copy of each letter (tembusan), by language.
        classification: such as RAHASIA, of papers that only officials read.
        open_number_format: as number_format, for papers that their addressee may show to others.
        open_classification: of those, such as BIASA.
        is_confirmed: whether the inspectorate confirmed these values.
    """

    lines: Mapping[str, Sequence[str]]
    address: Sequence[str]
    place: str
    number_format: str
    signer_title: Mapping[str, str]
    signer: str
    signer_nip: str
    copies: Mapping[str, Sequence[str]]
    classification: str
    open_number_format: str
    open_classification: str
    is_confirmed: bool

    def number(self, date: datetime.date, *, is_open: bool) -> str:
        """Return the number of a paper of that date with dots where the register's number is written by hand."""
        form = self.open_number_format if is_open else self.number_format
        return form.format(number="........", month=date.month, year=date.year)


def letterhead_of(table: Mapping[str, Any]) -> Letterhead:
    """Build the letterhead from the settings' table `letterhead`; raises ConfigurationError."""
    texts = [one for value in table.values() for one in (value if isinstance(value, list) else [value])]
    if any(isinstance(one, str) and (len(one) > _LINE_MAX or not one.isprintable()) for one in texts):
        raise ConfigurationError("settings.letterhead-lines", most=_LINE_MAX)
    needed = (table["place"], table["classification"], table["classification_open"])
    if not all(isinstance(one, str | bool) for one in texts) or not all(needed):
        raise ConfigurationError("settings.letterhead-lines", most=_LINE_MAX)
    lines = {language: tuple(table[f"lines_{language}"]) for language in _LANGUAGES}
    titles = {language: table[f"signer_title_{language}"] for language in _LANGUAGES}
    if not all((*lines.values(), *titles.values())):
        raise ConfigurationError("settings.letterhead-lines", most=_LINE_MAX)
    try:
        for name in ("number", "number_open"):
            table[name].format(number=1, month=1, year=2026)
    except (KeyError, IndexError, ValueError, AttributeError):
        raise ConfigurationError("settings.letterhead-number") from None
    return Letterhead(
        lines=lines,
        address=tuple(table["address"]),
        place=table["place"],
        number_format=table["number"],
        signer_title=titles,
        signer=table["signer"],
        signer_nip=table["signer_nip"],
        copies={language: tuple(table[f"copies_{language}"]) for language in _LANGUAGES},
        classification=table["classification"],
        open_number_format=table["number_open"],
        open_classification=table["classification_open"],
        is_confirmed=table["confirmed"],
    )
