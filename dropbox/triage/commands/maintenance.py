"""`dropbox triage doctor`, `copy`, `backup`, `drill` and `new-keys`: the care of a vault at the command line.

Rule: each sentence says what is wrong and what to do; `{n}` is the finding's number.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.errors import DropboxError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.commands.command import Command
from dropbox.triage.commands.terminal import passphrase, say
from dropbox.triage.maintenance import backup, second_copies
from dropbox.triage.maintenance.examination import READ, Finding, examine, read_finding
from dropbox.triage.vault import whole_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

SENTENCES: Final = {
    "database-good": "vault.db is whole",
    "database-damaged": "vault.db is damaged: stop working, and go on with the second copy (--vault)",
    "log-whole": "the log is whole: {n} lines continue one another",
    "log-altered": "the log was altered: tell the overseer, and compare it with the second copy's",
    "clock-behind": "this machine's clock is {n} days behind its own last publication: set it, or due dates are wrong",
    "export-ahead": "the newest export is dated {n} days after today: set the clock that is wrong; until that day no"
    " export is newer, unless two officers forget it (the desk's page Perawatan)",
    "blobs-good": "{n} sealed files are there and whole",
    "blobs-damaged": "{n} sealed files are missing or damaged: the second copy may have them, or a new export",
    "epoch-keys-good": "the keys of {n} weeks are there",
    "epoch-keys-missing": "the keys of {n} weeks are missing: bring epochs/ back, or `dropbox triage new-keys`",
    "epoch-keys-waiting": "the keys of {n} weeks are beyond their grace: import a new export, which decides over them",
    "epoch-keys-old-export": "the keys of {n} weeks are beyond their grace, and the last export was not newer than one"
    " before: import a new one; after a restored server or a wrong clock two officers may forget that one (the desk's"
    " page Perawatan)",
    "epoch-keys-bad-export": "the keys of {n} weeks are beyond their grace, and the last export was damaged or not"
    " signed by the server: import a new one",
    "epoch-keys-uncertified": "the keys of {n} weeks are beyond their grace, and the server has no certificate that"
    " holds: it needs a new one (`dropbox courier request`), then import a new export",
    "epoch-keys-future": "the keys of {n} weeks are beyond their grace, and the last export is dated in the future:"
    " compare the clocks of the server and of this machine, then import a new one",
    "epoch-keys-held": "the keys of {n} weeks are beyond their grace and kept, because the server holds reports of"
    " them: the other desk may not have collected those",
    "epoch-keys-few": "keys are made for {n} weeks ahead only: publish",
    "certificate-none": "no certificate holds today: carry the request to the ceremony",
    "certificate-ends": "the certificate holds for {n} more days; renew it when fewer than 20 are left",
    "revocations-none": "there is no list of revocations of the last 100 days: nothing can be published; get a"
    " certificate from the ceremony, a new list comes with it",
    "revocations-end": "the list of revocations holds for {n} more days; a new one comes with each certificate",
    "copy-missing": "the second copy is not in its folder: connect its disk",
    "copy-behind": "the vault is older than its second copy, or the copy is damaged: see `dropbox triage copy`",
    "copy-same-disk": "the second copy lies on the same disk as the vault: it belongs on another",
    "copy-damaged": "{n} files of the second copy are damaged: `dropbox triage copy` mends what the vault still has",
    "copy-read": "the second copy was last read whole {n} days ago; `dropbox triage copy` reads it",
    "copy-never-read": "the second copy was never read whole: run `dropbox triage copy`",
    "restored": "this vault was restored {n} days ago and has not published since: certificate, publish, courier",
    "statistics-unknown": "which statistics were published since the backup is unknown: `statistics restored`",
    "unopened": "{n} reports cannot be opened with the new keys; the old copy may, or two officers give them up",
    "former-copies": "{n} former second copies may still hold keys: connect each and run `copy`, or find its disk",
    "copy-good": "the second copy is there; {n} files are not verified in it yet",
    "never-published": "nothing was published yet: reporters have no keys from this desk",
    "published": "the last publication is {n} days old",
    "published-long-ago": "the last publication is {n} days old: publish, or reporters are told that answers are old",
    "officers": "{n} officers may work here",
    "officers-few": "{n} officers may work here: refusals and deletions need a second one who may approve them",
    "orphans": "{n} cases may be opened by nobody here: let in an officer from outside, or tell the Irjen's desk",
    "orphans-highest": "{n} cases may be opened by nobody here: let in an officer from outside, or tell KPK",
    "disk-full": "the disk has only {n} MiB left",
    "swap-on": "swap is on: plaintext may reach the disk; switch it off or encrypt it",
    "others-may-read": "others may read {n} files of the vault: run chmod -R go= on it",
    "sandbox-missing": "bubblewrap is not installed: attachments cannot be looked at (apt-get install bubblewrap)",
    "network-on": "this machine is connected to a network: take the cable out, switch WiFi off",
}


def lines(findings: list[Finding]) -> list[str]:
    """A line each, the bad first."""
    return [f"{one.state:7}  {SENTENCES[one.code].format(n=one.number)}" for one in findings]


def _doctor_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--quick", action="store_true", help="only look whether the files are there, read none of them; changes nothing"
    )


def _doctor(work: Work, options: Namespace) -> int:
    found = examine(work, every_blob=not options.quick)
    if not options.quick:
        found = mended(work.vault, found, work.today, say)
    return _print(found)


def mended(vault: Vault, found: list[Finding], today: Day, tell: Callable[[str], None]) -> list[Finding]:
    """Mend what was found bad as far as one of the two places has it; the findings, with the day of this reading."""
    try:
        for line in whole_copy.mend(vault, today):
            tell(line)
    except DropboxError as error:  # the findings say what is wrong as well
        tell(Sentence(error.code, **error.values))
        return found
    return [one for one in found if one.code not in READ] + [read_finding(vault, today)]


def _copy_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--destroyed", type=Path, metavar="DIR", help="the disk with a former copy was destroyed: forget it"
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="begin a new one: the old one is lost")


def _copy(work: Work, options: Namespace) -> int:
    if options.destroyed:
        second_copies.forget_destroyed(work, options.destroyed)
        say(Sentence("command.forgotten"))
        return 0
    failed = second_copies.begin_anew(work, options.to, say) if options.to else second_copies.mend(work)
    for line in failed:
        say(line)
    but = ", but for what is named above" if failed else ""
    say(f"the second copy in {work.vault.copy_folder} was read again{but}")
    return 1 if failed else 0


def _new_keys(work: Work, _options: Namespace) -> int:
    if lost := second_copies.new_keys(work):
        say(Sentence("command.new-keys", count=len(lost)))
    else:
        say(Sentence("command.every-key"))
    return 0


def _backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="empty, not there yet, or an older backup of this vault"
    )


def _backup(work: Work, options: Namespace) -> int:
    done = backup.back_up(work, options.folder)
    for line in done.failed:
        say(line)
    say(Sentence("command.backed-up", blobs=done.blobs, new=done.new))
    return 1 if done.failed else 0


def _drill_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the backup")


def _drill(work: Work, options: Namespace) -> int:
    own = passphrase(options.passphrase_file, prompt="The passphrase once more: ")
    return _print(backup.drill(work, options.folder, work.vault.officer.login, own))


def _print(findings: list[Finding]) -> int:
    print("\n".join(lines(findings)))
    return 1 if any(one.is_bad for one in findings) else 0


COMMANDS: Final = (
    Command("doctor", _doctor, _doctor_arguments),
    Command("copy", _copy, _copy_arguments),
    Command("backup", _backup, _backup_arguments),
    Command("drill", _drill, _drill_arguments),
    Command("new-keys", _new_keys),
)
