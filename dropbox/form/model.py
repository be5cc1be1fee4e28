"""What the report form asks besides what is required: one value for site, sealer, command line and workstation.

Rule: an answer is sealed as it was given; this module only says under which label it is read. What it does not know
shows itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from dropbox.form import regions

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
UNANSWERED: Final = {"desk": "itjen", "channel": "dumas", "category": "tidak-tahu"}  # what no answer stands for
SAFEGUARDING: Final = "x-safeguarding"  # its answer is YES or missing
BETWEEN: Final = ","  # the codes of several options in one answer
_SHOWN_BETWEEN: Final = "; "


@dataclass(frozen=True)
class Option:
    """One of a question's answers."""

    code: str
    label: Text


@dataclass(frozen=True)
class OptionGroup:
    """Answers under a heading of their own."""

    label: Text
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Question:
    """A question that may stay without an answer.

    Attributes:
        name: of its answer in the record: `x-` and a key, or WHEN.
        kind: one of KINDS.
        label: the question.
        hint: how to answer.
        warning: the danger in answering.
        options: of ONE and MANY.
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
        key: of the configuration.
        after: the required question behind which it stands; empty for the end of the form.
        persons: whether the further persons stand in it.
    """

    key: str
    after: str
    label: Text
    persons: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Hint:
    """What would help, while every answer of those names is empty."""

    without: tuple[str, ...]
    text: Text


@dataclass(frozen=True)
class Answer:
    """One answer for the eye."""

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
        """The questions about the further person of that number (from 1): their names are `x-p1-name` and so on."""
        return tuple(
            replace(
                one,
                name=f"x-p{number}-{one.name}",
                label={lang: f"{text} ({self.person_label[lang]} {number})" for lang, text in one.label.items()},
            )
            for one in self.person
        )

    def of_group(self, group: Group) -> Iterator[Question]:
        """Its questions, the further persons before the others."""
        if group.persons:
            for number in range(1, self.persons + 1):
                yield from self.person_questions(number)
        yield from group.questions

    def questions(self) -> Iterator[Question]:
        """Every question, in the order of the form."""
        yield self.safeguarding
        for group in self.groups:
            yield from self.of_group(group)
        for extra in self.extras.values():
            yield from extra

    def name_of(self, kind: str) -> str:
        """The name of the one question of the kinds PROVINCE, KABKOTA and UNIT."""
        return next(question.name for question in self.questions() if question.kind == kind)

    def has_unit(self, code: str) -> bool:
        """Whether it is the code of a kind of unit."""
        return any(option.code == code for group in self.units for option in group.options)

    def unit_label(self, code: str, lang: str) -> str:
        """How a kind of unit is called; the code itself where it is not known."""
        every = (option for group in self.units for option in group.options)
        return next((option.label[lang] for option in every if option.code == code), code)

    def display(self, question: Question, value: str, lang: str) -> str:
        """An answer as it is read: labels for codes, what is not known as it stands."""
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
        """The place that the lists give, for a report whose `where` was left empty; empty if they say too little."""
        unit, kabkota, province = (
            self.display(question, fields[question.name].strip(), lang) if fields.get(question.name, "").strip() else ""
            for question in sorted(
                (one for one in self.questions() if one.kind in _PLACE), key=lambda one: _PLACE.index(one.kind)
            )
        )
        return ", ".join(filter(None, (unit, kabkota, province))) if unit and (kabkota or province) else ""

    def open_hints(self, fields: Mapping[str, str], lang: str) -> list[str]:
        """What would help most, the most helpful first."""
        blank = (hint for hint in self.hints if not any(fields.get(name, "").strip() for name in hint.without))
        return [hint.text[lang] for hint in blank]


_PLACE: Final = (UNIT, KABKOTA, PROVINCE)
