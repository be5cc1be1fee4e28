"""Writes the yearly sheet for KemenPAN-RB's evaluation of complaint handling, as a table to copy from.

Rule: it has only the year's published statistics, with small numbers hidden as they are there: a second count of the
same days could reveal single reports. The ministry's own form is not confirmed, and the sheet says so.
"""

from collections.abc import Iterator
from typing import Final

from dropbox.errors import RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import span_of
from dropbox.triage.exchange.statistics_extract import published
from dropbox.triage.statistics.counters import COLUMNS, COUNTERS, row_label
from dropbox.triage.statistics.spreadsheets import csv_bytes
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.dates import spoken_date
from dropbox.wire.calendar import date_of
from dropbox.wire.statistics import Period

_HEADS: Final = ("Bagian", "Butir", "Ukuran", "Nilai")
_HIDDEN: Final = "disembunyikan"
_TABLES: Final = ("channel", "origin", "category", "track", "refusal", "referral", "answered", "stage")
# What an assessor of "Penguatan Pengawasan" asks about a WBS (domain notes 2.6); an officer fills in the answers.
_TO_FILL: Final = ("diinternalisasikan", "diterapkan", "dievaluasi", "ditindaklanjuti")


def sheet(work: Work, year: int) -> bytes:
    """Return the sheet of a year (CSV).

    Raises:
        RefusedError: the officer's roles do not allow it, or the year's statistics were not published.
    """
    permission.permit(work, Permission.STATISTICS_READ)
    span = span_of(f"{year:04d}")
    period = next(
        (known for known in published(work.vault) if (known.first, known.last) == (span.first, span.last)), None
    )
    if period is None:
        raise RefusedError("menpan.publish-first")
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.STATISTICS_READ, period=span.code, did="menpan")
    return csv_bytes(_HEADS, _rows(work.settings, period, year))


def _rows(settings: Settings, period: Period, year: int) -> Iterator[tuple[str, str, str, str]]:
    yield "Keterangan", "Instansi", "", settings.office["id"]
    yield "Keterangan", "Tahun", "", str(year)
    yield "Keterangan", "Dihitung pada", "", spoken_date(date_of(period.counted), "id")
    yield "Keterangan", "Bentuk lembar", "", "belum dipastikan oleh KemenPAN-RB"
    bodies = settings.workstation.referral_targets
    by_code = {table.code: table for table in period.tables}
    for code in _TABLES:
        if code not in by_code:
            continue
        table = by_code[code]
        for row in table.rows:
            for column, value in zip(table.columns, row.values, strict=True):
                shown = _HIDDEN if value is None else str(value)
                label = row_label(code, row.code, "id", bodies)
                yield COUNTERS[code].title["id"], label, COLUMNS[column]["id"], shown
    for item in _TO_FILL:
        yield "Penguatan pengawasan", f"WBS {item}", "diisi petugas", ""
