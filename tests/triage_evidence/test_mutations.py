"""Files that were damaged at random: each has a named outcome, ends in time, and leaves nothing behind."""

import functools
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import rows
from headers import KNOWN

from dropbox.triage.evidence import findings, jobs, kinds, sandbox
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.reasons import SENTENCES, UnreadableError
from dropbox.triage.evidence.source import Source

_SIZE_MAX = 200_000  # bytes
_FAMILIES = sorted({kind.family for kind in KINDS.values()} - {kinds.EMPTY})


def files(family: str) -> list[tuple[str, Callable[[], bytes]]]:
    """(name, what makes its bytes) of the rows of a family, and of the shortest file of each of its kinds."""
    sent: list[tuple[str, Callable[[], bytes]]] = [
        (row.name, row.make) for row in rows.all_rows() if KINDS[row.kind].family == family
    ]
    return sent + [(code, functools.partial(bytes, KNOWN[code])) for code in KNOWN if KINDS[code].family == family]


@functools.cache
def made(name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes of a file, at most _SIZE_MAX: a larger one has the same structure."""
    del name
    return make()[:_SIZE_MAX]


def flipped(chance: random.Random, data: bytes) -> bytes:
    """Some bits are others."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(chance: random.Random, data: bytes) -> bytes:
    """The end, the beginning or a piece is missing."""
    at, until = sorted(chance.choices(range(len(data) + 1), k=2))
    return chance.choice((data[:at], data[at:], data[:at] + data[until:])) or data[:1]


def repeated(chance: random.Random, data: bytes) -> bytes:
    """A piece comes several times."""
    at = chance.randrange(len(data))
    piece = data[at : at + chance.randint(1, 2000)]
    return data[:at] + piece * chance.randint(2, 20) + data[at:]


def extreme(chance: random.Random, data: bytes) -> bytes:
    """Numbers of four bytes are the smallest or largest."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(changed))
        changed[at : at + 4] = chance.choice((bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"))
    return bytes(changed)


def spliced(chance: random.Random, data: bytes) -> bytes:
    """A piece of another kind of file is in it."""
    other = chance.choice(list(KNOWN.values()))
    begin, at = chance.randrange(max(len(other), 1)), chance.randrange(len(data) + 1)
    return data[:at] + other[begin : begin + chance.randint(1, 5000)] + data[at + chance.randint(0, 100) :]


def outcome(name: str, data: bytes) -> list[str]:
    """States of a file and its parts, and of its first page."""
    with Source._of(sandbox.sealed_memory(iter([data])), name, "", bytes(32)) as source:
        found = findings.examine(source)
        states = [one.state for one in found]
        assert all(one.kind.code in KINDS for one in found)
        try:
            if source.kind.family in (kinds.PICTURE, kinds.PDF):
                for _ in jobs.picture(source.descriptor, source.kind, 1, 400).rows:
                    pass
        except UnreadableError as error:
            states.append(error.reason)
    return states


def children() -> set[str]:
    """The processes that this one started and that are still there."""
    return set(Path("/proc/self/task").joinpath(str(_thread()), "children").read_text().split())


def _thread() -> int:
    return int(Path("/proc/thread-self").readlink().name)


def memories() -> int:
    """How many nameless memories this process holds."""
    links = (path for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
    return sum("memfd:" in str(path.readlink()) for path in links)


def damage_and_examine(family: str, numbers: range, folder: Path) -> dict[str, int]:
    """Examine so many damaged files of a family; return how often each state came."""
    counted: dict[str, int] = {}
    kinds_of_damage: tuple[Callable[[random.Random, bytes], bytes], ...] = (flipped, cut, repeated, extreme, spliced)
    every = files(family)
    before = (children(), memories())
    for number in numbers:
        chance = random.Random(f"{family} {number}")  # noqa: S311  it repeats
        name, make = chance.choice(every)
        data = made(name, make)
        for state in outcome(name, kinds_of_damage[number % len(kinds_of_damage)](chance, data)):
            counted[state] = counted.get(state, 0) + 1
    assert set(counted) <= {findings.READ, *SENTENCES} - {"time"}
    assert (children(), memories(), list(folder.iterdir())) == (*before, [])
    return counted


@pytest.mark.parametrize("family", _FAMILIES)
def test_damaged_files_have_a_named_outcome(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of each family, each damaged in another way."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert sum(damage_and_examine(family, range(3), tmp_path).values()) >= 3


@pytest.mark.soak
@pytest.mark.parametrize("family", _FAMILIES)
def test_many_damaged_files_have_a_named_outcome(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred of each family."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    counted = damage_and_examine(family, range(300), tmp_path)
    print(family, counted)
    assert sum(counted.values()) >= 300
