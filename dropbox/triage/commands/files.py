"""Runs `dropbox triage examine` and `extract`, on the files of cases.

Rule: `examine` opens files only in the sandbox; only `extract` writes originals, and it is logged.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.disk.terminal import say
from dropbox.disk.visible import visible
from dropbox.errors import DamagedError, NotFoundError
from dropbox.sentences.catalogue import Sentence, spoken, words_of
from dropbox.triage.access import orphans
from dropbox.triage.cases import casebook
from dropbox.triage.commands.command import Command
from dropbox.triage.evidence import findings, originals, recognition
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.vocabulary import label


def _examine_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("case", nargs="?", metavar="CASE", help=words_of("help.all-cases"))


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
            say(Sentence("show.damaged", case=case.name, what=line))
        if done.new or read:
            for line in finding_lines(vault, case):
                say(line)
        new, known, failed, words = new + done.new, known + done.known, failed + len(done.failed), words + read
    if failed:
        say(Sentence("show.examined-damaged", new=new, known=known, failed=failed))
    else:
        say(Sentence("show.examined", new=new, known=known))
    if words:
        say(Sentence("show.recognized", count=words))
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
            say(Sentence("show.reading", file=_place(case, number, one.place), count=count, all=len(waiting)))
            try:
                recognition.recognize_one(work, case, number, one)
            except DamagedError:  # said when it was examined
                break
            done += 1
    return done


def _place(case: casebook.Case, number: int, part: str) -> Sentence:
    if part:
        return Sentence("show.file-part", case=case.name, number=number, part=part)
    return Sentence("show.file", case=case.name, number=number)


def finding_lines(vault: Vault, case: casebook.Case) -> list[str]:
    """Return what was found out about each file of a case, in lines for a terminal in this process's language."""
    lines: list[str] = []
    language = spoken()
    for number, file in enumerate(casebook.files(vault, case), 1):
        found = findings.finding(vault, file)
        if found is None:
            lines.append(words_of("command.not-examined", case=case.name, number=number))
            continue
        for one in (found, *findings.parts(vault, file)):
            kind = label("file_kind", one.kind.code, language)
            lines.append(words_of("show.file-kind", file=_place(case, number, one.place), label=kind))
            if one.place:
                name, digest = visible(one.name) or "-", one.sha256.hex() or "-"
                lines.append(words_of("show.part-facts", name=name, bytes=one.size, sha256=digest))
            lines += [words_of("show.same-bytes", number=same) for same in findings.same_files(vault, case, one)]
            lines += [words_of("show.file-warning", label=label("file_warning", w, language)) for w in one.warnings]
            notes = [label("file_note", name, language).format(n=count) for name, count in one.notes]
            lines += [words_of("show.file-note", label=note) for note in notes]
            if one.state != findings.READ:
                lines.append(f"  {label('file_state', one.state, language)}")
    return lines


def _extract_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--file", type=int, metavar="N", help=words_of("help.one-file"))
    parser.add_argument("--part", default="", metavar="PLACE", help=words_of("help.part"))
    parser.add_argument("--to", required=True, type=Path, metavar="DIR", help=words_of("help.extract-to"))
    parser.add_argument("case", metavar="CASE", help=words_of("help.case"))


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
