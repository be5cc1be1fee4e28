"""Checks the values of a report's form: required, from a fixed list, not too long.

Rule: there are no minimum lengths, nothing is shortened or corrected silently, and no error quotes what was typed.
FlaskForm has no CSRF token here: the site has no session that another page could use (DECISIONS.md, 2); web.routes
rejects cross-site posts instead.
"""

from collections.abc import Mapping
from typing import Final

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from dropbox.form.lengths import is_too_long
from dropbox.wire.statuses import CATEGORIES, CHANNELS

REPORT_TEXTS: Final = ("what", "who", "where")
ROUTING: Final = ("desk", "channel", "category")


_CHECKED: Final = ("channel", "category", *REPORT_TEXTS)


class _Required:
    """Accepts a value that is more than white space."""

    field_flags: Final[dict[str, bool]] = {}

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if not (field.data or "").strip():
            raise ValidationError(f"{field.name}-required")


class _OneOf:
    """Accepts a value of a fixed list."""

    field_flags: Final[dict[str, bool]] = {}

    def __init__(self, values: tuple[str, ...]) -> None:
        self._values = values

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.data not in self._values:
            raise ValidationError(f"{field.name}-required")


class _NotTooLong:
    """Accepts at most FIELD_MAX_CHARACTERS."""

    field_flags: Final[dict[str, bool]] = {}

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if is_too_long(field.data or ""):
            raise ValidationError("too-long")


class _ReportForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    class Meta:
        csrf = False

    channel = StringField(validators=[_OneOf(("", *CHANNELS))])
    category = StringField(validators=[_OneOf(("", *CATEGORIES))])
    what = StringField(validators=[_Required(), _NotTooLong()])
    who = StringField(validators=[_Required(), _NotTooLong()])
    where = StringField(validators=[_Required(), _NotTooLong()])


def field_errors(values: Mapping[str, str]) -> dict[str, str]:
    """Return the key of the first error of each value (a key of base.messages), by record name.

    The desk is not checked here: which desks exist depends on the keyring.
    """
    form = _ReportForm(formdata=MultiDict((name, values[name]) for name in _CHECKED if name in values))
    form.validate()
    required = {name: str(messages[0]) for name, messages in form.errors.items() if name and messages}
    details = values.keys() - {*ROUTING, *REPORT_TEXTS}
    return required | {name: "too-long" for name in details if is_too_long(values[name])}
