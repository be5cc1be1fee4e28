"""Puts the values of a report in the order of its form, with the labels that a reporter read there.

Rule: nothing is left out, added or corrected: what is shown here is what will be sealed.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from dropbox.form.model import UNANSWERED, Answer, Form, Question
from dropbox.web.base.labels import CATEGORIES, CHANNELS
from dropbox.web.base.messages import QUESTIONS
from dropbox.web.report.report_form import REPORT_TEXTS

CHOICES: Final = {"channel": CHANNELS, "category": CATEGORIES}


def answers_of(values: Mapping[str, str], form: Form, lang: str) -> Iterator[Answer]:
    """Yield every answer that was given, in the order of the form, but the desk's; what means no answer is none.

    Args:
        values: by record name.
        form: the optional questions of the site.
        lang: `id` or `en`, for the labels.
    """
    known = set()
    for item in _in_order(form):
        name = item if isinstance(item, str) else item.name
        known.add(name)
        value = values.get(name, "")
        if not value.strip() or value == UNANSWERED.get(name):
            continue
        if isinstance(item, Question):
            yield Answer(name, item.label[lang], form.display(item, value, lang))
        else:
            yield Answer(name, str(QUESTIONS[item]), _chosen(item, value))
    for name, value in values.items():
        if name not in known and name != "desk" and value.strip():
            yield Answer(name, name, value)


def names_in_order(form: Form) -> list[str]:
    """Return the record names of all fields, in the order of the form."""
    names = [item if isinstance(item, str) else item.name for item in _in_order(form)]
    at = len(REPORT_TEXTS)
    return [*names[:at], "desk", *names[at:]]


def _in_order(form: Form) -> Iterator[str | Question]:
    yield from REPORT_TEXTS
    yield form.safeguarding
    yield from CHOICES
    for extra in form.extras.values():
        yield from extra
    for group in form.groups:
        yield from form.of_group(group)


def _chosen(name: str, value: str) -> str:
    return next((str(label) for code, label, _ in CHOICES.get(name, ()) if code == value), value)
