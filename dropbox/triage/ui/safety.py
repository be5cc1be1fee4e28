"""Collects what the case's page shows of the safety of its reporters: risk, and what is asked after closing.

Rule: this module only reads; the acts are in pages.safety.
"""

from typing import Any

from dropbox.form import details
from dropbox.form.model import SAFEGUARDING, Form
from dropbox.triage.access import identity, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework.safety import follow_up, notice, risk, rules
from dropbox.triage.casework.safety.risk import Shown, Source
from dropbox.triage.casework.safety.rules import ABOUT, SCALE, Estimate
from dropbox.triage.tables.safety import notices
from dropbox.triage.ui import choices
from dropbox.triage.ui.view import gettext as _
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import lazy

LEVELS = lazy.table("risk")
ABOUTS = lazy.table("risk_about")


def context(work: Work, case: Case, lang: str) -> dict[str, Any]:
    """Return the template variables with which the case's page shows risk and follow-up, in a language."""
    rule, form = rules.load(work.settings), details.form_of(work.settings)
    shown = risk.of_case(work, case)
    level, waits = risk.of_group(work.vault, [one.case.number for one in shown])
    may_ask = roles.may(work.settings.workstation, work.vault.officer, Permission.PROTECTION_MANAGE)
    return {
        "risks": [
            (one, {about: _sources(form, one, about, lang) for about in ABOUT}, _follows(work, one)) for one in shown
        ],
        "risk_level": str(level),
        "risk_waits": waits,
        "risk_scale": [str(number) for number in SCALE],
        "risk_levels": LEVELS,
        "risk_abouts": ABOUTS,
        "risk_level_of": lambda estimate: str(rule.level(estimate)),
        "risk_confirmed": rule.confirmed,
        "risk_grounds_max": risk.GROUNDS_MAX,
        "follow_ups": follow_up.of_case(work, case) if may_ask else None,
        "follow_up_texts": follow_up.texts(work, case) if may_ask else {},
        "follow_up_confirmed": work.settings.workstation.follow_up.confirmed,
    }


def notice_context(work: Work, number: int, lang: str) -> dict[str, Any]:
    """Return the template variables about the notice before an identity (its number) is opened, in a language."""
    return {
        "notices": notices.of_identity(work.vault.db, number),
        "notice_rule": work.settings.workstation.identity_notice,
        "reason_names": {code: names[lang] for code, names in identity.REASONS.items()},
        "why_names": {code: names[lang] for code, names in notice.WHY.items()},
    }


def _follows(work: Work, one: Shown) -> dict[str, rules.Follows]:
    """Return what follows, by what the risk is about: from the higher one where a decision waits to be renewed."""
    rule = rules.load(work.settings)
    waits = one.risk is None or one.risk.waits
    found = {}
    for about in ABOUT:
        held: list[Estimate] = [one.decided[about]] if one.decided else []
        held += [one.proposed[about]] if waits else []
        found[about] = rule.follows[about, max(rule.level(estimate) for estimate in held)]
    return found


def _sources(form: Form, one: Shown, about: str, lang: str) -> list[tuple[str, str]]:
    """Return (question, answer) of each answer that proposed something, each once."""
    found = [_words(form, source, lang) for source in one.sources if source.about == about]
    return list(dict.fromkeys(found))


def _words(form: Form, source: Source, lang: str) -> tuple[str, str]:
    if source.field == rules.CATEGORY:
        return _("Jenis"), choices.label(choices.CATEGORIES, source.code)
    if source.field == rules.PROTECTION:
        return choices.label(choices.FIELDS, "protection"), choices.label(choices.PROTECTIONS, source.code)
    name = SAFEGUARDING if source.field == rules.SAFEGUARDING else source.field
    question = next((question for question in form.questions() if question.name == name), None)
    if question is None:
        return source.field, source.code
    return question.label[lang], form.display(question, source.code, lang) if source.code else ""
