"""Runs `dropbox triage certificate`, `import` and `publish`: the exchange with the courier.

Rule: for an export that does not count, the command says why, and that no key was destroyed because of it.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.terminal import say
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.triage.access import orphans
from dropbox.triage.commands.command import Command
from dropbox.triage.commands.terminal import read
from dropbox.triage.exchange import drive, root_answers
from dropbox.triage.intake import old_copy
from dropbox.triage.vault import known_exports
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.signed import Certificate, shown_number

DOUBTS: Final = {  # of vault.known_exports
    known_exports.OLD: "import.doubt-old",
    known_exports.AGAIN: "import.doubt-again",
    known_exports.DAMAGED: "import.doubt-damaged",
    "signature": "import.doubt-signature",
    "certificate": "import.doubt-certificate",
    "revoked": "import.doubt-revoked",
    "future": "import.doubt-future",
}


def warn_of_orphans(work: Work) -> None:
    """Write how many cases no officer may open: no list shows them, and their reporters wait."""
    for line in orphans.lines(work):
        say(line)


def _certificate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="CERTFILE", help=words_of("help.certificate-file"))


def _certificate(work: Work, options: Namespace) -> int:
    installed = root_answers.install(work, read(options.file))
    if isinstance(installed, Certificate):
        say(Sentence("command.certified", desk=installed.desk, day=date_of(installed.last)))
    else:
        say(Sentence("command.revocations", number=installed.number, day=date_of(Day(installed.made))))
    return 0


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=words_of("help.export-file"))
    parser.add_argument("--old-copy", type=Path, metavar="DIR", help=words_of("help.old-copy"))


def _import(work: Work, options: Namespace) -> int:
    old = None
    if options.old_copy:
        typed = ask_passphrase(options.passphrase_file, question=words_of("command.passphrase-old-copy"))
        old = old_copy.keys(work.vault, options.old_copy, work.vault.officer.login, typed)
    done = drive.take_in(work, options.file, old)
    for line in (*done.aside, *done.notes):
        say(line)
    say(
        Sentence(
            "command.imported", opened=done.opened, other=done.other_desks, aside=len(done.aside), known=done.known
        )
    )
    if done.unopened:
        say(Sentence("command.unopened", count=done.unopened))
    if done.no_key:
        say(Sentence("command.no-key", count=done.no_key))
    if done.doubt:
        known = done.remembered
        what = Sentence("import.export-none")
        if known.day:
            what = Sentence("import.export-known", number=shown_number(known.number), day=date_of(known.day))
        say(Sentence("import.doubt", why=Sentence(DOUBTS[done.doubt], export=what)))
    if done.overdue:
        say(Sentence("command.overdue", count=done.overdue))
    if done.cases:
        say(Sentence("command.cases", cases=", ".join(sorted(done.cases))))
    warn_of_orphans(work)
    return 0 if done.is_whole and not done.aside else 1


def _publish_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=words_of("help.return-file"))


def _publish(work: Work, options: Namespace) -> int:
    drive.give_out(work, options.file, say)
    warn_of_orphans(work)
    say(Sentence("command.published"))
    return 0


COMMANDS: Final = (
    Command("certificate", _certificate, _certificate_arguments),
    Command("import", _import, _import_arguments),
    Command("publish", _publish, _publish_arguments),
)
