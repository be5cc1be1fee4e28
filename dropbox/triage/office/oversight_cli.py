"""`dropbox triage oversight`: the clocks, and the yearly statement about the log, at the command line.

Rule: thin, and without a word of a report.
"""

import argparse
from pathlib import Path
from typing import Final

from dropbox.errors import RefusedError
from dropbox.settings import Settings
from dropbox.triage.files import write_whole
from dropbox.triage.office import clock_list, statement
from dropbox.triage.terminal import Act, Command, read, say
from dropbox.triage.vault import Vault
from dropbox.triage.views import table_lines
from dropbox.wire.calendar import date_of


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    oversight = command("oversight", "what an overseer may see and say: no content")
    oversight.add_argument("act", choices=_OVERSIGHT)
    oversight.add_argument("--year", type=int, metavar="YYYY", help="of a statement")
    oversight.add_argument("--file", type=Path, metavar="FILE", help="the statement to write, or to check")


def _oversight(vault: Vault, settings: Settings, options: argparse.Namespace, today: int) -> int:
    return _OVERSIGHT[options.act](vault, settings, options, today)


def _clocks(vault: Vault, settings: Settings, _options: argparse.Namespace, today: int) -> int:
    rows: list[tuple[str, ...]] = [("case", "status", "since", "due", "urgency")]
    for one in clock_list.running(vault, settings, today):
        due = str(date_of(one.due)) if one.due else "-"
        rows.append((one.name, one.status or "protection", str(date_of(one.since)), due, one.urgency))
    print("\n".join(table_lines(rows)))
    return 0


def _state(vault: Vault, settings: Settings, options: argparse.Namespace, today: int) -> int:
    if options.year is None or options.file is None:
        raise RefusedError("name the year with --year and a new file with --file")
    write_whole(options.file, statement.make(vault, settings, options.year, today))
    say("written: whoever has root.pub verifies it with `dropbox statement`")
    return 0


def _check(vault: Vault, settings: Settings, options: argparse.Namespace, today: int) -> int:
    if options.file is None:
        raise RefusedError("name the statement with --file")
    stated = statement.check(vault, settings, read(options.file), today)
    say(f"the log still is what was stated for {stated.year}: {stated.lines} lines by its end, {stated.of_year} in it")
    return 0


_OVERSIGHT: Final[dict[str, Act]] = {"clocks": _clocks, "state": _state, "check": _check}
ACTS: Final[dict[str, Act]] = {"oversight": _oversight}
