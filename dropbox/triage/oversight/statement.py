"""Makes and checks log statements (FORMAT "Log statement"): the station signs that a year's log chain is whole.

Rule: a statement is made only of a chain that was just verified, for a year that is over in the installation's zone.
"""

import datetime

from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.signing import Trust
from dropbox.errors import DamagedError, RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import Span, span_of
from dropbox.triage.tables import log
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, day_of
from dropbox.wire.log_statement import LABEL, LogStatement
from dropbox.wire.signed import Head, encode_object


def make(work: Work, year: int) -> bytes:
    """Return the signed statement of a year, as FORMAT "Log statement" encodes it.

    Args:
        work: the vault, the settings and the day.
        year: such as 2026.

    Raises:
        RefusedError: the officer's roles do not allow it, the year is not over, or the log began later than the year.
        DamagedError: the log was altered.
        UntrustedError: the station has no certificate that is valid today.
    """
    permission.permit(work, Permission.OVERSIGHT_MANAGE)
    span = span_of(f"{year:04d}")
    if work.today <= span.last:
        raise RefusedError("statement.year")
    audit_log.verify(work.vault)
    lines, of_year, digest = _through(work, span)
    if not lines:
        raise RefusedError("statement.no-log")
    certificate, _ = work.vault.certificate(work.today)
    body = LogStatement(Head(work.vault.instance, work.vault.desk, year, work.today), lines, of_year, digest).encode()
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.OVERSIGHT_MANAGE, did="state", year=year, lines=lines)
    return encode_object(LABEL, certificate, body, work.vault.station.sign(LABEL, work.vault.instance, body))


def check(work: Work, untrusted: bytes) -> LogStatement:
    """Return a statement of this desk if the log still matches it.

    Raises:
        RefusedError: the officer's roles do not allow it, or the statement is of another desk.
        MalformedError: not a statement.
        UntrustedError: forged, or not under this instance's root.
        DamagedError: the log was altered since, or before.
    """
    permission.permit(work, Permission.OVERSIGHT_MANAGE)
    stated = open_log_statement(Trust(work.vault.anchor, work.today), untrusted)
    if stated.head.desk != work.vault.desk:
        raise RefusedError("statement.other-desk")
    audit_log.verify(work.vault)
    if log.hash_of(work.vault.db, stated.lines) != stated.hash:
        raise DamagedError("statement.log-replaced")
    return stated


def _through(work: Work, span: Span) -> tuple[int, int, bytes]:
    """Return (lines up to the period's end, lines in it, hash of the last); a clock set back moves no line."""
    lines, of_year, digest = 0, 0, b""
    for line in audit_log.lines(work.vault):
        day = _day(work.settings, line.at)
        if day <= span.last:
            lines, digest = line.number, line.hash
            of_year += day >= span.first
    return lines, of_year, digest


def _day(settings: Settings, at: str) -> Day:
    return day_of(settings.today(datetime.datetime.fromisoformat(at)))
