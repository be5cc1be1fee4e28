"""`dropbox triage` statistics and register: counting at the command line.

Rule: thin: what is counted, hidden, published and written is decided in triage.count.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dropbox.disk.private import write_whole
from dropbox.disk.visible import visible
from dropbox.errors import RefusedError
from dropbox.triage.cases.periods import span_of
from dropbox.triage.commands.case_views import table_lines
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.statistics import benchmark, register, reports
from dropbox.triage.statistics.counters import COUNTERS, row_label
from dropbox.triage.statistics.tables import count
from dropbox.triage.vault.terminal import Act, Command, read_long, say
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of
from dropbox.wire.statistics import Table

_ACTS: Final = ("show", "report", "preview", "publish", "published", "restored", "benchmark")


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    numbers = command("statistics", "count a period, write its report, compare a year, decide what the public is told")
    numbers.add_argument("act", choices=_ACTS)
    numbers.add_argument("period", nargs="?", default="", metavar="PERIOD", help="2026-03, 2026-Q1, 2026-S1 or 2026")
    numbers.add_argument("--to", type=Path, metavar="FILE", help="of a report: .pdf or .xlsx")
    numbers.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="of `restored`: the last return that was published"
    )
    numbers.add_argument("--lang", choices=("id", "en"), default="id")
    book = command("register", "the register (buku agenda) of a period")
    book.add_argument("period", metavar="PERIOD", help="2026-03, 2026-Q1, 2026-S1 or 2026")
    book.add_argument("--find", default="", metavar="WORDS", help="lines that hold all of these words")
    book.add_argument("--to", type=Path, metavar="FILE", help=".pdf, .xlsx or .csv (default: show it)")
    book.add_argument("--lang", choices=("id", "en"), default="id")


def _kind(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


def _statistics(work: Work, options: argparse.Namespace) -> int:
    if options.act == "published":
        for period in statistics_extract.published(work.vault):
            print(f"{date_of(period.first)}  {date_of(period.last)}  counted {date_of(period.counted)}")
        return 0
    if options.act == "restored":
        kept = statistics_extract.adopt(work, read_long(options.source) if options.source else None)
        say(f"{kept} periods are known as published; counting goes on after them")
        return 0
    span = span_of(options.period)
    if options.act == "benchmark":
        _benchmark(benchmark.table(work, span), options.lang)
        return 0
    if options.act == "report":
        if options.to is None:
            raise RefusedError("name the report's file with --to: NAME.pdf or NAME.xlsx")
        made = reports.report(work, span, _kind(options.to), options.lang)
        write_whole(options.to, made)
        return 0
    if options.act == "show":
        counts = count(work, span)
        for name, value in reports.summary(counts, work.vault.officer.name, options.lang):
            print(f"{name}: {value}")
        _print(counts.tables, options.lang)
        return 0
    act = statistics_extract.decide if options.act == "publish" else statistics_extract.preview
    _print(act(work, span).tables, options.lang)
    if options.act == "publish":
        say("decided: it goes out with the next `dropbox triage publish`, and is never counted again")
    return 0


def _benchmark(lines: Iterable[benchmark.Line], language: str) -> None:
    for line in lines:
        print(f"\n{line.label[language]}")
        print(f"own: {benchmark.shown(line.own, language)}")
        target = benchmark.shown(line.target, language)
        print(f"target: {target}  {_source(line.target_source, is_confirmed=line.target_confirmed)}")
        for peer in line.peers:
            source = f"{peer.source}, {peer.date}" if peer.date else ""
            said = _source(source, is_confirmed=peer.confirmed) if source else "not found"
            print(f"{visible(peer.name)}: {benchmark.shown(peer.value, language)}  {said}")
        print(f"gap: {benchmark.shown(line.gap, language)}" + (f"  {line.action[language]}" if line.gap else ""))


def _source(source: str, *, is_confirmed: bool) -> str:
    return visible(source) + ("" if is_confirmed else "  (NOT CONFIRMED)")


def _print(tables: Iterable[Table], language: str) -> None:
    for table in tables:
        print(f"\n{COUNTERS[table.code].title[language]}")
        rows = [("", *table.columns)]
        for row in table.rows:
            numbers = ("" if value is None else str(value) for value in row.values)
            rows.append((row_label(table.code, row.code, language), *numbers))
        print("\n".join(table_lines(rows)))


def _register(work: Work, options: argparse.Namespace) -> int:
    span = span_of(options.period)
    if options.to is not None:
        made = reports.register_file(work, span, _kind(options.to), options.find, options.lang)
        write_whole(options.to, made)
        return 0
    found = register.lines(work, span, options.find, options.lang)
    heads = [("case", "agenda", "channel", "sent", "category", "subject", "unit", "status")]
    print("\n".join(table_lines([*heads, *(tuple(getattr(line, name) for name in heads[0]) for line in found)])))
    say(f"{len(found)} lines")
    return 0


ACTS: Final[dict[str, Act]] = {"statistics": _statistics, "register": _register}
