"""Defines the objects of a case's follow-up: which fields each kind has, which it needs, and what it belongs to.

Rule: the words of kinds, fields and codes are in the vocabulary (`followup_kind`, `followup_field`); this table has no
words. Sources: domain notes 2.1 and 2.6; outcomes as in the follow-up of audit results (TLHP) by APIP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.vocabulary import LABEL

DAYS: Final = ("dated", "begin", "until")
LINES: Final = ("sign", "who", "whom")
TASK_LETTER, MEMO, EXAMINATION, REPORT, RECOMMENDATION, SETTLEMENT = vocabulary.codes("followup_kind")
PAPERS: Final = (TASK_LETTER, MEMO, REPORT)  # what an office signs


@dataclass(frozen=True)
class Kind:
    """A kind of object.

    Attributes:
        fields: its fields in the order of the form; True for one that it needs.
        codes: group of the vocabulary with the values of `code`, or empty.
        parent: the kind of object that it belongs to, or empty.
    """

    fields: Mapping[str, bool]
    codes: str = ""
    parent: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    TASK_LETTER: Kind({"sign": True, "dated": True, "who": True, "begin": True, "until": True, "text": True}),
    MEMO: Kind({"sign": True, "dated": True, "who": True, "whom": True, "text": True}),
    EXAMINATION: Kind({"code": True, "begin": True, "until": False, "who": True, "text": False}, "examination_kind"),
    REPORT: Kind({"sign": True, "dated": True, "text": False}),
    RECOMMENDATION: Kind({"code": True, "who": True, "until": True, "text": True}, "recommended", REPORT),
    SETTLEMENT: Kind(
        {"code": True, "dated": True, "sign": False, "sha256": False, "text": False}, "settlement", RECOMMENDATION
    ),
}


@dataclass(frozen=True)
class Field:
    """A field of a kind of object, as an error names it."""

    kind: str
    name: str

    def sentence(self, language: str) -> str:
        """Return what the field is called in a language (`id` or `en`)."""
        return vocabulary.words("followup_field", self.name, self.kind, LABEL)[language]
