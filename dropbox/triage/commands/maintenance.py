"""`dropbox triage doctor`, `copy`, `backup`, `drill` and `new-keys`: maintenance of a vault at the command line.

Rule: every code of maintenance.examination has a sentence in the vocabulary; its `command` field is used where the
advice names a command, an option or a file. `{n}` is the finding's number.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.terminal import say
from dropbox.errors import DropboxError
from dropbox.sentences.catalogue import Sentence, spoken, words_of
from dropbox.triage.commands.command import Command
from dropbox.triage.maintenance import backup, restoring, second_copies
from dropbox.triage.maintenance.examination import READ, Finding, examine, read_finding
from dropbox.triage.vault import whole_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.calendar import Day

SENTENCES: Final = vocabulary.table("finding", "command", vocabulary.LABEL)


def lines(findings: list[Finding]) -> list[str]:
    """Return a line for each finding, in the language of the command: the words of its state, then its sentence."""
    language = spoken()
    states = [vocabulary.label("finding_state", found.state, language) for found in findings]
    width = max(map(len, states), default=0)
    return [
        f"{state:{width}}  {SENTENCES[found.code][language].format(n=found.number)}"
        for state, found in zip(states, findings, strict=True)
    ]


def _doctor_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help=words_of("help.quick"))


def _doctor(work: Work, options: Namespace) -> int:
    found = examine(work, every_blob=not options.quick)
    if not options.quick:
        found = mended(work.vault, found, work.today, say)
    return _print(found)


def mended(vault: Vault, found: list[Finding], today: Day, tell: Callable[[str], None]) -> list[Finding]:
    """Repair bad files of the vault or its second copy from the other one that still has them.

    Args:
        vault: the open vault.
        found: the findings so far.
        today: the day of this reading.
        tell: called with each line about a repair, or with the error that ended it.

    Returns:
        The findings, with the one about the second copy's last reading made anew unless an error ended the repair.
    """
    try:
        for line in whole_copy.mend(vault, today):
            tell(line)
    except DropboxError as error:  # the findings also name this error's cause
        tell(Sentence(error.code, **error.values))
        return found
    return [finding for finding in found if finding.code not in READ] + [read_finding(vault, today)]


def _copy_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--destroyed", type=Path, metavar="DIR", help=words_of("help.destroyed"))
    parser.add_argument("--to", type=Path, metavar="DIR", help=words_of("help.copy-to"))


def _copy(work: Work, options: Namespace) -> int:
    if options.destroyed:
        second_copies.forget_destroyed(work, options.destroyed)
        say(Sentence("command.forgotten"))
        return 0
    failed = second_copies.begin_anew(work, options.to, say) if options.to else second_copies.mend(work)
    for line in failed:
        say(line)
    say(Sentence("command.copy-read-but" if failed else "command.copy-read", folder=work.vault.copy_folder))
    return 1 if failed else 0


def _new_keys(work: Work, _options: Namespace) -> int:
    if lost := second_copies.new_keys(work):
        say(Sentence("command.new-keys", count=len(lost)))
    else:
        say(Sentence("command.every-key"))
    return 0


def _backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words_of("help.backup-folder"))


def _backup(work: Work, options: Namespace) -> int:
    done = backup.back_up(work, options.folder)
    for line in done.failed:
        say(line)
    say(Sentence("command.backed-up", blobs=done.blobs, new=done.new))
    return 1 if done.failed else 0


def _drill_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words_of("help.backup"))


def _drill(work: Work, options: Namespace) -> int:
    own = ask_passphrase(options.passphrase_file, question=words_of("command.passphrase-once-more"))
    return _print(restoring.drill(work, options.folder, work.vault.officer.login, own))


def _print(findings: list[Finding]) -> int:
    print("\n".join(lines(findings)))
    return 1 if any(found.is_bad for found in findings) else 0


COMMANDS: Final = (
    Command("doctor", _doctor, _doctor_arguments),
    Command("copy", _copy, _copy_arguments),
    Command("backup", _backup, _backup_arguments),
    Command("drill", _drill, _drill_arguments),
    Command("new-keys", _new_keys),
)
