"""Parses what a reporter does besides adding text: confirms reading, asks for protection, or withdraws.

Rule: each is an addition like others, of the same size; nothing counts as ticked that was not ticked.
"""

from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.secret import ReporterSecret
from dropbox.form.lengths import is_too_long
from dropbox.web.base.labels import PROTECTION_KINDS
from dropbox.wire.blob import READ, WITHDRAW

PROTECT: Final = "protect"  # of the forms alone: in a record it is the field `protection`
FORMS: Final = (READ, PROTECT, WITHDRAW)
FIELDS: Final = ("act", "act-text", "protection", "sure")


@dataclass
class Act:
    """An act's form as it arrives. `kinds` are codes of protection, `text` is what was typed with it."""

    name: str = ""
    text: str = ""
    kinds: list[str] = field(default_factory=list)
    is_sure: bool = False

    def take(self, name: str, value: str) -> None:
        """Take the value of one of FIELDS."""
        if name == "act" and value in FORMS:
            self.name = value
        elif name == "act-text":
            self.text = value
        elif name == "protection" and value in PROTECTION_KINDS and value not in self.kinds:
            self.kinds.append(value)
        elif name == "sure":
            self.is_sure = bool(value)

    def faults(self, secret: ReporterSecret) -> list[tuple[str, str, int]]:
        """Return (field, key of the text, HTTP status) for everything that is wrong with the act."""
        found = []
        if self.name == PROTECT and not self.kinds:
            found.append(("protection", "protection-required", 422))
        if is_too_long(self.text):
            found.append((f"{self.name}-text", "too-long", 413))
        elif secret.is_revealed_by(self.text):
            found.append((f"{self.name}-text", "secret-in-text", 422))
        if self.name == WITHDRAW and not self.is_sure:
            found.append(("sure", "withdraw-sure", 422))
        return found

    def record(self) -> dict[str, str]:
        """Return the reporter's fields of the act's addition."""
        more = {"protection": ",".join(self.kinds)} if self.name == PROTECT else {"act": self.name}
        return {"what": "" if self.name == READ else self.text} | more
