"""Models the optional part of the report form: one value for site, sealer, command line and workstation.

Rule: an answer is sealed unchanged; this module only provides the label under which it is read. An unknown code is
shown as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from dropbox.form import regions
from dropbox.wire.statuses import UNSTATED

Text = Mapping[str, str]  # by language; empty where there is none

LINE: Final = "line"
TEXT: Final = "text"
AMOUNT: Final = "amount"
ONE: Final = "one"
MANY: Final = "many"
PROVINCE: Final = "province"
KABKOTA: Final = "kabkota"
UNIT: Final = "unit"
KINDS: Final = (LINE, TEXT, AMOUNT, ONE, MANY, PROVINCE, KABKOTA, UNIT)
WHEN: Final = "when"  # the one optional answer that has a field of its own in the record
YES: Final = "yes"
UNANSWERED: Final = {"desk": "itjen", "channel": UNSTATED, "category": "tidak-tahu"}  # what no answer stands for
SAFEGUARDING: Final = "x-safeguarding"  # its answer is YES or missing
BETWEEN: Final = ","  # the codes of several options in one answer
_SHOWN_BETWEEN: Final = "; "


@dataclass(frozen=True)
class Option:
    """One of the answers that a question offers."""

    code: str
    label: Text


@dataclass(frozen=True)
class OptionGroup:
    """Options under their own heading."""

    label: Text
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Question:
    """An optional question.

    Attributes:
        name: name of its answer in the record: `x-` and a key, or WHEN.
        kind: one of KINDS.
        label: the question's text.
        hint: how to answer it.
        warning: a danger of answering it.
        options: the options, for the kinds ONE and MANY.
    """

    name: str
    kind: str
    label: Text
    hint: Text
    warning: Text
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Group:
    """Questions that open together.

    Attributes:
        key: key in the configuration.
        label: title of the group.
        persons: whether it contains the questions about further persons.
        questions: its questions.
    """

    key: str
    label: Text
    persons: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Hint:
    """A text that is shown while every answer of these names is empty."""

    without: tuple[str, ...]
    text: Text


@dataclass(frozen=True)
class Answer:
    """One answer for display."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Form:
    """Everything optional of the report form (dropbox/form/form.toml)."""

    groups: tuple[Group, ...]
    extras: Mapping[str, tuple[Question, ...]]  # by category
    person: tuple[Question, ...]  # of one further person; their names are bare keys
    person_label: Text
    persons: int
    safeguarding: Question
    safeguarding_words: tuple[str, ...]
    conflict_words: tuple[str, ...]
    hints: tuple[Hint, ...]
    units: tuple[OptionGroup, ...]

    def person_questions(self, number: int) -> tuple[Question, ...]:
        """Return the questions about the further person of that number (from 1), with names like `x-p1-name`."""
        return tuple(
            replace(
                question,
                name=f"x-p{number}-{question.name}",
                label={lang: f"{text} ({self.person_label[lang]} {number})" for lang, text in question.label.items()},
            )
            for question in self.person
        )

    @cached_property
    def _about_persons(self) -> tuple[Question, ...]:
        return tuple(one for number in range(1, self.persons + 1) for one in self.person_questions(number))

    def of_group(self, group: Group) -> tuple[Question, ...]:
        """Return the group's questions, those about further persons first."""
        return (*self._about_persons, *group.questions) if group.persons else group.questions

    def questions(self) -> tuple[Question, ...]:
        """Return every question, in the order of the form."""
        return self._questions

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        grouped = (question for group in self.groups for question in self.of_group(group))
        return (self.safeguarding, *grouped, *(question for extra in self.extras.values() for question in extra))

    def name_of(self, kind: str) -> str:
        """Return the name of the only question of a kind (PROVINCE, KABKOTA or UNIT)."""
        return next(question.name for question in self.questions() if question.kind == kind)

    def has_unit(self, code: str) -> bool:
        """Return whether it is the code of a kind of unit."""
        return any(option.code == code for group in self.units for option in group.options)

    def unit_label(self, code: str, lang: str) -> str:
        """Return the label of a kind of unit, or the code itself if it is unknown."""
        every = (option for group in self.units for option in group.options)
        return next((option.label[lang] for option in every if option.code == code), code)

    def display(self, question: Question, value: str, lang: str) -> str:
        """Return an answer for display: labels in place of codes; an unknown code stays as it is."""
        if question.kind == PROVINCE:
            return regions.provinces().get(value, value)
        if question.kind == UNIT:
            return self.unit_label(value, lang)
        if question.kind not in (ONE, MANY):
            return value
        labels = {option.code: option.label[lang] for option in question.options}
        codes = value.split(BETWEEN) if question.kind == MANY else [value]
        return _SHOWN_BETWEEN.join(labels.get(code, code) for code in codes)

    def where_of(self, fields: Mapping[str, str], lang: str) -> str:
        """Return the place that the listed answers give, for a report with an empty `where`; "" if it is not enough."""
        unit, kabkota, province = (
            self.display(question, fields[question.name].strip(), lang) if fields.get(question.name, "").strip() else ""
            for question in sorted(
                (question for question in self.questions() if question.kind in _PLACE),
                key=lambda question: _PLACE.index(question.kind),
            )
        )
        return ", ".join(filter(None, (unit, kabkota, province))) if unit and (kabkota or province) else ""

    def open_hints(self, fields: Mapping[str, str], lang: str) -> list[str]:
        """Return the hints whose answers are all empty, the most useful first."""
        blank = (hint for hint in self.hints if not any(fields.get(name, "").strip() for name in hint.without))
        return [hint.text[lang] for hint in blank]


_PLACE: Final = (UNIT, KABKOTA, PROVINCE)
