"""Compares what was acknowledged with what can be opened, and looks for plaintext and for what was left behind.

Rule: each deviation is a sentence with its kind in front; no sentence means that nothing deviates. It reads no clock,
no setting and no program of the product: it knows what reporters were told, and what desks and reporters see.
"""

import hashlib
import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.ledger import Report
from tests.support.canary import Canary

# How the program begins a sentence about an error that nobody expected, in both languages, and Python's own.
_INTERNAL: Final = re.compile(rb"Traceback \(most recent|internal error: |Kesalahan di dalam program: ")
# Parts of which a long run must have killed some while they worked, and how the strikes call them.
PARTS: Final = {
    "web": {"web worker", "web master"},
    "database": {"database", "database process"},
    "courier export": {"export", "export through the gate"},
    "courier import": {"return", "return through the gate"},
    "gate": {"gate"},
    "triage import": {"import"},
    "answer": {"answer"},
    "publish": {"publish"},
}
# Faults that a long run must have met, by how the strikes call them; those of PostgreSQL apart.
FAULTS: Final = {
    *(f"disk full at {stage}: server" for stage in ("export", "return")),
    *(f"disk full at {stage}: {disk}" for stage in ("import", "publish") for disk in ("vault", "vault.copy")),
    *("disk full at export: stick", "disk full at publish: stick", "disk full at answer: vault"),
    *(f"clock of the {machine} {to}" for machine in ("server", "workstation") for to in ("forward", "back")),
    *("connection torn: site", "connection torn: gate"),  # at a cut of all, a connection is open by chance
}
FAULTS_OF_SQLITE: Final = {"disk full at web: server"}  # with PostgreSQL a report touches the database's disk alone
FAULTS_OF_POSTGRESQL: Final = {*("disk full at web: database", "connection cut: database", "connection torn: database")}


@dataclass(frozen=True)
class Entry:
    """An entry of a case's timeline, as its reporter reads it; what it does not have is empty or 0."""

    kind: str
    status: str = ""
    text: str = ""
    texts: int = 0
    files: int = 0


@dataclass(frozen=True)
class Case:
    """A case as its desk opens it.

    Attributes:
        desk: whose.
        reports: fields of first reports in it, one mapping for each.
        files: name and SHA-256 of what was taken out of the vault, for each file.
        timeline: its entries.
    """

    desk: str
    reports: tuple[Mapping[str, str], ...]
    files: tuple[tuple[str, bytes], ...]
    timeline: tuple[Entry, ...]


def compare(sent: Sequence[Report], opened: Sequence[Case]) -> list[str]:
    """What is lost, half, double, or was never sent."""
    found: list[str] = []
    by_text: dict[str, list[Case]] = {}
    for case in opened:
        if len(case.reports) > 1:
            found.append(f"mixed: a case of {case.desk} has {len(case.reports)} reports")
        for fields in case.reports:
            by_text.setdefault(fields.get("what", ""), []).append(case)
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
    for fields in case.reports:
        differ = sorted({name for name, _ in fields.items() ^ report.fields.items()})
        found += [f"half: report {number} is not what was typed: {', '.join(differ)}"] if differ else []
    names = [name for name, _ in case.files]
    for name, digest in case.files:
        if report.files.get(name) != digest:
            found.append(f"half: a file of report {number} is not what was sent")
    if len(names) != len({*names}):
        found.append(f"double: report {number} has a file twice")
    lost = report.files_acknowledged - {*names}
    if lost:
        found.append(f"lost: {len(lost)} files of report {number} were acknowledged, and its case lacks them")
    return found + _compare_timeline(number, case)


def _compare_timeline(number: int, case: Case) -> list[str]:
    found = []
    texts, files = sum(one.texts for one in case.timeline), sum(one.files for one in case.timeline)
    if (texts, files) != (len(case.reports), len(case.files)):
        found.append(f"double: the timeline of report {number} counts {texts} texts and {files} files")
    told = Counter((one.kind, one.status, one.text) for one in case.timeline if not (one.texts or one.files))
    if any(count > 1 for count in told.values()):
        found.append(f"double: the timeline of report {number} has an entry twice")
    return found


def receipts(sent: Sequence[Report], given: Mapping[str, Sequence[bytes]]) -> list[str]:
    """Blobs that were acknowledged and of which a desk gave no receipt, or more than one, or that one desk alone has.

    Args:
        sent: what reporters sent.
        given: by desk, the SHA-256 of blobs in its receipts.
    """
    found = []
    needed = {blob for report in sent for blob in report.blobs}
    everywhere = {*needed, *(blob for blobs in given.values() for blob in blobs)}
    for desk, blobs in given.items():
        if lacking := everywhere - {*blobs}:
            found.append(f"lost: {desk} gave no receipt of {len(lacking)} blobs")
        if len(blobs) != len({*blobs}):
            found.append(f"double: {desk} gave a receipt twice")
    return found


def too_few(sent: Sequence[Report], desks: Iterable[str]) -> list[str]:
    """What a run needs to mean anything, and did not have: with nothing acknowledged nothing can be lost."""
    found = []
    for desk in desks:
        mine = [report for report in sent if report.desk == desk]
        for road in ("form", "sealed"):
            wanted = [one for one in mine if one.road == road and one.acknowledged]
            found += [] if wanted else [f"too few: {desk} has no acknowledged report by the road {road}"]
        if not any(one.files_acknowledged for one in mine):
            found.append(f"too few: {desk} has no acknowledged file")
        if not any(one.answers for one in mine):
            found.append(f"too few: {desk} has no acknowledged answer")
    return found


def too_few_kills(kills: Mapping[str, int], parts: Iterable[str], least: int) -> list[str]:
    """Parts, of PARTS, that were killed less often than that."""
    counts = {part: sum(kills.get(name, 0) for name in PARTS[part]) for part in parts}
    return [f"too few: {part} was killed {count} times" for part, count in counts.items() if count < least]


def too_few_faults(faults: Mapping[str, int], kinds: Iterable[str]) -> list[str]:
    """Kinds of faults that nobody met."""
    return [f"too few: nobody met: {kind}" for kind in sorted(kinds) if not faults.get(kind)]


def internal_errors(said: Iterable[Path]) -> list[str]:
    """Logs and outputs in which the program says that it failed in a way that nobody expected."""
    found = []
    for path in said:
        text = path.read_bytes()
        if error := _INTERNAL.search(text):
            line = text[error.start() :].split(b"\n")[0].decode("utf-8", "replace")
            found.append(f"internal error: {path.name}: {line}")
    return found


def unread(sent: Sequence[Report], pages: Mapping[str, str]) -> list[str]:
    """What was answered and its reporter does not read, by the page that each code opened."""
    return [
        f"lost: an answer to report {number} is not on its reporter's page"
        for number, report in enumerate(sent)
        for answer in report.answers
        if pages.get(report.code, "").count(answer) != 1
    ]


def plaintext(places: Sequence[Path], words: Iterable[str]) -> list[str]:
    """Files that hold one of these words, in any shape; a process's memory on a disk counts as well."""
    shapes = {shape for word in words for shape in Canary(word).shapes().values()}
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as patterns:  # not in a place that is searched
        patterns.write(b"\n".join(sorted(shapes)))
        patterns.flush()
        search = ["grep", "-rlaF", "-f", patterns.name, "--", *map(str, places)]
        done = subprocess.run(search, check=False, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
    # A database that runs removes files of its own.
    failed = [line for line in done.stderr.splitlines() if not line.endswith("No such file or directory")]
    assert done.returncode in (0, 1, 2) and not failed, failed
    found = [
        f"plaintext: {Path(name).name} holds what a reporter or an officer wrote"
        for name in done.stdout.split("\n")[:-1]
    ]
    memory = [path.name for path in _files(places) if re.fullmatch(r"core(\.\d+)?", path.name)]
    return found + [f"plaintext: {name} is the memory of a process" for name in memory]


def left_behind(places: Mapping[Path, str]) -> list[str]:
    """Files whose names, relative to their place, do not match the place's pattern: a kill left them there."""
    return [
        f"left behind: {path.relative_to(place)}"
        for place, pattern in places.items()
        for path in _files([place])
        if not re.fullmatch(pattern, str(path.relative_to(place)))
    ]


def differing(vault: Path, copy: Path, apart: str) -> list[str]:
    """Files that the vault and its second copy do not have alike, but those whose names match `apart`."""
    mine, other = (
        {
            str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).digest()
            for path in _files([place])
            if not re.fullmatch(apart, str(path.relative_to(place)))
        }
        for place in (vault, copy)
    )
    return [
        f"half: {name} is not alike in vault and copy"
        for name in sorted({name for name, _ in mine.items() ^ other.items()})
    ]


def _files(places: Iterable[Path]) -> list[Path]:
    return sorted(path for place in places for path in place.rglob("*") if path.is_file() and not path.is_symlink())
