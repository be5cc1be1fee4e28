"""Writes a period's report (PDF, XLSX) and register (PDF, XLSX, CSV); each is logged.

Rule: no report is written when its numbers and the register's lines disagree.
"""

import datetime
from typing import Final

from dropbox.disk.visible import visible
from dropbox.errors import DamagedError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.names import Names
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.periods import Span
from dropbox.triage.papers.printing import printed
from dropbox.triage.statistics import cohort, paper, register, spreadsheets
from dropbox.triage.statistics.counters import FOLLOWED
from dropbox.triage.statistics.tables import Counts, count
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_date
from dropbox.vocabulary.tables import TOTAL
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import date_of
from dropbox.wire.statuses import CHANNELS

REPORT_KINDS: Final = ("pdf", "xlsx")
REGISTER_KINDS: Final = ("pdf", "xlsx", "csv")
_REPORT: Final[Words] = {"id": "Laporan statistik pengaduan", "en": "Statistics of reports"}
_REGISTER: Final[Words] = {"id": "Buku register pengaduan", "en": "Register of reports"}
_OF: Final[Words] = {"id": "{part} dari {whole} ({share} %)", "en": "{part} of {whole} ({share}%)"}
# The register on paper: columns that are printed in one, and its width.
_PAPER_COLUMNS: Final[tuple[tuple[tuple[str, ...], int], ...]] = (
    (("case", "agenda", "agenda_day"), 11),
    (("channel", "origin", "sent"), 10),
    (("category", "problem", "risk"), 10),
    (("subject",), 12),
    (("reporter",), 7),
    (("reported", "unit"), 12),
    (("place",), 10),
    (("disposition",), 9),
    (("review", "action"), 11),
    (("status", "closed"), 11),
)
_SAID: Final = ("settled", "risk")  # the last lines of the summary
_DATES: Final = ("agenda_day", "sent", "closed")


def report(work: Work, span: Span, kind: str, language: str = "id") -> bytes:
    """Return a period's report as a file.

    Args:
        work: the vault, the settings and the day.
        span: the period.
        kind: of REPORT_KINDS.
        language: `id` or `en`.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such kind.
        DamagedError: its numbers disagree with each other; nothing is written.
        ConfigurationError: this installation cannot make papers.
    """
    if kind not in REPORT_KINDS:
        raise RefusedError("report.kinds", kinds=", ".join(REPORT_KINDS))
    counts = count(work, span)
    _check(counts, len(cohort.of_period(work.vault, span)))
    title = f"{_REPORT[language]}: {span.spoken(language)}"
    by = Names(work.vault.db, work.settings, language).full(work.vault.officer.login)
    lines = summary(counts, by, language)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.STATISTICS_READ, period=span.code, did=kind)
    if kind == "xlsx":
        return spreadsheets.report_sheets(
            counts, span.code, lines, language, work.settings.workstation.referral_targets
        )
    basis = lines[: -len(_SAID)]  # the page's sentences have the others, and the signature needs the room
    return printed(paper.report(work.settings, work.today, counts, title, basis, language))


def register_file(work: Work, span: Span, kind: str, typed: str = "", language: str = "id") -> bytes:
    """Return a period's register as a file.

    Args:
        work: the vault, the settings and the day.
        span: the period.
        kind: of REGISTER_KINDS.
        typed: words that every line must contain; empty for all lines.
        language: `id` or `en`.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such kind.
    """
    if kind not in REGISTER_KINDS:
        raise RefusedError("register.kinds", kinds=", ".join(REGISTER_KINDS))
    permission.permit(work, Permission.REGISTER_EXPORT)
    found = register.lines(work, span, typed, language)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.REGISTER_EXPORT, period=span.code, did=kind, lines=len(found))
    heads = [words[language] for words in register.COLUMNS.values()]
    if kind == "csv":
        return spreadsheets.csv_bytes(heads, (line.cells() for line in found))
    if kind == "xlsx":
        return spreadsheets.register_sheet(span.code, heads, (line.cells() for line in found))
    title = f"{_REGISTER[language]}: {span.spoken(language)}"
    shared = [" / ".join(register.COLUMNS[name][language] for name in names) for names, _ in _PAPER_COLUMNS]
    rows = [
        ["\n".join(filter(None, (_on_paper(line, name, language) for name in names))) for names, _ in _PAPER_COLUMNS]
        for line in found
    ]
    widths = [width for _, width in _PAPER_COLUMNS]
    return printed(paper.register(work.settings, work.today, title, shared, widths, rows, language))


def _on_paper(line: register.Line, column: str, language: str) -> str:
    """Return a cell; a date is in words there."""
    text: str = getattr(line, column)
    return spoken_date(datetime.date.fromisoformat(text), language) if text and column in _DATES else text


def summary(counts: Counts, officer: str, language: str) -> list[tuple[str, str]]:
    """Return the main figures as (name, value). They always name the officer for whom was counted."""
    followed = sum(counts.cell("track", row) for row in FOLLOWED)
    additions = counts.cell("answered", TOTAL)
    values = {
        "days": " – ".join(spoken_date(date_of(day), language) for day in (counts.span.first, counts.span.last)),
        "counted": spoken_date(date_of(counts.counted), language),
        "by": visible(officer),
        "total": f"{counts.total} ({' + '.join(str(counts.cell('channel', code)) for code in CHANNELS)})",
        "followed": _of(followed, counts.total, language),
        "refused": _of(counts.cell("track", "refused"), counts.total, language),
        "overdue": _of(counts.cell("live", "overdue"), counts.cell("live", TOTAL), language),
        "answered": _of(counts.cell("answered", "answered"), additions, language),
        "settled": _of(counts.cell("settlement", "done"), counts.cell("settlement", TOTAL), language),
        "risk": _of(counts.table("risk").rows[-1].values[1] or 0, counts.total, language),
    }
    return [(vocabulary.label("summary", name, language), value) for name, value in values.items()]


def _of(part: int, whole: int, language: str) -> str:
    if not whole:
        return "–"
    share = f"{100 * part / whole:.1f}"
    return _OF[language].format(part=part, whole=whole, share=share.replace(".", ",") if language == "id" else share)


def _check(counts: Counts, lines: int) -> None:
    tables = ("channel", "origin", "category", "problem", "province", "unit-type", "track", "risk")
    if any(counts.cell(code, TOTAL) != lines for code in tables):
        raise DamagedError("report.disagrees")
