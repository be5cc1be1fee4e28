"""Holds what every part of a printed case needs: the case with what was merged into it, language, words, names.

Rule: of what was merged into the case it has what the officer at work may open.
"""

from dataclasses import dataclass

from dropbox.triage.access import roles
from dropbox.triage.access.names import Names
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_date
from dropbox.wire.calendar import Day, date_of


@dataclass(frozen=True)
class Group:
    """A case and those merged into it, for the officer at work.

    Attributes:
        work: the vault, the settings and the day.
        cases: the printed case first.
        language: `id` or `en`.
        names: of officers.
    """

    work: Work
    cases: tuple[Case, ...]
    language: str
    names: Names

    @classmethod
    def of(cls, work: Work, case: Case) -> "Group":
        """Return the group of a case."""
        followers = (casebook.case_of(work.vault, one) for one in merging.followers(work.vault, case.number))
        language = work.vault.officer.lang
        return cls(work, (case, *followers), language, Names(work.vault.db, work.settings, language))

    @property
    def case(self) -> Case:
        """The printed case."""
        return self.cases[0]

    def may(self, act: Permission) -> bool:
        """Return whether the officer's roles allow an act."""
        return roles.may(self.work.settings.workstation, self.work.vault.officer, act)

    def word(self, code: str) -> str:
        """Return a word of the case file."""
        return vocabulary.label("case_file", code, self.language)

    def label(self, group: str, code: str, *fields: str) -> str:
        """Return the label of a code."""
        return vocabulary.label(group, code, self.language, *fields)

    def day(self, day: int) -> str:
        """Return a day number in words; "" for 0."""
        return spoken_date(date_of(Day(day)), self.language) if day else ""

    def member(self, number: CaseNumber) -> str:
        """Return the name of a case of the group, or "" where the group is one case."""
        return next((one.name for one in self.cases if one.number == number), "") if len(self.cases) > 1 else ""

    def office(self, code: str) -> str:
        """Return the name of an office of the settings."""
        offices = self.work.settings.workstation.offices
        return offices[code][self.language] if code in offices else code
