"""`python bench/triage_scale.py`: the workstation at 10 000 cases: import rate, inbox, search, overview, tasks.

Import is measured in processor time of one core (what a disk that others use makes it wait is shown beside it), and its
second copy apart: that is paid once for each import, not for each report. A page is measured as one whole request of a
browser, with its template, in processor time: other programs of the machine do not count.
"""

import argparse
import contextlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import triage_pages
import triage_world
from figures import Figure, show
from triage_world import Bench

from dropbox.settings.installation import load
from dropbox.triage.cases import casebook
from dropbox.triage.cases.periods import span_of
from dropbox.triage.casework import duplicates, handling, inbox, search, threads
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.oversight import overview, pictures
from dropbox.triage.statistics import reports
from dropbox.triage.statistics.tables import count_all
from dropbox.triage.tables import case_list
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of, day_of

_BLOCK = 100
_ROUNDS = 5
_REPEATS = 40


def main() -> None:
    """Measure all figures; making the 10 000 cases takes most of the time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--copy", action="store_true", help="the second copy as well (minutes on a busy disk)")
    options = parser.parse_args()
    started = time.monotonic()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    settings = load()
    with tempfile.TemporaryDirectory(prefix="dropbox-triage-") as name:
        bench = triage_world.make(Path(name), settings, day_of(settings.today()))
        with bench.vault:
            _fill(bench, options.cases)
            if options.copy:
                _second_copy(bench)
            for question in _questions(bench):
                show(f"At {_count(bench)} cases", [_timed(*question)])
        folder, words = bench.folder / "vault", triage_world.words(random.Random(4), 3)  # noqa: S311  likewise
        pages = triage_pages.figures(settings, folder, *triage_world.FIRST, words)
        show(f"Pages at {options.cases} cases, a whole request", pages)
        with Vault.open(folder, *triage_world.FIRST) as opened:
            bench = replace(bench, vault=opened)
            show(f"Numbers of a year at {_count(bench)} cases", _yearly(bench))
    print(f"\n{time.monotonic() - started:.0f} s; load {os.getloadavg()[0]:.1f} at the end")


def _fill(bench: Bench, cases: int) -> None:
    """Import that many, and show the cost of the first and the last of them."""
    number = 0
    with _without_copy():
        triage_world.take(bench, triage_world.export(bench, 20, number := number + 1))  # warm
        early = [_import(bench, number := number + 1) for _ in range(_ROUNDS)]
        while _count(bench) < cases - _ROUNDS * _BLOCK:
            triage_world.take(bench, triage_world.export(bench, 500, number := number + 1))
        late = [_import(bench, number := number + 1) for _ in range(_ROUNDS)]
    _classify(bench)
    triage_pages.follow_up(bench.vault, bench.today)
    show(
        f"Import of {_BLOCK} text reports: open, verify, index",
        [
            Figure("empty vault", [_BLOCK / cpu for cpu, _ in early], "reports/s of one core", at_least=150),
            Figure(f"{cases} cases", [_BLOCK / cpu for cpu, _ in late], "reports/s of one core", at_least=150),
            Figure("likewise, with waiting", [_BLOCK / wall for _, wall in late], "reports/s"),
            Figure(
                "cost, late to early",
                [new / old for (new, _), (old, _) in zip(sorted(late), sorted(early), strict=True)],
                "ratio",
                at_most=1.3,
            ),
        ],
    )


def _second_copy(bench: Bench) -> None:
    for what in ("first time", "with nothing new"):
        before = time.perf_counter()
        second_copy.sync(bench.vault)
        print(f"  the second copy, {what}: {time.perf_counter() - before:.1f} s")


def _import(bench: Bench, number: int) -> tuple[float, float]:
    """Measure (processor seconds, seconds) of a block."""
    read = triage_world.export(bench, _BLOCK, number)
    cpu, wall = time.process_time(), time.perf_counter()
    triage_world.take(bench, read)
    return time.process_time() - cpu, time.perf_counter() - wall


@contextlib.contextmanager
def _without_copy() -> Iterator[None]:
    """Switch off the second copy, which is measured separately."""
    real, ahead = second_copy.sync, second_copy.refuse_if_behind
    second_copy.sync, second_copy.refuse_if_behind = (lambda *_: []), (lambda *_: False)
    try:
        yield
    finally:
        second_copy.sync, second_copy.refuse_if_behind = real, ahead


def _count(bench: Bench) -> int:
    (count,) = bench.vault.db.execute("select count(*) from cases").fetchone()
    return int(count)


def _classify(bench: Bench) -> None:
    """Add dates, units, tags and officers like a year of work."""
    choice = random.Random(1)  # noqa: S311  the same in every run
    db = bench.vault.db
    with transaction(db):
        for number in range(1, _count(bench) + 1):
            due = choice.choice((0, 0, bench.today + choice.randint(-30, 60)))
            db.execute(
                "update cases set due = ?, unit = ?, province = ?, officer = ?, sent = sent - ? where number = ?",
                (
                    due,
                    f"Kankemenag {choice.randint(1, 500)}",
                    str(choice.randint(11, 94)),
                    choice.choice(("", "bench")),
                    choice.randint(0, 365),
                    number,
                ),
            )
            if choice.random() < 0.3:
                db.execute("insert into tags values (?, ?)", (number, f"tag-{choice.randint(1, 30)}"))
            if choice.random() < 0.7:
                db.execute("insert into reads select 'bench', number, touched from cases where number = ?", (number,))


def _questions(bench: Bench) -> Iterator[tuple[str, Callable[[int], object]]]:
    vault, settings, today = bench.vault, bench.settings, bench.today
    choice = random.Random(2)  # noqa: S311  the same in every run
    count = _count(bench)

    def page(wanted: inbox.Filter) -> inbox.Page:
        return inbox.page(Work(vault, settings, Day(today)), wanted)

    def last(_: int) -> inbox.Page:
        place = inbox.Place(CaseNumber(count - 60), lacks=1, value=(0,))
        return inbox.page(Work(vault, settings, Day(today)), inbox.Filter(), after=place)

    places: dict[inbox.Filter, inbox.Place | None] = {}

    def far(wanted: inbox.Filter) -> inbox.Page:
        if wanted not in places:  # in the first round, which the percentile leaves out
            places[wanted] = inbox.page(Work(vault, settings, Day(today)), wanted, count // 2).next
        return inbox.page(Work(vault, settings, Day(today)), wanted, after=places[wanted])

    def case(_: int) -> casebook.Case:
        return casebook.case_of(vault, CaseNumber(choice.randint(1, count)))

    yield "inbox, first page", lambda _: page(inbox.Filter())
    yield "inbox, last page", last
    for order in case_list.ORDERS:
        for falls in (False, True):
            wanted = inbox.Filter(sort=order, falls=falls)
            way = "falling" if falls else "rising"
            yield f"inbox, by {order}, {way}", lambda _, wanted=wanted: page(wanted)  # type: ignore[misc]
            yield f"inbox, by {order}, {way}, from the middle", lambda _, wanted=wanted: far(wanted)  # type: ignore[misc]
    yield "inbox, unread, by tag", lambda n: page(inbox.Filter(unread=True, tag=f"tag-{n % 30}"))
    yield "inbox, by unit and age", lambda n: page(inbox.Filter(unit=f"Kankemenag {n}", age=90))
    yield "inbox, by a common word", lambda _: page(inbox.Filter(text="madrasah"))
    work = Work(vault, settings, Day(today))

    def words(n: int) -> str:
        return triage_world.words(random.Random(n), 3)  # noqa: S311  likewise

    yield "search, three words", lambda n: search.search(work, words(n))
    yield "search, a word of every report", lambda _: search.search(work, "kepala madrasah")
    yield "search, two letters", lambda _: search.search(work, "ka")
    yield "duplicates of a case", lambda n: duplicates.suggest(work, case(n))
    yield "a thread, read", lambda n: threads.read(work, case(n))
    yield "the leaders' page", lambda _: pictures.trend(overview.of(work).months)
    yield "a tag", lambda n: handling.tag(Work(vault, settings, Day(today)), case(n), add=["baru"])


def _yearly(bench: Bench) -> Iterator[Figure]:
    """Measure a year with all cases, each with four status changes."""
    vault, settings, today = bench.vault, bench.settings, bench.today
    span = span_of(str(date_of(today).year))
    with transaction(vault.db):
        vault.db.execute("update cases set sent = ?", (span.first,))
        for days, status in enumerate(("VERIFIKASI", "TELAAH", "KLARIFIKASI", "SELESAI_TIDAK"), 1):
            vault.db.execute(
                "insert into events (case_number, day, kind, status, text)"
                " select number, ?, 'status', ?, 'x' from cases",
                (span.first + 7 * days, status),
            )
        vault.db.execute("update cases set status = 'SELESAI_TIDAK'")
    acts: dict[str, tuple[Callable[[], object], float]] = {
        "report as PDF": (lambda: reports.report(Work(vault, settings, Day(today)), span, "pdf"), 5),
        "report as XLSX": (lambda: reports.report(Work(vault, settings, Day(today)), span, "xlsx"), 5),
        "what the public is told": (
            lambda: statistics_extract.public(count_all(Work(vault, settings, Day(today)), span)),
            2,
        ),
        "register as CSV": (lambda: reports.register_file(Work(vault, settings, Day(today)), span, "csv"), 5),
    }
    for name, (act, most) in acts.items():
        taken = []
        for _ in range(_ROUNDS):
            before = time.process_time()
            act()
            taken.append(time.process_time() - before)
        yield Figure(name, taken, "s", at_most=most)


def _timed(name: str, ask: Callable[[int], object]) -> Figure:
    """Return the 95th percentile in milliseconds of one core, for the target; waiting for the disk does not count."""
    taken = []
    for number in range(_REPEATS):
        before = time.process_time()
        ask(number)
        taken.append((time.process_time() - before) * 1000)
    taken.sort()
    return Figure(f"{name}, p95", [taken[int(0.95 * len(taken))]], "ms", at_most=200)


if __name__ == "__main__":
    main()
