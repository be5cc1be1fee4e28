"""Renders the three pages of a report: form, review, receipt.

Rule: each page contains everything that was typed, in its fields or as text to copy.
"""

import datetime
import secrets
from collections.abc import Mapping

from flask import Response

from dropbox.crypto.secret import ReporterSecret
from dropbox.form import regions
from dropbox.form.mirror import patterns
from dropbox.form.model import UNANSWERED
from dropbox.vocabulary.codes import Status
from dropbox.web.base.current import language, site, with_weekday
from dropbox.web.base.desks import closed_desks, desk_label, desk_reads
from dropbox.web.base.labels import CATEGORIES, CHANNELS, DESK_CHOICES
from dropbox.web.base.script_texts import scripted_context
from dropbox.web.base.view import page
from dropbox.web.report import form_token
from dropbox.web.report.answers import names_in_order
from dropbox.web.report.draft import Draft
from dropbox.web.report.mirror import filler, mirror
from dropbox.web.report.report_form import REPORT_TEXTS, ROUTING
from dropbox.web.report.review import IRJEN, review


def return_by() -> str:
    """Return the date on which the reporter should look again, with its weekday."""
    here = site()
    return with_weekday(here.today() + datetime.timedelta(days=here.settings.return_days))


def service_targets() -> tuple[int, int] | None:
    """Return the business days for verification and for review; None unless the settings promise both."""
    days = site().settings.service_days
    return (days[Status.VERIFIKASI], days[Status.TELAAH]) if {Status.VERIFIKASI, Status.TELAAH} <= days.keys() else None


def form_page(
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    kept: Mapping[str, str],
    status: int = 200,
    *,
    sealed: bool = False,
) -> Response:
    """Render the form.

    Args:
        typed: values by record name.
        errors: texts by record name; the empty name is for the whole form.
        kept: code, words and form token as they were posted, if they were.
        status: HTTP status.
        sealed: whether the browser seals, if it can.
    """
    here = site()
    form = here.form
    asked = {*ROUTING, *REPORT_TEXTS, *(question.name for question in form.questions())}
    scripted = scripted_context(reading=False) if sealed else {}
    closed = closed_desks(name for name, _, _ in DESK_CHOICES)
    return page(
        "report.html",
        status,
        form=typed,
        errors=errors,
        error_order=names_in_order(form),
        kept=kept,
        others={name: value for name, value in typed.items() if name not in asked and value},
        service=service_targets(),
        return_by=return_by(),
        sent_on=with_weekday(here.today()),
        channels=CHANNELS,
        desk_choices=[choice for choice in DESK_CHOICES if choice[0] not in closed],
        closed_desks=closed,
        categories=CATEGORIES,
        usual=UNANSWERED,
        optional=form,
        help=help_texts(),
        mirror=[{"kind": kind} for kind in patterns()],
        provinces=regions.provinces(),
        sealed=sealed,
        **scripted,
    )


def review_page(
    draft: Draft, secret: ReporterSecret, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Render everything once more, with code and words, and ask for one of the words.

    Args:
        draft: the report; its values and the confirming word are shown again.
        secret: shown, and kept in hidden fields.
        errors: texts, by `confirm` or the empty name.
        status: HTTP status.
    """
    here = site()
    found = review(draft, here.form, language())
    token = form_token.make(here.store, secret, here.clock().timestamp())
    return page(
        "review.html",
        status,
        form={"confirm": draft.confirm},
        errors=errors or {},
        hidden={name: value for name, value in draft.typed.items() if value}
        | {"code": secret.code, "words": secret.words, "mac": token},
        code=secret.code,
        words=secret.words,
        number=secret.confirm_number,
        reader=desk_reads(draft.desk, language()) or desk_label(draft.desk),
        answers=draft.answers,
        mirror=list(mirror(draft, here.form)),
        fill=filler,
        helpful=found.hints,
        conflict=found.conflict,
        above_closed=closed_desks([IRJEN]).get(IRJEN, ""),
        irjen=found.irjen,
        safeguarding=found.safeguarding,
        optional=here.form,
        help=help_texts() if found.safeguarding else [],
        return_by=return_by(),
    )


def help_texts() -> list[tuple[str, list[str]]]:
    """Return headings and texts of the page about violence, without the parts whose links would lose a report."""
    lang = language()
    return [
        (section.heading[lang], [one.text[lang] for one in section.statements])
        for section in site().articles["violence"].sections
        if not any(one.page or one.url for one in section.statements)
    ]


def receipt(secret: ReporterSecret, desk: str) -> Response:
    """Render the acknowledgement, with the form for files."""
    return page(
        "receipt.html",
        code=secret.code,
        words=secret.words,
        desk=desk,
        desk_label=desk_label(desk),
        service=service_targets(),
        return_by=return_by(),
        sent_on=with_weekday(site().today()),
        nonce=secrets.token_hex(12),
        added=None,
        errors={},
        form={"what": ""},
    )
