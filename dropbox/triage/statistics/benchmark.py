"""Compares the year's own figures with targets and peers, as an edited file (benchmark.toml) lists them.

    followed, answered             share in percent of the year's reports, or additions: more is better
    verification, clarification    median in working days of stages that ended in the year: less is better
    gap                            by how much the own figure misses its target; 0 when it is reached

Rule: the own figures are those of the statistics; each other figure has source and date, or is not there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dropbox.errors import ConfigurationError, RefusedError
from dropbox.settings import policy_files
from dropbox.triage.cases.periods import Span
from dropbox.triage.statistics.tables import Counts, count
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.tables import TOTAL
from dropbox.vocabulary.vocabulary import Words

_FILE: Final = "benchmark.toml"
Figure = float | None


@dataclass(frozen=True)
class Peer:
    """Another body's figure; where none is known, `value` is None, and `source` and `date` are empty."""

    name: str
    value: Figure = None
    source: str = ""
    date: str = ""  # the year or period of the figure
    confirmed: bool = False


@dataclass(frozen=True)
class Line:
    """One comparison; `own` and `gap` are None without cases."""

    code: str
    label: Words
    own: Figure
    target: float
    target_source: str
    target_confirmed: bool
    gap: Figure
    action: Words
    peers: tuple[Peer, ...]


def _answered(counts: Counts) -> Figure:
    whole = counts.cell("answered", TOTAL)
    return 100 * counts.cell("answered", "answered") / whole if whole else None


def _followed(counts: Counts) -> Figure:
    return None if counts.followed is None else 100 * counts.followed


def _median(stage: str) -> Callable[[Counts], Figure]:
    def median(counts: Counts) -> Figure:
        row = next(row for row in counts.table("stage").rows if row.code == stage)
        return row.values[counts.table("stage").columns.index("median")]

    return median


# Code: whether more is better, and the own figure.
_OWN: Final[Mapping[str, tuple[bool, Callable[[Counts], Figure]]]] = {
    "followed": (True, _followed),
    "answered": (True, _answered),
    "verification": (False, _median("verifikasi")),
    "clarification": (False, _median("klarifikasi")),
}


def table(work: Work, span: Span) -> list[Line]:
    """Return the comparison of a year, counted from the cases that the officer may see.

    Raises:
        RefusedError: the officer's roles do not allow it, or the period is not a year.
        ConfigurationError: benchmark.toml is invalid.
    """
    if span.kind != "year":
        raise RefusedError("benchmark.year")
    counts = count(work, span)
    entries = policy_files.load(work.settings, _FILE).get("lines")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigurationError("settings.benchmark-lines", file=_FILE)
    return [_line(entry, counts) for entry in entries]


def shown(figure: Figure, language: str) -> str:
    """Return a figure as people write it: `96`, `54,7`; `–` for None."""
    if figure is None:
        return "–"
    text = f"{figure:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language == "id" else text


def _line(entry: Mapping[str, Any], counts: Counts) -> Line:
    code, target = _text(entry, "own"), _number(entry.get("target"))
    if code not in _OWN:
        raise ConfigurationError("settings.benchmark-own", file=_FILE, codes=", ".join(_OWN))
    more_is_better, figure = _OWN[code]
    own = figure(counts)
    missing = None if own is None else max(0.0, target - own if more_is_better else own - target)
    peers = entry.get("peers", [])
    if not isinstance(peers, list) or not all(isinstance(peer, dict) for peer in peers):
        raise ConfigurationError("settings.benchmark-peers", file=_FILE)
    return Line(
        code,
        vocabulary.words("benchmark", code),
        own,
        target,
        _text(entry, "target_source"),
        policy_files.is_confirmed({"confirmed": entry.get("target_confirmed")}, _FILE),
        missing,
        policy_files.by_language(entry, "action", _FILE),
        tuple(map(_peer, peers)),
    )


def _peer(entry: Mapping[str, Any]) -> Peer:
    name = _text(entry, "name")
    if "value" not in entry:
        return Peer(name)
    return Peer(
        name,
        _number(entry["value"]),
        _text(entry, "source"),
        _text(entry, "date"),
        policy_files.is_confirmed(entry, _FILE),
    )


def _number(value: object) -> float:
    if type(value) not in (int, float) or not 0 <= float(value) < 1e6:  # type: ignore[arg-type]
        raise ConfigurationError("settings.benchmark-figure", file=_FILE)
    return float(value)  # type: ignore[arg-type]


def _text(entry: Mapping[str, Any], name: str) -> str:
    found = entry.get(name)
    if not isinstance(found, str) or not found.strip():
        raise ConfigurationError("settings.benchmark-missing", file=_FILE, name=name)
    return found
