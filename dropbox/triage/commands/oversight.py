"""`dropbox triage oversight`: clocks, the yearly statement about the log, the papers of UU PDP, at the command line.

Rule: thin, and without a word of a report.
"""

import argparse
import datetime
from pathlib import Path
from typing import Final

from dropbox.disk.private import write_whole
from dropbox.errors import RefusedError
from dropbox.triage.commands.case_views import table_lines
from dropbox.triage.oversight import breach, deadline_list, processing, statement
from dropbox.triage.vault.terminal import Act, Command, read, read_text, say
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    oversight = command("oversight", "what an overseer may see and say: no content")
    oversight.add_argument("act", choices=_OVERSIGHT)
    oversight.add_argument("--year", type=int, metavar="YYYY", help="of a statement")
    oversight.add_argument(
        "--file", type=Path, metavar="FILE", help="to write (.pdf or .txt for register and breach), or to check"
    )
    oversight.add_argument("--found", default="", metavar="TIME", help="of a breach: 2026-03-12T08:30, local")
    oversight.add_argument("--since", default="", metavar="TIME", help="likewise, if it is known")
    oversight.add_argument("--people", type=int, metavar="N", help="whom it concerns, if it is known")
    for name, purpose in _TEXTS.items():
        oversight.add_argument(f"--{name}-file", type=Path, metavar="F", help=f"of a breach: {purpose}")
    oversight.add_argument("--lang", choices=("id", "en"), default="id")


def _oversight(work: Work, options: argparse.Namespace) -> int:
    return _OVERSIGHT[options.act](work, options)


def _clocks(work: Work, _options: argparse.Namespace) -> int:
    rows: list[tuple[str, ...]] = [("case", "status", "since", "due", "urgency")]
    for one in deadline_list.running(work):
        due = str(date_of(one.due)) if one.due else "-"
        rows.append((one.name, one.status or "protection", str(date_of(one.since)), due, one.urgency))
    print("\n".join(table_lines(rows)))
    return 0


def _state(work: Work, options: argparse.Namespace) -> int:
    if options.year is None or options.file is None:
        raise RefusedError("name the year with --year and a new file with --file")
    write_whole(options.file, statement.make(work, options.year))
    say("written: whoever has root.pub verifies it with `dropbox statement`")
    return 0


def _check(work: Work, options: argparse.Namespace) -> int:
    if options.file is None:
        raise RefusedError("name the statement with --file")
    stated = statement.check(work, read(options.file))
    say(f"the log still is what was stated for {stated.year}: {stated.lines} lines by its end, {stated.of_year} in it")
    return 0


def _register(work: Work, options: argparse.Namespace) -> int:
    if options.file is None:
        raise RefusedError("name a new file with --file: NAME.pdf or NAME.txt")
    write_whole(options.file, processing.register(work, _kind(options.file), options.lang))
    return 0


def _breach(work: Work, options: argparse.Namespace) -> int:
    files = {name: getattr(options, f"{name}_file") for name in _TEXTS}
    if options.file is None or None in files.values():
        raise RefusedError(f"name a new file with --file, and {', '.join(f'--{name}-file' for name in _TEXTS)}")
    facts = breach.Facts(
        **{name: read_text(path) for name, path in files.items()},
        found=breach.local_time(work.settings, options.found),
        since=breach.local_time(work.settings, options.since) if options.since else None,
        people=options.people,
    )
    now = datetime.datetime.now(datetime.UTC)
    write_whole(options.file, breach.note(work, facts, now, _kind(options.file), options.lang))
    say(f"written: everybody must have been told by {breach.deadline(work.settings, facts.found):%Y-%m-%d %H:%M %Z}")
    return 0


def _kind(path: Path) -> str:
    return path.suffix.removeprefix(".").lower()


_TEXTS: Final = {"data": "which data", "how": "how", "steps": "what was done", "contact": "whom to ask"}
_OVERSIGHT: Final[dict[str, Act]] = {
    "clocks": _clocks,
    "state": _state,
    "check": _check,
    "register": _register,
    "breach": _breach,
}
ACTS: Final[dict[str, Act]] = {"oversight": _oversight}
