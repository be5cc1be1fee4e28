"""Runs `dropbox triage examine` and `extract`, on the files of cases.

Rule: `examine` opens files only in the sandbox; only `extract` writes originals, and it is logged.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.disk.visible import visible
from dropbox.errors import DamagedError, NotFoundError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import orphans
from dropbox.triage.cases import casebook
from dropbox.triage.commands.command import Command
from dropbox.triage.commands.terminal import say
from dropbox.triage.evidence import findings, originals, reasons, recognition
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.vocabulary import label


def _examine_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("case", nargs="?", metavar="CASE", help="default: all cases")


def _examine(work: Work, options: Namespace) -> int:
    vault = work.vault
    cases = [casebook.find_case(vault, options.case)] if options.case else casebook.visible_cases(vault)
    failed = new = known = words = closed = 0
    for case in cases:
        try:
            done = findings.examine_files(work, case)
            read = _recognize(work, case)
        except NotFoundError:  # what was read names this officer
            closed += 1
            continue
        for line in done.failed:
            say(f"{case.name}: {line}")
        if done.new or read:
            for line in finding_lines(vault, case):
                say(line)
        new, known, failed, words = new + done.new, known + done.known, failed + len(done.failed), words + read
    say(f"{new} files examined, {known} known before" + (f", {failed} damaged in the vault" if failed else ""))
    if words:
        say(f"in {words} files or parts, words in pictures were read by machine: they may be wrong")
    if closed:
        say(Sentence("command.now-excluded", count=closed))
    for line in orphans.lines(work):
        say(line)
    return 1 if failed else 0


def _recognize(work: Work, case: casebook.Case) -> int:
    """Read the words in the pictures of a case's examined files; return in how many files or parts it was done now."""
    done = 0
    for number, file in enumerate(casebook.files(work.vault, case), 1):
        waiting = recognition.due(work.vault, file)
        for count, one in enumerate(waiting, 1):
            part = f", part {one.place}" if one.place else ""
            say(f"{case.name}, file {number}{part}: reading the words in pictures ({count} of {len(waiting)}) …")
            try:
                recognition.recognize_one(work, case, number, one)
            except DamagedError:  # said when it was examined
                break
            done += 1
    return done


def finding_lines(vault: Vault, case: casebook.Case) -> list[str]:
    """Return what was found out about each file of a case, in lines for a terminal."""
    lines: list[str] = []
    for number, file in enumerate(casebook.files(vault, case), 1):
        found = findings.finding(vault, file)
        if found is None:
            lines.append(Sentence("command.not-examined", case=case.name, number=number))
            continue
        for one in (found, *findings.parts(vault, file)):
            part = f", part {one.place}" if one.place else ""
            lines.append(f"{case.name}, file {number}{part}: {label('file_kind', one.kind.code, 'en')}")
            if one.place:
                lines.append(f"  {visible(one.name) or '-'}, {one.size} bytes, SHA-256 {one.sha256.hex() or '-'}")
            lines += [f"  the same bytes as file {same}" for same in findings.same_files(vault, case, one)]
            lines += [f"  WARNING: {label('file_warning', name, 'en')}" for name in one.warnings]
            lines += [f"  NOTE: {label('file_note', name, 'en').format(n=count)}" for name, count in one.notes]
            if one.state != findings.READ:
                lines.append(f"  {reasons.SENTENCES[one.state]}")
    return lines


def _extract_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--file", type=int, metavar="N", help="this one alone (default: all)")
    parser.add_argument("--part", default="", metavar="PLACE", help="an attachment or member of it, like 2 or 2.1")
    parser.add_argument("--to", required=True, type=Path, metavar="DIR")
    parser.add_argument("case", metavar="CASE")


def _extract(work: Work, options: Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    done = originals.export_original(work, case, options.to, options.file, options.part)
    for line in done.failed:
        say(line)
    say(Sentence("command.extracted", count=len(done.names), folder=options.to))
    return 1 if done.failed else 0


COMMANDS: Final = (
    Command("examine", _examine, _examine_arguments),
    Command("extract", _extract, _extract_arguments),
)
