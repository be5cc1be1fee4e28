"""Parses the form of a report into one frozen value, which the views and pages of a POST only hand down.

Rule: parsing reads neither the store nor the clock, so that what was typed can be shown again when those fail. Nothing
is dropped: an answer to a question that the form no longer has is kept as well.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from dropbox.crypto.secret import ReporterSecret, parse_secret
from dropbox.errors import WrongCodeError, WrongWordsError
from dropbox.form.model import BETWEEN, MANY, UNANSWERED, Answer, Form
from dropbox.web.base.labels import DESK_CHOICES
from dropbox.web.report.answers import answers_of
from dropbox.web.report.report_form import REPORT_TEXTS, ROUTING, field_errors
from dropbox.wire.blob import DETAIL
from dropbox.wire.fields import NAME_MAX

SEND: Final = "send"
EDIT: Final = "edit"
_SECRET_FIELDS: Final = ("code", "words", "mac")
_READERS: Final = tuple(name for name, _, _ in DESK_CHOICES)
_DETAIL_NAME: Final = re.compile(rf"{DETAIL}[a-z0-9-]{{1,{NAME_MAX - len(DETAIL)}}}")


@dataclass(frozen=True)
class Draft:
    """A report as its form was posted.

    Attributes:
        typed: values by record name, exactly as typed; what a page shows again.
        whole: the same values, with the meaning of each empty answer; what is reviewed and sealed.
        answers: the values of `whole` with their labels, in the order of the form.
        errors: the key of what is wrong with each value (a key of base.messages), by record name; whether this site
            has the desk is not checked here.
        hidden: code, words and form token exactly as they were posted; empty strings on a first post.
        secret: the secret in `hidden`; None when there is none or it is invalid.
        step: the button that was pressed: SEND, EDIT, or anything else for the review.
        confirm: the word that was typed as confirmation; empty unless the step is SEND.
        is_confirmed: whether `confirm` is the word of `secret` that was asked for.
    """

    typed: Mapping[str, str] = field(repr=False)
    whole: Mapping[str, str] = field(repr=False)
    answers: tuple[Answer, ...] = field(repr=False)
    errors: Mapping[str, str]
    hidden: Mapping[str, str] = field(repr=False)
    secret: ReporterSecret | None = field(repr=False)
    step: str
    confirm: str = field(repr=False)
    is_confirmed: bool

    @property
    def desk(self) -> str:
        """The name of the desk that will read the report."""
        return self.whole["desk"]

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the record that is sealed: all but the desk, without empty values."""
        return {name: value for name, value in self.whole.items() if name != "desk" and value}

    @property
    def text(self) -> str:
        """Everything that was typed, with its labels, for the reporter to copy."""
        typed = (answer for answer in self.answers if self.typed[answer.name].strip())
        return "\n\n".join(f"{answer.label}\n{answer.value}" for answer in typed)

    def unconfirmed(self) -> "Draft":
        """Return the same report without the confirming word, which belongs to one secret alone."""
        return replace(self, confirm="", is_confirmed=False)


def blank(form: Form) -> dict[str, str]:
    """Return the values of a form in which nothing has been typed, by record name."""
    return _typed(MultiDict(), form)


def read_draft(untrusted: MultiDict[str, str], form: Form, lang: str) -> Draft:
    """Parse the fields of a posted form.

    Args:
        untrusted: fields by name, as they were posted.
        form: the optional questions of the site.
        lang: `id` or `en`, for the labels.
    """
    typed, secret = _typed(untrusted, form), _secret(untrusted)
    whole = {
        **typed,
        "where": typed["where"] if typed["where"].strip() else form.where_of(typed, lang),
        **{name: typed[name] or usual for name, usual in UNANSWERED.items()},
    }
    # One pass over all texts; only if it finds something, one over each, for the fields' errors.
    is_revealing = secret is not None and secret.is_revealed_by("\n".join(typed.values()))
    revealing = [name for name, value in typed.items() if secret and is_revealing and secret.is_revealed_by(value)]
    step = untrusted.get("step", "")
    confirm = untrusted.get("confirm", "") if step == SEND else ""
    return Draft(
        typed=typed,
        whole=whole,
        answers=tuple(answers_of(whole, form, lang)),
        errors=field_errors(whole) | dict.fromkeys(revealing, "secret-in-text"),
        hidden={name: untrusted.get(name, "") for name in _SECRET_FIELDS},
        secret=secret,
        step=step,
        confirm=confirm,
        is_confirmed=secret is not None and secret.is_confirmed_by(confirm),
    )


def _typed(untrusted: MultiDict[str, str], form: Form) -> dict[str, str]:
    questions = {question.name: question for question in form.questions()}
    # Answers to questions that the form had when the page was opened.
    others = sorted(name for name in untrusted if _DETAIL_NAME.fullmatch(name) and name not in questions)
    several = {name for name, question in questions.items() if question.kind == MANY}
    first = untrusted.to_dict()
    typed = {
        name: BETWEEN.join(filter(None, untrusted.getlist(name))) if name in several else first.get(name, "")
        for name in (*ROUTING, *REPORT_TEXTS, *questions, *others)
    }
    reader = untrusted.get("reader")  # the review's button that changes who reads
    return typed | {"desk": reader} if reader in _READERS else typed


def _secret(untrusted: MultiDict[str, str]) -> ReporterSecret | None:
    try:
        return parse_secret(untrusted.get("code", ""), untrusted.get("words", ""))
    except (WrongCodeError, WrongWordsError):
        return None
