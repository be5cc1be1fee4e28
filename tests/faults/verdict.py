"""Collects what reporters, desks, disks and logs show at the end of a run, and gives it to the checker.

Rule: each desk is asked by the documented commands; nothing is read from a vault's database.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.faults.checker import (
    Case,
    Entry,
    compare,
    differing,
    internal_errors,
    left_behind,
    plaintext,
    receipts,
    too_few,
    unread,
)
from tests.faults.ledger import Ledger
from tests.faults.reporters import Reporters
from tests.faults.world import DESKS, World

_BLOBS: Final = r"blobs/[0-9a-f]{32}"
_VAULT: Final = (
    rf"{_BLOBS}|vault\.db|lock|station\.(key|cert)|station-\w+\.request|root\.pub|officers/\w+\.key|epochs/\d+\.key"
)
_APART: Final = r"vault\.db|lock"  # a copy of the database has a salt of its own; it is compared as officers read it
_STICK: Final = r"(export|return-\w+)-\d+"


@dataclass(frozen=True)
class Verdict:
    """What a run ended with.

    Attributes:
        found: everything that deviates.
        cases: how many were opened, and `files`: of theirs.
        pages: how many reporters' pages with answers were read.
    """

    found: list[str]
    cases: int
    files: int
    pages: int


def judge(world: World, ledger: Ledger, reporters: Reporters, given: Mapping[str, Sequence[bytes]]) -> Verdict:
    """Compare everything, once all faults are over and nothing waits; `given`: the last receipts of each desk."""
    folder = world.folder
    found = too_few(ledger.reports, DESKS)
    if reporters.errors:
        found.append(f"internal error: reporters read {reporters.errors} times that the site failed")
    cases, pages = _opened(world), reporters.pages()
    found += compare(ledger.reports, cases)
    found += receipts(ledger.reports, given)
    found += unread(ledger.reports, pages)
    for desk in DESKS:
        found += differing(folder / f"vault-{desk}", folder / f"vault-{desk}.copy", _APART)
    homes = [world.home(machine) for machine in world.clocks]
    places = [*(disk.place for disk in world.disks.values()), folder / "logs", *homes]
    found += plaintext(places, ledger.secrets())
    found += left_behind(
        {
            folder / "server": r"dropbox\.db(-wal|-shm)?",
            folder / "stick": _STICK,
            folder / "spool": r"",
            **dict.fromkeys(homes, r""),
            **{folder / f"vault-{desk}{copy}": _VAULT for desk in DESKS for copy in ("", ".copy")},
        }
    )
    for desk in DESKS:
        if world.read(desk, "list") != world.read(f"{desk}.copy", "list"):
            found.append(f"half: the cases of {desk} are not alike in vault and copy")
    if waiting := world.waiting():
        found.append(f"left behind: the server holds {waiting} messages for which all desks gave receipts")
    found += internal_errors(world.said())
    return Verdict(found, len(cases), sum(len(one.files) for one in cases), len(pages))


def _opened(world: World) -> list[Case]:
    """Every case of every desk, with its files taken out of the vault."""
    cases = []
    out = world.short / "opened"
    for desk in DESKS:
        for number, case in enumerate(world.read(desk, "list")):
            files: list[tuple[str, bytes]] = []
            if case["files"]:
                to = out / f"{desk}-{number}"
                argv = world.triage(desk, "extract", case["case"], "--to", to)
                assert world.run(*argv, machine=desk).end() == 0
                manifest = json.loads((to / "manifest.json").read_text("utf-8"))
                files = [
                    (one["name"], hashlib.sha256((to / one["file"]).read_bytes()).digest()) for one in manifest["files"]
                ]
            typed = tuple(one["fields"] for one in case["messages"] if one["kind"] == "report")
            known = Entry.__dataclass_fields__
            entries = [Entry(**{name: one[name] for name in known if name in one}) for one in case["timeline"]]
            cases.append(Case(desk, typed, tuple(files), tuple(entries)))
    return cases
