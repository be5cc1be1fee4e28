"""`dropbox triage examine`, `export` and `extract`: a case's files at the command line.

Rule: a copy without metadata is what `export` gives; the original comes out by `extract` alone, and is logged.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.errors import ConfigurationError
from dropbox.triage.cases import casebook
from dropbox.triage.evidence import clean, findings, reasons
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Add = Callable[[str, str], argparse.ArgumentParser]


def add_commands(command: Add) -> None:
    """The three commands, by a function that makes one of name and purpose."""
    look = command("examine", "find out what files are, and index their text, in the sandbox")
    look.add_argument("case", nargs="?", metavar="CASE", help="default: all cases")
    cleaned = command("export", "write a copy of a file without its metadata; nothing is overwritten")
    cleaned.add_argument("--file", required=True, type=int, metavar="N", help="its number, as `show` tells it")
    whole = command("extract", "write a case's original files, byte for byte; this is logged, nothing is overwritten")
    whole.add_argument("--file", type=int, metavar="N", help="this one alone (default: all)")
    for added in (cleaned, whole):
        added.add_argument("--to", required=True, type=Path, metavar="DIR")
        added.add_argument("case", metavar="CASE")


def _examine(work: Work, options: argparse.Namespace) -> int:
    cases = [casebook.find_case(work.vault, options.case)] if options.case else casebook.visible_cases(work.vault)
    failed = new = known = 0
    for case in cases:
        done = findings.examine_files(work, case)
        for line in done.failed:
            _say(f"{case.name}: {line}")
        if done.new:
            for line in finding_lines(work.vault, case):
                _say(line)
        new, known, failed = new + done.new, known + done.known, failed + len(done.failed)
    _say(f"{new} files examined, {known} known before" + (f", {failed} damaged in the vault" if failed else ""))
    return 1 if failed else 0


def finding_lines(vault: Vault, case: casebook.Case) -> list[str]:
    """What was found out about each file of a case."""
    lines = []
    for number, file in enumerate(casebook.files(vault, case), 1):
        found = findings.finding(vault, file)
        if found is None:
            lines.append(f"{case.name}, file {number}: not examined yet")
            continue
        lines.append(f"{case.name}, file {number}: {found.kind.label}")
        lines += [f"  WARNING: {findings.WARNINGS[name]}" for name in found.warnings]
        if found.state != findings.READ:
            lines.append(f"  {reasons.SENTENCES[found.state]}")
    return lines


def _export(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    try:
        done = clean.export_cleaned(work, case, options.file, options.to)
    except (reasons.UnreadableError, ConfigurationError) as error:
        _say(f"no cleaned copy was made: {error}")
        return 1
    for note in done.notes:
        _say(f"NOTE: {clean.NOTES[note]}")
    _say(f"{done.name} written to {options.to}: delete it when it has served")
    return 0


def _extract(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    done = clean.export_original(work, case, options.to, options.file)
    for line in done.failed:
        _say(line)
    _say(f"{len(done.names)} files written to {options.to}: delete them when they have served")
    return 1 if done.failed else 0


def _say(words: str) -> None:
    print(words, file=sys.stderr)


ACTS: Final = {"examine": _examine, "export": _export, "extract": _extract}
