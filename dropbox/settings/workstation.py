"""Reads the workstation's settings: roles, offices, deadlines and retention, which change with the organisation.

Rule: no value has a default in code; `settings.toml` holds all of them and marks what the inspectorate must confirm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dropbox.errors import ConfigurationError
from dropbox.settings.letterhead import Letterhead, letterhead_of

_LANGUAGES: Final = ("id", "en")
_MONTHS_MAX: Final = 120


@dataclass(frozen=True)
class Role:
    """A name by language, and the acts (triage.access.roles) that it allows."""

    label: Mapping[str, str]
    actions: frozenset[str]


@dataclass(frozen=True)
class Referral:
    """The criteria by which a case is proposed for KPK."""

    kpk_categories: frozenset[str]
    law_enforcement: frozenset[str]  # codes of referral_targets
    kpk_rupiah: int  # in question, at least
    confirmed: bool  # by the inspectorate


@dataclass(frozen=True)
class FollowUp:
    """When reporters are asked about their protection after the end of their case."""

    months: tuple[int, ...]  # after the end
    statuses: frozenset[str]  # in which they are asked
    confirmed: bool  # by the inspectorate


@dataclass(frozen=True)
class IdentityNotice:
    """How long before its opening a reporter is told that their identity will be opened."""

    days: int  # from the publication to the first day of the opening
    valid_days: int  # from then on
    confirmed: bool  # by the inspectorate


@dataclass(frozen=True)
class Workstation:
    """Everything about the workstation that an administrator may set."""

    stick: Path  # mount folder of the courier's USB drive
    export_folder: Path  # folder for copies of files and letters; "~" is the home of the user that runs the program
    policy_folder: Path | None  # folder of the inspectorate's own files of rules and figures
    idle_minutes: int  # minutes without a click after which the vault locks itself
    soon_days: int  # working days before a due date from which a case is shown as soon due
    protection_days: int  # working days within which a protection request is answered
    agenda_format: str  # of the agenda number: {number}, {year} and {desk}
    roles: Mapping[str, Role]
    offices: Mapping[str, Mapping[str, str]]  # code: name by language; where a disposition may go
    referral_targets: Mapping[str, Mapping[str, str]]  # code: name by language; bodies a reporter may be sent to
    letterhead: Letterhead
    referral: Referral
    follow_up: FollowUp
    identity_notice: IdentityNotice
    review_days: Mapping[str, int]  # by status without service days: working days after which an officer looks again
    retention_days: Mapping[str, int]  # by final status: days after closing, then deletion is proposed


def workstation_of(table: Mapping[str, Any]) -> Workstation:
    """Build the workstation's part from the parsed settings; raises ConfigurationError."""
    numbers = {name: table["workstation"][name] for name in ("idle_minutes", "soon_days", "protection_days")}
    if any(number < 1 for number in numbers.values()):
        raise ConfigurationError("settings.workstation-numbers")
    roles = {name: _role(name, role) for name, role in table["roles"].items()}
    if any(type(days) is not int or days < 1 for days in table["retention_days"].values()):
        raise ConfigurationError("settings.retention-days")
    review_days = table["review_days"]
    if not review_days or any(type(days) is not int or days < 1 for days in review_days.values()):
        raise ConfigurationError("settings.review-days")
    return Workstation(
        **numbers,
        stick=Path(table["workstation"]["stick"]),
        export_folder=Path(table["workstation"]["export_folder"]),
        policy_folder=_folder(table["workstation"]["policy_folder"]),
        agenda_format=_agenda_format(table["workstation"]["agenda_format"]),
        roles=roles,
        offices=_names(table, "offices"),
        referral_targets=_names(table, "referral_targets"),
        letterhead=letterhead_of(table["letterhead"]),
        referral=_referral(table["referral"], table["referral_targets"]),
        follow_up=_follow_up(table["follow_up"]),
        identity_notice=_identity_notice(table["identity_notice"]),
        review_days=review_days,
        retention_days=table["retention_days"],
    )


def _folder(typed: str) -> Path | None:
    if typed and not Path(typed).is_absolute():
        raise ConfigurationError("settings.policy-folder")
    return Path(typed) if typed else None


def _referral(table: Mapping[str, Any], targets: Mapping[str, Any]) -> Referral:
    if not all(isinstance(category, str) for category in table["kpk_categories"]):
        raise ConfigurationError("settings.kpk-categories")
    if not all(isinstance(code, str) and code in targets for code in table["law_enforcement"]):
        raise ConfigurationError("settings.law-enforcement")
    if table["kpk_rupiah"] < 1:
        raise ConfigurationError("settings.kpk-rupiah")
    return Referral(
        kpk_categories=frozenset(table["kpk_categories"]),
        law_enforcement=frozenset(table["law_enforcement"]),
        kpk_rupiah=table["kpk_rupiah"],
        confirmed=table["confirmed"],
    )


def _follow_up(table: Mapping[str, Any]) -> FollowUp:
    months = table["months"]
    if any(type(month) is not int or not 1 <= month <= _MONTHS_MAX for month in months):
        raise ConfigurationError("settings.follow-up", most=_MONTHS_MAX)
    return FollowUp(tuple(sorted(set(months))), frozenset(map(str, table["statuses"])), table["confirmed"])


def _identity_notice(table: Mapping[str, Any]) -> IdentityNotice:
    if table["days"] < 1 or table["valid_days"] < 1:
        raise ConfigurationError("settings.identity-notice")
    return IdentityNotice(table["days"], table["valid_days"], table["confirmed"])


def _agenda_format(typed: str) -> str:
    try:
        one, other = (typed.format(number=number, year=2026, desk="ITJEN") for number in (1, 2))
    except (AttributeError, LookupError, TypeError, ValueError):
        one = other = ""
    if re.fullmatch(r"(?:ITJEN-)?[0-9]+", one):  # it would find another case than the one that is meant
        raise ConfigurationError("settings.agenda-like-case")
    if one == other:
        raise ConfigurationError("settings.agenda-format")
    return typed


def _role(name: str, table: Mapping[str, Any]) -> Role:
    actions = table.get("actions")
    if not isinstance(actions, list) or not all(isinstance(action, str) for action in actions):
        raise ConfigurationError("settings.role-acts", name=name)
    return Role(_label(table, f"roles.{name}"), frozenset(actions))


def _names(table: Mapping[str, Any], part: str) -> dict[str, Mapping[str, str]]:
    return {name: _label(entry, f"{part}.{name}") for name, entry in table[part].items()}


def _label(table: Mapping[str, Any], where: str) -> dict[str, str]:
    try:
        return {language: str(table[f"label_{language}"]) for language in _LANGUAGES}
    except (KeyError, TypeError):
        raise ConfigurationError("settings.labels", where=where) from None
