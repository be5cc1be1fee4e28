"""Holds what is only in memory until the desk is locked: code and words of a manually entered report, which are shown
once, and the places at which pages of the inbox ended.

Rule: they are only in memory; the first view removes them, and locking the desk drops the rest.
"""

from dataclasses import dataclass, field

from dropbox.crypto.secret import ReporterSecret
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.ui.list_places import ListPlaces


@dataclass
class Handouts:
    """Secrets by the number of their case, with the reporter's language; and the forms already sent."""

    places: ListPlaces = field(default_factory=ListPlaces, repr=False)
    _secrets: dict[int, tuple[ReporterSecret, str]] = field(default_factory=dict, repr=False)
    _sent: dict[str, int] = field(default_factory=dict)

    def put(self, case: CaseNumber, secret: ReporterSecret, lang: str) -> None:
        """Keep a secret until it is viewed."""
        self._secrets[case] = (secret, lang)

    def take(self, case: CaseNumber) -> tuple[ReporterSecret, str] | None:
        """Return (secret, language) at the first view, None afterwards."""
        return self._secrets.pop(case, None)

    def waits(self, case: CaseNumber) -> bool:
        """Return whether a secret was not viewed yet."""
        return case in self._secrets

    def sent(self, form: str) -> int | None:
        """Return the case that this form has made already, so that a double click makes no second one."""
        return self._sent.get(form)

    def remember(self, form: str, case: CaseNumber) -> None:
        """Remember which case a form has made."""
        self._sent[form] = case

    def drop(self) -> None:
        """Drop all secrets, forms and places."""
        self.places.drop()
        self._secrets.clear()
        self._sent.clear()
