"""Defines what a look at a server can find: codes, how serious each is, and what could not be looked at.

Rule: CODES is the one list of codes. alerts.yml has a rule and RUNBOOK.md an entry for each; a test compares them.
"""

import enum
from dataclasses import dataclass
from typing import Final

from dropbox.sentences.catalogue import Sentence


class Severity(enum.StrEnum):
    """How serious a finding is."""

    ALARM = "alarm"  # reporters are in danger or turned away, now or within days
    WARNING = "warning"  # somebody must act in time


_ALARM, _WARNING = Severity.ALARM, Severity.WARNING
CODES: Final = {
    # The running server.
    "server-down": _ALARM,
    "server-unwell": _ALARM,
    "debug": _WARNING,
    "core-dumps": _ALARM,
    # Keys.
    "root-unusable": _ALARM,
    "demo-root": _ALARM,
    "root-ends": _WARNING,
    "revocations-end": _WARNING,
    "keys-unusable": _ALARM,
    "desk-closed": _ALARM,
    "desk-closes": _ALARM,
    "desk-missing": _WARNING,
    "desk-revoked": _WARNING,
    "desk-certificate-ends": _WARNING,
    "desk-keys-run-out": _WARNING,
    "server-certificate-missing": _ALARM,
    "server-certificate-unusable": _ALARM,
    "server-certificate-ends": _WARNING,
    # What the courier carries.
    "board-missing": _WARNING,
    "board-late": _WARNING,
    "board-old": _ALARM,
    "export-never": _WARNING,
    "export-late": _WARNING,
    "export-old": _ALARM,
    # The gate and the courier's page.
    "gate-down": _WARNING,
    "gate-user": _ALARM,
    "gate-open": _ALARM,
    "gate-no-spool": _WARNING,
    "gate-full": _WARNING,
    "page-down": _WARNING,
    "page-user": _ALARM,
    "page-open": _ALARM,
    # The store.
    "database-unusable": _ALARM,
    "database-unreachable": _ALARM,
    "database-keeps-times": _ALARM,
    "files-full": _WARNING,
    "texts-low": _WARNING,
    "texts-full": _ALARM,
    "tidying-never": _ALARM,
    "tidying-late": _ALARM,
    "tidying-fails": _ALARM,
    # The machine.
    "root-user": _ALARM,
    "open-folders": _ALARM,
    "open-address": _ALARM,
    "swap": _ALARM,
    "clock-unset": _WARNING,
    "clock-wrong": _ALARM,
    "private-key": _ALARM,
    # The ways to the site.
    "onion-down": _ALARM,
    "tls-refused": _ALARM,
    "tls-ends": _WARNING,
    "proxy-down": _ALARM,
    "proxy-buffers": _ALARM,
    "proxy-compresses": _ALARM,
    "proxy-logs": _ALARM,
    "proxy-small": _WARNING,
    # The settings.
    "intake-closed": _WARNING,
    "contacts-missing": _WARNING,
    "contacts-old": _WARNING,
    "address-missing": _WARNING,
    "site-manifest": _WARNING,
    "security-contact-old": _WARNING,
}


@dataclass(frozen=True)
class Finding:
    """Something that is not well: a code of CODES, and what it is in this case."""

    code: str
    sentence: Sentence

    @property
    def severity(self) -> Severity:
        """How serious it is; raises KeyError for a code that is not in CODES."""
        return CODES[self.code]


@dataclass(frozen=True)
class Accepted:
    """Something that is not well and that the settings accept (`server.accept`)."""

    code: str


@dataclass(frozen=True)
class Unseen:
    """Why something could not be looked at; it is never counted as well."""

    because: Sentence


@dataclass(frozen=True)
class Unneeded:
    """A part that this server does not have."""


Result = Finding | Accepted | Unseen | Unneeded
