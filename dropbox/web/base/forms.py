"""What a reporter may type, checked: each fault is the key of a text in base.messages, at the field it belongs to.

Rule: no minimum lengths, nothing is cut or mended in silence, and no error repeats what was typed. FlaskForm without
CSRF token: there is no session to steal (DECISIONS.md, 2); web.routes refuses cross-site posts instead.
"""

import re
from collections.abc import Mapping
from typing import Final

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from dropbox.crypto.secret import ReporterSecret, parse_secret
from dropbox.errors import WrongCodeError, WrongWordsError
from dropbox.form.model import BETWEEN, MANY, Form
from dropbox.limits import FIELD_MAX_BYTES
from dropbox.wire.blob import DETAIL
from dropbox.wire.fields import NAME_MAX
from dropbox.wire.statuses import CATEGORIES, CHANNELS


class _Required:
    """Something but white space."""

    field_flags: Final[dict[str, bool]] = {}

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if not (field.data or "").strip():
            raise ValidationError(f"{field.name}-required")


class _OneOf:
    """One of a fixed list."""

    field_flags: Final[dict[str, bool]] = {}

    def __init__(self, values: tuple[str, ...]) -> None:
        self._values = values

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.data not in self._values:
            raise ValidationError(f"{field.name}-required")


class _NotTooLong:
    """At most FIELD_MAX_BYTES of UTF-8."""

    field_flags: Final[dict[str, bool]] = {}

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if len((field.data or "").encode("utf-8")) > FIELD_MAX_BYTES:
            raise ValidationError("too-long")


def lines(text: str | None) -> str:
    """Browsers send CRLF for every line end; what is sealed has LF."""
    return (text or "").replace("\r\n", "\n")


class _Plain(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    class Meta:
        """No token: no ambient authority."""

        csrf = False


class ReportForm(_Plain):
    """What is required of a report, and what routes it, without JavaScript."""

    channel = StringField(validators=[_OneOf(("", *CHANNELS))])
    category = StringField(validators=[_OneOf(("", *CATEGORIES))])
    what = StringField(validators=[_Required(), _NotTooLong()], filters=[lines])
    who = StringField(validators=[_Required(), _NotTooLong()], filters=[lines])
    where = StringField(validators=[_Required(), _NotTooLong()], filters=[lines])


REPORT_TEXTS: Final = ("what", "who", "where")
ROUTING: Final = ("desk", "channel", "category")
_DETAIL_NAME: Final = re.compile(rf"{DETAIL}[a-z0-9-]{{1,{NAME_MAX - len(DETAIL)}}}")


def faults_of(form: FlaskForm) -> dict[str, str]:
    """The first fault's key of each field."""
    return {name: str(messages[0]) for name, messages in form.errors.items() if name and messages}


def typed_values(untrusted: MultiDict[str, str], optional: Form) -> dict[str, str]:
    """What was typed, by record name, for showing it again and for sealing it.

    Several ticked answers to a question are one value. What looks like an answer to a question that the form does not
    have (it had, when the page was opened) comes along.
    """
    asked = [question.name for question in optional.questions()]
    others = sorted(name for name in untrusted if _DETAIL_NAME.fullmatch(name) and name not in asked)
    many = {question.name for question in optional.questions() if question.kind == MANY}
    return {
        name: lines(BETWEEN.join(filter(None, untrusted.getlist(name))) if name in many else untrusted.get(name, ""))
        for name in (*ROUTING, *REPORT_TEXTS, *asked, *others)
    }


def faults_in(typed: Mapping[str, str]) -> dict[str, str]:
    """The key of what is wrong with each value, by its name."""
    form = ReportForm(formdata=MultiDict(typed))
    form.validate()
    details = (name for name in typed if name not in (*ROUTING, *REPORT_TEXTS))
    too_long = {name: "too-long" for name in details if len(typed[name].encode("utf-8")) > FIELD_MAX_BYTES}
    return faults_of(form) | too_long


def read_secret(untrusted: MultiDict[str, str]) -> ReporterSecret:
    """The secret in the fields `code` and `words`; raises WrongCodeError or WrongWordsError."""
    return parse_secret(untrusted.get("code", ""), untrusted.get("words", ""))


def secret_fault(untrusted: Mapping[str, str], error: WrongCodeError | WrongWordsError) -> tuple[str, str, int]:
    """(field, key of the text, position of the unknown word or 0) for a secret that was refused."""
    field, position = ("code", 0) if isinstance(error, WrongCodeError) else ("words", error.position)
    reason = error.reason if untrusted.get(field, "").strip() else "required"
    return field, f"{field}-{reason}", position
