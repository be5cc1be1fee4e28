"""Parses answers to the form's optional questions that were typed on a command line: KEY=VALUE.

Rule: unknown keys and codes are rejected; free text is accepted unchanged.
"""

from collections.abc import Iterable

from dropbox.errors import RefusedError
from dropbox.form import regions
from dropbox.form.model import BETWEEN, MANY, ONE, PROVINCE, UNIT, WHEN, Form, Question
from dropbox.wire.blob import DETAIL


def answers_of(typed: Iterable[str], form: Form) -> dict[str, str]:
    """Return the values by record name, in the order of the form.

    Args:
        typed: each `KEY=VALUE`; KEY as in form.toml, with or without `x-`; several codes separated by commas.
        form: the form whose questions may be answered.

    Raises:
        RefusedError: for an unknown key or code, or a second answer to one question.
    """
    questions = {question.name: question for question in form.questions()}
    found: dict[str, str] = {}
    for word in typed:
        key, sign, value = word.partition("=")
        name = key if key == WHEN or key.startswith(DETAIL) else DETAIL + key
        if not sign or name not in questions:
            raise RefusedError("seal.answer-option")
        if name in found:
            raise RefusedError("seal.answered-twice", name=name)
        _check(questions[name], value, form)
        found[name] = value
    return {name: found[name] for name in questions if found.get(name)}


def _check(question: Question, value: str, form: Form) -> None:
    codes = _codes(question, form)
    given = value.split(BETWEEN) if question.kind == MANY else [value]
    if codes and not codes.issuperset(filter(None, given)):
        raise RefusedError("seal.codes", name=question.name, codes=", ".join(sorted(codes)))


def _codes(question: Question, form: Form) -> set[str]:
    """Return the codes that a question offers; none if it takes free text."""
    if question.kind in (ONE, MANY):
        return {option.code for option in question.options}
    if question.kind == UNIT:
        return {option.code for group in form.units for option in group.options}
    return set(regions.provinces()) if question.kind == PROVINCE else set()
