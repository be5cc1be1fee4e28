"""Prepares the answers to the form's optional questions for officers: to read, to search, and to sort cases.

Rule: an answer is never changed; labels and codes are only shown with it. All answers are untrusted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.form import form_file, regions
from dropbox.form.keyword_match import holds_keyword
from dropbox.form.model import KABKOTA, MANY, ONE, PROVINCE, SAFEGUARDING, UNIT, YES, Answer, Form, Question
from dropbox.settings.installation import Settings
from dropbox.wire.blob import DETAIL

_CODED: Final = (ONE, MANY, PROVINCE, UNIT)  # kinds whose answers are codes
_WORDS: Final = ("what", "who", "where", "when")
_PERSON: Final = re.compile(r"x-p[0-9]-.*")
_SEARCH_LANGUAGE: Final = "id"
_DISTRICT_MAX: Final = 200  # characters, as of casework.handling


@dataclass(frozen=True)
class Section:
    """Answers under a title; `category` is set instead for the questions of one category, and neither for others."""

    title: str
    category: str
    answers: tuple[Answer, ...]


def form_of(settings: Settings) -> Form:
    """Load the form that the settings name; raises ConfigurationError."""
    return form_file.load(settings.form_file)


def sections(form: Form, fields: Mapping[str, str], lang: str) -> list[Section]:
    """Return a message's answers in the groups of the form; answers to unknown questions come last, by name."""
    known = {question.name for question in form.questions()}
    others = tuple(Answer(name, name, fields[name]) for name in fields if _is_detail(name) and name not in known)
    found = [
        Section("", "", _answers((form.safeguarding,), form, fields, lang)),
        *(Section(group.label[lang], "", _answers(form.of_group(group), form, fields, lang)) for group in form.groups),
        *(
            Section("", category, _answers(questions, form, fields, lang))
            for category, questions in form.extras.items()
        ),
        Section("", "", others),
    ]
    return [section for section in found if section.answers]


def _answers(asked: Iterable[Question], form: Form, fields: Mapping[str, str], lang: str) -> tuple[Answer, ...]:
    return tuple(
        Answer(question.name, question.label[lang], form.display(question, fields[question.name], lang))
        for question in asked
        if _is_detail(question.name) and question.name in fields
    )


def _is_detail(name: str) -> bool:
    return name.startswith(DETAIL)


def own_words(form: Form, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the reporter's free texts by name, without coded answers."""
    coded = {question.name for question in form.questions() if question.kind in _CODED}
    return {name: value for name, value in fields.items() if name in _WORDS or (_is_detail(name) and name not in coded)}


def further_persons(fields: Mapping[str, str]) -> list[str]:
    """Return the answers about further persons."""
    return [value for name, value in fields.items() if _PERSON.fullmatch(name)]


def search_terms(form: Form, fields: Mapping[str, str]) -> list[str]:
    """Return the answers as search terms, with labels in place of codes."""
    every = sections(form, fields, _SEARCH_LANGUAGE)
    return [answer.value for section in every for answer in section.answers if answer.name != SAFEGUARDING]


def place_columns(form: Form, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the place in a report by columns of cases: unit_type, province and district; "" where unknown."""
    unit = fields.get(form.name_of(UNIT), "")
    district = " ".join(fields.get(form.name_of(KABKOTA), "").split())
    code = regions.regency_code(district)
    province = fields.get(form.name_of(PROVINCE), "") or regions.province_of(code)
    return {
        "unit_type": unit if form.has_unit(unit) else "",
        "province": province if province in regions.provinces() else "",
        "district": regions.regencies().get(code, district if district.isprintable() else "")[:_DISTRICT_MAX],
    }


def needs_safeguarding(form: Form, fields: Mapping[str, str]) -> bool:
    """Return whether a message is about sexual violence or a child, by the reporter's answer or by keywords."""
    if fields.get(SAFEGUARDING) == YES:
        return True
    return holds_keyword(" / ".join(own_words(form, fields).values()), form.safeguarding_words)
