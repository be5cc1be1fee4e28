"""The yearly comparison: own figures from the statistics, target and peers from an edited file."""

from dataclasses import replace
from pathlib import Path

import pytest
from count_world import YEAR, year
from triage_world import SETTINGS, TODAY
from work_world import as_officer

from dropbox.errors import ConfigurationError, RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.cases.periods import span_of
from dropbox.triage.statistics import benchmark
from dropbox.triage.statistics.benchmark import Line
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

GOOD = """
[[lines]]
own = "followed"
target = 96
target_source = "a"
target_confirmed = true
action_id = "b"
action_en = "c"
peers = [{ name = "KPK", value = 54.7, source = "d", date = "2025", confirmed = true }, { name = "BPK" }]
"""


def _own(folder: Path, text: str) -> Settings:
    (folder / "benchmark.toml").write_text(text, "utf-8")
    return replace(SETTINGS, workstation=replace(SETTINGS.workstation, policy_folder=folder))


def _lines(vault: Vault, code: str = "2025", settings: Settings = SETTINGS) -> dict[str, Line]:
    return {line.code: line for line in benchmark.table(Work(vault, settings, TODAY), span_of(code))}


def test_own_figure_target_peers_and_gap(vault: Vault) -> None:
    """Five of eight were followed up; what nobody confirmed or found says so, each other figure has source and date."""
    year(vault)
    lines = _lines(vault)
    followed = lines["followed"]
    assert (followed.own, followed.target, followed.gap) == (62.5, 96, 33.5)
    assert not any(peer.confirmed for line in lines.values() for peer in line.peers)
    assert all((peer.value is None) == (not peer.source) for line in lines.values() for peer in line.peers)
    assert benchmark.shown(62.5, "id") == "62,5"
    assert benchmark.shown(96.0, "en") == "96"


def test_a_time_is_better_when_it_is_shorter(vault: Vault, tmp_path: Path) -> None:
    """Below its target there is no gap, beyond it there is."""
    year(vault)
    median = _lines(vault)["verification"].own
    if median is None:  # no verification ended in that year
        assert _lines(vault)["verification"].gap is None
    for target in (10_000, 0):
        text = GOOD.replace('"followed"', '"verification"').replace("96", str(target))
        line = _lines(vault, settings=_own(tmp_path, text))["verification"]
        assert line.gap == (None if median is None else max(0.0, median - target))


def test_a_year_without_cases_has_no_figure(vault: Vault) -> None:
    """And no gap; a month is no year; whoever may not read numbers gets none."""
    lines = _lines(vault, "2019")
    assert {(line.own, line.gap) for line in lines.values()} == {(None, None)}
    assert benchmark.shown(None, "id") == "–"
    with pytest.raises(RefusedError):
        benchmark.table(Work(vault, SETTINGS, TODAY), span_of("2025-03"))
    with pytest.raises(RefusedError):
        benchmark.table(Work(as_officer(vault, "budi", "raja"), SETTINGS, TODAY), YEAR)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"followed"', '"luck"'), ("96", '"96"'), ("96", "-1"), ("96", "nan"), ('"a"', '""'), ("54.7", "true"),
     ('"2025"', "2025"), ('source = "d", ', ""), ("[[lines]]", "[lines]"), ("target_confirmed = true", ""),
     ('action_en = "c"', ""), ("peers = [", "peers = [3, ")],
)  # fmt: skip
def test_a_file_that_is_not_understood_is_refused(vault: Vault, tmp_path: Path, old: str, new: str) -> None:
    """With its name; the same file without the slip is taken."""
    assert _lines(vault, settings=_own(tmp_path, GOOD))["followed"].peers[0].confirmed
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=r"benchmark\.toml"):
        _lines(vault, settings=_own(tmp_path, GOOD.replace(old, new, 1)))


def test_the_comparison_of_a_year(vault: Vault) -> None:
    """A line for each figure, with its own value; what nobody confirmed is marked, and a quarter is refused."""
    work = Work(vault, SETTINGS, TODAY)
    year(vault)
    lines = benchmark.table(work, span_of("2025"))
    own = {line.label["en"]: benchmark.shown(line.own, "en") for line in lines}
    assert own["Followed up (%)"] == "62.5"
    assert not all(line.target_confirmed for line in lines)
    with pytest.raises(RefusedError):
        benchmark.table(work, span_of("2025-Q1"))
