"""Reads how the bodies that help people can be reached: what the owner confirmed, from which source, on which day.

Rule: a number or an address without a source and a past date is refused; one that is missing is shown nowhere and named
at each start, as is one that was confirmed more than a year ago.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dropbox.errors import ConfigurationError

_LINE_MAX: Final = 120  # characters
_CALL: Final = {"id": "Telepon", "en": "Call"}


@dataclass(frozen=True)
class Contact:
    """How a body can be reached: `number` or `address` (either may be empty), and who says so since which day."""

    number: str
    address: str
    source: str
    date: datetime.date

    def reach(self, lang: str) -> str:
        """Return the sentences that say where to call or go, in a language (`id` or `en`)."""
        called = f"{_CALL[lang]} {self.number}." if self.number else ""
        return " ".join(filter(None, (called, f"{self.address.rstrip('.')}." if self.address else "")))


def contacts_of(table: Mapping[str, Mapping[str, Any]], today: datetime.date) -> dict[str, Contact | None]:
    """Build the contacts from the settings' table `contacts`; None for those that nobody has confirmed.

    Raises:
        ConfigurationError: a number or an address has neither letter nor digit, no source, or no date up to today; or a
            text is too long.
    """
    return {name: _contact(name, one, today) for name, one in table.items()}


def _contact(name: str, table: Mapping[str, Any], today: datetime.date) -> Contact | None:
    number, address, source, date = (str(table[key]).strip() for key in ("number", "address", "source", "date"))
    if not (number or address):
        return None
    lines = (number, address, source)
    try:
        contact = Contact(number, address, source, datetime.date.fromisoformat(date))
    except ValueError:
        raise ConfigurationError("settings.contact", name=name) from None
    is_sound = all(len(one) <= _LINE_MAX and one.isprintable() for one in lines)
    says_something = all(any(map(str.isalnum, one)) for one in lines if one)
    is_plain = date == contact.date.isoformat()  # other spellings of ISO 8601 are easily misread
    if not (source and is_sound and says_something and is_plain and contact.date <= today):
        raise ConfigurationError("settings.contact", name=name)
    return contact
