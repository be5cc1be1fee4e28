"""The three pages of a report: form, review, receipt.

Rule: each page holds everything that was typed, in fields or to be copied.
"""

import datetime
import secrets

from flask import Response

from dropbox.crypto.secret import ReporterSecret
from dropbox.form import regions
from dropbox.web.base.forms import REPORT_TEXTS, ROUTING
from dropbox.web.base.labels import CATEGORIES, CHANNELS, DESK_CHOICES
from dropbox.web.base.script_texts import scripted_context
from dropbox.web.base.view import closed_desks, desk_label, desk_reads, desks_context, language, localized, page, site
from dropbox.web.report import form_token
from dropbox.web.report.review import IRJEN, completed, names_in_order, review


def return_by() -> str:
    """When the reporter should look again, as a localized date."""
    here = site()
    return localized(here.today() + datetime.timedelta(days=here.settings.return_days))


def service_targets() -> tuple[int, int] | None:
    """Working days for verification and review, when the settings promise both."""
    days = site().settings.service_days
    return (days["VERIFIKASI"], days["TELAAH"]) if {"VERIFIKASI", "TELAAH"} <= days.keys() else None


def form_page(
    typed: dict[str, str],
    errors: dict[str, str],
    kept: dict[str, str],
    status: int = 200,
    *,
    sealed: bool = False,
) -> Response:
    """The form.

    Args:
        typed: values by record name.
        errors: texts by record name; the empty name is for the whole.
        kept: code, words and mac as they came in its hidden fields, if they did.
        status: of HTTP.
        sealed: whether the browser seals, where it can.
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
        sent_on=localized(here.today()),
        who_reads={desk["name"]: desk["reads"] for desk in desks_context()},
        channels=CHANNELS,
        desk_choices=[choice for choice in DESK_CHOICES if choice[0] not in closed],
        closed_desks=closed,
        categories=CATEGORIES,
        optional=form,
        help=help_texts(),
        provinces=regions.provinces(),
        regencies=dict(sorted(regions.regencies().items(), key=lambda one: (one[0][:2], one[1]))),  # packs better
        sealed=sealed,
        **scripted,
    )


def review_page(
    secret: ReporterSecret, typed: dict[str, str], errors: dict[str, str], status: int = 200, confirm: str = ""
) -> Response:
    """Everything once more, with code and words, and the word of them that is asked for.

    Args:
        secret: shown, and kept in hidden fields.
        typed: values by record name, kept in hidden fields.
        errors: texts, by `confirm` or the empty name.
        status: of HTTP.
        confirm: what was typed as that word.
    """
    here = site()
    whole = completed(typed, here.form, language())
    seen = review(whole, here.form, language())
    mac = form_token.make(here.store, secret, here.clock().timestamp())
    return page(
        "review.html",
        status,
        form={"confirm": confirm},
        errors=errors,
        hidden={name: value for name, value in typed.items() if value}
        | {"code": secret.code, "words": secret.words, "mac": mac},
        code=secret.code,
        words=secret.words,
        number=secret.confirm_number,
        reader=desk_reads(whole["desk"], language()) or desk_label(whole["desk"]),
        answers=seen.answers,
        helpful=seen.helpful,
        conflict=seen.conflict,
        above_closed=closed_desks([IRJEN]).get(IRJEN, ""),
        irjen=seen.irjen,
        safeguarding=seen.safeguarding,
        optional=here.form,
        help=help_texts() if seen.safeguarding else [],
        return_by=return_by(),
    )


def help_texts() -> list[tuple[str, list[str]]]:
    """Headings and texts of the page about violence, but for the parts that lead on: who leaves a report loses it."""
    lang = language()
    return [
        (section.heading[lang], [one.text[lang] for one in section.statements])
        for section in site().articles["violence"].sections
        if not any(one.page or one.url for one in section.statements)
    ]


def receipt(secret: ReporterSecret, desk: str) -> Response:
    """The acknowledgement, with the form for files."""
    return page(
        "receipt.html",
        code=secret.code,
        words=secret.words,
        desk=desk,
        desk_label=desk_label(desk),
        service=service_targets(),
        return_by=return_by(),
        sent_on=localized(site().today()),
        nonce=secrets.token_hex(12),
        added=None,
        errors={},
        form={"what": ""},
    )
