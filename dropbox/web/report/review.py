"""What stands on the page between writing and sending: the answers read back, who reads them, what calls for care.

Rule: nothing is left out, added or mended: what is read back is what will be sealed. Hints and warnings never stop
anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dropbox.form.keyword_match import holds_keyword
from dropbox.form.model import SAFEGUARDING, UNANSWERED, YES, Answer, Form, Question
from dropbox.web.base.forms import REPORT_TEXTS
from dropbox.web.base.labels import CATEGORIES, CHANNELS
from dropbox.web.base.messages import QUESTIONS

ITJEN: Final = "itjen"  # who reads, unless the reporter chooses otherwise
IRJEN: Final = "irjen"  # who reads what is about the inspectorate itself
HINTS_SHOWN: Final = 3
_CHOICES: Final = {"channel": CHANNELS, "category": CATEGORIES}


@dataclass(frozen=True)
class Review:
    """What the page shows of a report."""

    answers: list[Answer]
    helpful: list[str]  # at most HINTS_SHOWN
    conflict: bool  # it speaks of the inspectorate, and the inspectorate's officers would read it
    irjen: bool
    safeguarding: bool


def completed(typed: Mapping[str, str], form: Form, lang: str) -> dict[str, str]:
    """What was typed, with what is meant where nothing was: the place from the lists, the usual reader and kind."""
    where = typed["where"] if typed["where"].strip() else form.where_of(typed, lang)
    return {**typed, "where": where, **{name: typed[name] or usual for name, usual in UNANSWERED.items()}}


def review(typed: Mapping[str, str], form: Form, lang: str) -> Review:
    """The review of a report.

    Args:
        typed: values by record name, completed.
        form: the optional questions.
        lang: of the labels.
    """
    answers = list(read_back(typed, form, lang))
    written = " / ".join(answer.value for answer in answers if answer.name not in _CHOICES)
    return Review(
        answers=answers,
        helpful=form.open_hints(typed, lang)[:HINTS_SHOWN],
        conflict=typed["desk"] == ITJEN and holds_keyword(written, form.conflict_words),
        irjen=typed["desk"] == IRJEN,
        safeguarding=typed[SAFEGUARDING] == YES or holds_keyword(written, form.safeguarding_words),
    )


def read_back(typed: Mapping[str, str], form: Form, lang: str) -> Iterator[Answer]:
    """Every answer that says something, in the order of the page; who reads it stands elsewhere."""
    shown = set()
    for one in _in_order(form):
        name = one if isinstance(one, str) else one.name
        shown.add(name)
        value = typed.get(name, "")
        if not value.strip():
            continue
        if isinstance(one, Question):
            yield Answer(name, one.label[lang], form.display(one, value, lang))
        else:
            yield Answer(name, str(QUESTIONS[one]), _chosen(one, value))
    for name, value in typed.items():
        if name not in shown and name != "desk" and value.strip():
            yield Answer(name, name, value)


def names_in_order(form: Form) -> list[str]:
    """The names of all fields of the form, in the order of the page."""
    names = [one if isinstance(one, str) else one.name for one in _in_order(form)]
    at = names.index("channel")
    return [*names[:at], "desk", *names[at:]]


def _in_order(form: Form) -> Iterator[str | Question]:
    for name in REPORT_TEXTS:
        yield name
        if name == "what":
            yield form.safeguarding
        yield from _groups(form, name)
    yield from _CHOICES
    for extra in form.extras.values():
        yield from extra
    yield from _groups(form, "")


def _groups(form: Form, after: str) -> Iterator[Question]:
    for group in form.groups:
        if group.after == after:
            yield from form.of_group(group)


def _chosen(name: str, value: str) -> str:
    labels = {code: str(label) for code, label, _ in _CHOICES.get(name, [])}
    return labels.get(value, value)
