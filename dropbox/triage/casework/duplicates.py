"""Cases that may be about the same matter, each with a score and the reasons for it.

    unit     25   the same unit, classified or as the reporters wrote it
    people   30   the same words of names
    wording  35   the same groups of three words, in what the reporters wrote or in what they attached
    time     10   sent within thirty days of one another, or the same time named

Rule: it suggests, people merge. A case from which the officer is kept out is never suggested. Candidates come from the
index; only they are compared, by the excerpts of their first messages (cases.bounds) and examined files, so that ten
thousand cases with the longest texts cost no more than a hundred short ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dropbox.matching.names import spelling, unit_words, words
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging
from dropbox.triage.tables import cases, findings, messages, search_index
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

UNIT, PEOPLE, WORDING, TIME = "unit", "people", "wording", "time"
LIKELY: Final = 40  # of 100: from here on a pair is suggested
_WEIGHTS: Final = {UNIT: 25, PEOPLE: 30, WORDING: 35, TIME: 10}
_CANDIDATES: Final = 40
_ASKED_WORDS: Final = 10  # of a case, by which the index is asked
_WORDS_LOOKED_AT: Final = 60
_RARE: Final = 100  # texts: a word that stands in so many singles out nothing
_WORD_MIN: Final = 4
_SHINGLE: Final = 3
_MESSAGES: Final = 10  # of a case: what came first tells what it is about
_FILES: Final = 20  # files and parts of a case, and letters of each, whose words are compared
_FILE_LETTERS: Final = 5000
_DAYS: Final = 30
_ENOUGH: Final = 0.34  # of the shorter text's groups of words: from here on the wording counts whole
_SHORT: Final = 15  # groups of words: what a shorter text shares with another may be chance
_REASON_MIN: Final = 0.25
# Words of nearly every report: they single out no case, and no person.
_EVERYWHERE: Final = frozenset(
    """
    yang dan atau dari pada untuk dengan tidak ada ini itu oleh saya kami mereka anda akan sudah telah bisa dapat
    karena sebagai dalam juga lebih agar kepada para bapak ibu pak guru kepala kantor madrasah sekolah kementerian agama
    kemenag kabupaten kota provinsi jalan negeri staf pegawai bendahara panitia tahun bulan hari uang
    """.split()  # noqa: SIM905  shorter than so many quotes
)


@dataclass(frozen=True)
class Suggestion:
    """A case that may be the same matter: score of 100, and the codes that made it, the weightiest first."""

    case: Case
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Traits:
    unit: frozenset[str]
    people: frozenset[str]
    shingles: frozenset[tuple[str, ...]]
    sent: Day
    when: str
    told: tuple[str, ...]  # all words: who and where first
    filed: tuple[str, ...]  # the words of its files, read or recognized


def suggest(work: Work, case: Case, limit: int = 5) -> list[Suggestion]:
    """The likely duplicates of a case, likeliest first.

    Raises:
        RefusedError: the officer's roles do not allow reading cases.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_READ, case.number)
    mine = _traits(work.vault, case)
    leader = case.merged_into or case.number
    found = []
    for number in _candidates(work.vault, case, mine):
        other = casebook.case_of(work.vault, CaseNumber(number))
        if leader in (other.number, other.merged_into):
            continue
        score, reasons = _compare(mine, _traits(work.vault, other))
        if score >= LIKELY:
            found.append(Suggestion(other, score, reasons))
    return sorted(found, key=lambda one: (-one.score, one.case.number))[:limit]


def _candidates(vault: Vault, case: Case, mine: _Traits) -> list[int]:
    """Numbers of the cases worth comparing: of the same unit, or with the case's rarest words."""
    found: dict[int, None] = {}
    reader = vault.officer.login
    if case.unit:
        found |= dict.fromkeys(cases.of_unit(vault.db, case, reader, _CANDIDATES))
    if asked := (*_rarest(vault, mine.told), *_rarest(vault, mine.filed)):
        query = " OR ".join(f'"{word}"' for word in asked)
        found |= dict.fromkeys(search_index.best(vault.db, query, reader, texts=2 * _CANDIDATES, but=case.number))
    return list(found)


def _traits(vault: Vault, case: Case) -> _Traits:
    group = (case.number, *merging.followers(vault, case.number))
    typed: dict[str, str] = {}
    for fields in messages.excerpts(vault.db, group, _MESSAGES):
        for name, value in fields.items():
            typed[name] = f"{typed[name]}\n{value}" if name in typed else value
    unit = unit_words(case.unit or typed.get("where", ""))
    told = words(typed.get("what", ""))
    return _Traits(
        unit=frozenset(unit) - _EVERYWHERE,
        people=frozenset(map(spelling, _telling(words(typed.get("who", ""))))),
        shingles=_shingles(told),
        sent=case.sent,
        when=" ".join(words(typed.get("when", ""))),
        told=(*words(typed.get("who", "")), *words(typed.get("where", "")), *told),
        filed=tuple(words("\n".join(findings.excerpts(vault.db, group, _FILES, _FILE_LETTERS)))),
    )


def _shingles(told: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(told[place:] for place in range(_SHINGLE)), strict=False))


def _rarest(vault: Vault, told: Iterable[str]) -> tuple[str, ...]:
    """The words that stand in the fewest texts, but in more than this one; who and where are asked before the rest."""
    counted = []
    for word in list(dict.fromkeys(_telling(told)))[:_WORDS_LOOKED_AT]:
        count = search_index.count_up_to(vault.db, f'"{word}"', _RARE)
        if 1 < count < _RARE:
            counted.append((count, -len(word), word))
    return tuple(word for _, _, word in sorted(counted)[:_ASKED_WORDS])


def _telling(told: Iterable[str]) -> list[str]:
    return [word for word in told if len(word) >= _WORD_MIN and word not in _EVERYWHERE]


def _compare(one: _Traits, other: _Traits) -> tuple[int, tuple[str, ...]]:
    wording = ((one.shingles, other.shingles), (_shingles(one.filed), _shingles(other.filed)))
    parts = {
        UNIT: _share(one.unit, other.unit),
        PEOPLE: _share(one.people, other.people),
        WORDING: min(1.0, max(_share(*both, _SHORT) for both in wording) / _ENOUGH),
        TIME: float(abs(one.sent - other.sent) <= _DAYS or (one.when != "" and one.when == other.when)),
    }
    score = round(sum(_WEIGHTS[name] * part for name, part in parts.items()))
    reasons = sorted(
        (name for name, part in parts.items() if part >= _REASON_MIN), key=lambda name: -_WEIGHTS[name] * parts[name]
    )
    return score, tuple(reasons)


def _share(one: frozenset[object], other: frozenset[object], at_least: int = 1) -> float:
    """How much of the smaller set is in both, 0 to 1; a set counts as having so many members at least."""
    return len(one & other) / max(at_least, min(len(one), len(other)))
