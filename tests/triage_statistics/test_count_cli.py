"""The numbers and the register of a year, and their files at the command line."""

import pytest
from count_world import START, year
from triage_world import PASSPHRASE, SETTINGS, TODAY, World
from work_world import new_case

from dropbox.errors import RefusedError
from dropbox.triage.cases.periods import span_of
from dropbox.triage.cli import run
from dropbox.triage.exchange import statistics_extract
from dropbox.triage.statistics import register, reports
from dropbox.triage.statistics.tables import count
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of


@pytest.fixture
def desk(world: World) -> World:
    """A vault with the cases of a year, and its passphrase in a file."""
    with world.open() as vault:
        year(vault)
        new_case(vault, today=START + 200)
    path = world.folder / "kepala"
    path.write_text(PASSPHRASE + "\n")
    path.chmod(0o600)
    return world


def _run(world: World, *words: str) -> int:
    who = ["--officer", "kepala", "--passphrase-file", str(world.folder / "kepala")]
    return run([*words, "--vault", str(world.path()), *who])


def test_numbers_of_a_period(desk: World) -> None:
    """Counted, previewed, published once and after all before, listed."""
    with desk.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        summary = dict(reports.summary(count(work, span_of("2025")), "Kepala Uji", "en"))
        assert summary["Reports (WBS + Dumas + not stated)"] == "9 (7 + 1 + 1)"
        statistics_extract.preview(work, span_of("2025"))
        assert statistics_extract.published(vault) == ()
        statistics_extract.decide(work, span_of("2025-Q1"))
        with pytest.raises(RefusedError, match="published once"):
            statistics_extract.decide(work, span_of("2025-Q1"))
        (period,) = statistics_extract.published(vault)
        assert (str(date_of(period.first)), str(date_of(period.last))) == ("2025-01-01", "2025-03-31")
        with pytest.raises(RefusedError):
            span_of("kapan saja")


def test_a_report_at_the_terminal(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of the kind that its name ends in, for its owner alone; nothing is overwritten."""
    for name in ("laporan.pdf", "laporan.xlsx"):
        assert _run(desk, "statistics", "report", "2025", "--to", str(desk.folder / name)) == 0
        assert (desk.folder / name).stat().st_mode & 0o777 == 0o600
        assert _run(desk, "statistics", "report", "2025", "--to", str(desk.folder / name)) == 1
    assert _run(desk, "statistics", "report", "2025") == 2
    assert _run(desk, "statistics", "report", "kapan saja", "--to", str(desk.folder / "x.pdf")) == 1
    assert _run(desk, "statistics", "restored") == 0
    assert "0 periods are known" in capsys.readouterr().err


def test_a_register_of_a_period(desk: World) -> None:
    """A line for each case that holds the words, or a table of all."""
    with desk.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        assert [line.case for line in register.lines(work, span_of("2025"), "pelayanan")] == ["ITJEN-0001"]
        made = reports.register_file(work, span_of("2025"), "csv")
        assert len(made.decode("utf-8-sig").splitlines()) == 10
