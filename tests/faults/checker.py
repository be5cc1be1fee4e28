"""Compares what was acknowledged with what can be opened, and looks for plaintext and for what was left behind.

Rule: each deviation is a sentence with its kind in front; no sentence means that nothing deviates. It reads no clock,
no setting and no program of the product: it knows what reporters were told, and what desks and reporters see.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.ledger import Report
from tests.support.canary import Canary

_PIECE: Final = 8 << 20


@dataclass(frozen=True)
class Case:
    """A case as its desk opens it.

    Attributes:
        desk: whose.
        reports: texts of first reports in it, one for each.
        files: name and SHA-256 of what was taken out of the vault, for each file.
    """

    desk: str
    reports: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...]


def compare(sent: Sequence[Report], opened: Sequence[Case]) -> list[str]:
    """What is lost, half, double, or was never sent."""
    found: list[str] = []
    by_text: dict[str, list[Case]] = {}
    for case in opened:
        if len(case.reports) > 1:
            found.append(f"mixed: a case of {case.desk} has {len(case.reports)} reports")
        for text in case.reports:
            by_text.setdefault(text, []).append(case)
        if not case.reports:
            found.append(f"half: a case of {case.desk} has no report, but {len(case.files)} files")
    for number, report in enumerate(sent):
        cases = by_text.pop(report.what, [])
        if len(cases) > 1:
            found.append(f"double: report {number} is {len(cases)} cases")
        if report.acknowledged and not cases:
            found.append(f"lost: report {number} was acknowledged, and no case of {report.desk} has it")
        for case in cases:
            found += _compare_case(number, report, case)
        if not cases and report.files_acknowledged:
            found.append(f"lost: {len(report.files_acknowledged)} files of report {number}")
    found += [f"half: no reporter sent the text of a case of {cases[0].desk}" for cases in by_text.values()]
    return found


def _compare_case(number: int, report: Report, case: Case) -> list[str]:
    found = []
    if case.desk != report.desk:
        found.append(f"wrong desk: report {number} is at {case.desk}")
    names = [name for name, _ in case.files]
    for name, digest in case.files:
        if report.files.get(name) != digest:
            found.append(f"half: a file of report {number} is not what was sent")
    if len(names) != len({*names}):
        found.append(f"double: report {number} has a file twice")
    lost = report.files_acknowledged - {*names}
    if lost:
        found.append(f"lost: {len(lost)} files of report {number} were acknowledged, and its case lacks them")
    return found


def unread(sent: Sequence[Report], pages: Mapping[str, str]) -> list[str]:
    """What was answered and its reporter does not read, by the page that each code opened."""
    return [
        f"lost: an answer to report {number} is not on its reporter's page"
        for number, report in enumerate(sent)
        for answer in report.answers
        if pages.get(report.code, "").count(answer) != 1
    ]


def plaintext(places: Iterable[Path], words: Iterable[str]) -> list[str]:
    """Files that hold one of these words, in any shape; a process's memory on a disk counts as well."""
    shapes = {shape for word in words for shape in Canary(word).shapes().values()}
    any_of = re.compile(b"|".join(re.escape(shape) for shape in sorted(shapes)))
    overlap = max(map(len, shapes))
    found = []
    for path in _files(places):
        if re.fullmatch(r"core(\.\d+)?", path.name):
            found.append(f"plaintext: {path.name} is the memory of a process")
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:  # a database that runs removes its own
            tail = b""
            while piece := file.read(_PIECE):
                if any_of.search(tail + piece):
                    found.append(f"plaintext: {path.name} holds what a reporter or an officer wrote")
                    break
                tail = piece[-overlap:]
    return found


def left_behind(places: Mapping[Path, str]) -> list[str]:
    """Files whose names, relative to their place, do not match the place's pattern: a kill left them there."""
    return [
        f"left behind: {path.relative_to(place)}"
        for place, pattern in places.items()
        for path in _files([place])
        if not re.fullmatch(pattern, str(path.relative_to(place)))
    ]


def differing(vault: Path, copy: Path) -> list[str]:
    """Sealed blobs that the vault and its second copy do not have alike."""
    mine, other = (
        {path.name: hashlib.sha256(path.read_bytes()).digest() for path in (place / "blobs").iterdir()}
        for place in (vault, copy)
    )
    return [f"half: {name} is in one of vault and copy alone" for name, _ in mine.items() ^ other.items()]


def _files(places: Iterable[Path]) -> list[Path]:
    return sorted(path for place in places for path in place.rglob("*") if path.is_file() and not path.is_symlink())
