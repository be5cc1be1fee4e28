"""`dropbox triage certificate`, `import` and `publish`: what the courier brings and carries back.

Rule: of an export that does not count, the command says why, and that no key was destroyed for it.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.triage.access import orphans
from dropbox.triage.commands.command import Command
from dropbox.triage.commands.terminal import passphrase, read, say
from dropbox.triage.exchange import drive
from dropbox.triage.intake import old_copy
from dropbox.triage.vault import known_exports
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

DOUBTS: Final = {  # of vault.known_exports
    known_exports.OLD: "this export is not newer than {what}. If the server was restored or a clock was wrong, two"
    " officers may forget that one: the desk's page Perawatan (care)",
    known_exports.AGAIN: "this export was taken in before",
    known_exports.DAMAGED: "a damaged export does not count",
    "signature": "WARNING: this export was changed on its way or made by somebody else: the server's key did not sign"
    " it. Tell whoever keeps the keys, and bring a new export",
    "certificate": "the server's certificate did not hold on the day of the export: the courier makes a request at the"
    " server (`dropbox courier request`) and brings it to the ceremony",
    "revoked": "WARNING: the key that signed this export has been revoked: bring an export of the server's new key",
    "future": "this export is dated in the future: compare the clocks of the server and of this machine",
}


def warn_of_orphans(work: Work) -> None:
    """Say how many cases nobody may open: no list shows them, and their reporters wait."""
    for line in orphans.lines(work):
        say(line)


def _certificate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="CERTFILE")


def _certificate(work: Work, options: Namespace) -> int:
    certificate = drive.install_certificate(work, read(options.file))
    say(f"the station of {certificate.desk} is certified until {date_of(certificate.last)}")
    return 0


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--old-copy", type=Path, metavar="DIR", help="an old vault or copy whose keys are tried as well"
    )


def _import(work: Work, options: Namespace) -> int:
    old = None
    if options.old_copy:
        typed = passphrase(options.passphrase_file, prompt="Your passphrase in the old copy: ")
        old = old_copy.keys(work.vault, options.old_copy, work.vault.officer.login, typed)
    done = drive.take_in(work, options.file, old)
    for line in (*done.aside, *done.notes):
        say(line)
    say(
        f"{done.opened} opened, {done.other_desks} for other desks, {len(done.aside)} set aside,"
        f" {done.known} known before"
    )
    if done.unopened:
        say(f"{done.unopened} cannot be opened with the new keys")
    if done.no_key:
        say(f"{done.no_key} are of epochs before the first of which this desk had a key")
    if done.doubt:
        known = done.remembered
        what = f"number {known.number} of {date_of(known.day)}" if known.day else "any"
        say(f"{DOUBTS[done.doubt].format(what=what)}. No key of past weeks was destroyed")
    if done.overdue:
        say(f"{done.overdue} keys are past their grace and wait for an export that counts")
    if done.cases:
        say(f"new or added to: {', '.join(sorted(done.cases))}")
    warn_of_orphans(work)
    return 0 if done.is_whole and not done.aside else 1


def _publish_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


def _publish(work: Work, options: Namespace) -> int:
    drive.give_out(work, options.file, say)
    warn_of_orphans(work)
    say("written: carry it to the server, `dropbox courier import`")
    return 0


COMMANDS: Final = (
    Command("certificate", _certificate, _certificate_arguments),
    Command("import", _import, _import_arguments),
    Command("publish", _publish, _publish_arguments),
)
