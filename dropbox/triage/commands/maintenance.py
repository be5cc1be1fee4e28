"""`dropbox triage doctor`, `backup`, `restore` and `drill`: the words of maintenance.examination for a terminal.

Rule: each sentence says what is wrong and what to do; `{n}` is the finding's number.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dropbox.errors import ConfigurationError, DropboxError
from dropbox.triage.access import permission
from dropbox.triage.cases import audit_log
from dropbox.triage.casework import giving_up
from dropbox.triage.maintenance import backup
from dropbox.triage.maintenance.examination import READ, Finding, examine, read_finding
from dropbox.triage.vault import epochs, second_copy, whole_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.terminal import Act, Command, passphrase, say
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
    " export is newer, unless two officers forget it (`dropbox triage reset-export`)",
    "blobs-good": "{n} sealed files are there and whole",
    "blobs-damaged": "{n} sealed files are missing or damaged: the second copy may have them, or a new export",
    "epoch-keys-good": "the keys of {n} weeks are there",
    "epoch-keys-missing": "the keys of {n} weeks are missing: bring epochs/ back, or `dropbox triage new-keys`",
    "epoch-keys-waiting": "the keys of {n} weeks are beyond their grace: import a new export, which decides over them",
    "epoch-keys-old-export": "the keys of {n} weeks are beyond their grace, and the last export was not newer than one"
    " before: import a new one; after a restored server or a wrong clock see `dropbox triage reset-export`",
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


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    doctor = command("doctor", "mend vault and second copy from one another, and say in words what is wrong")
    doctor.add_argument(
        "--quick", action="store_true", help="only look whether the files are there, read none of them; changes nothing"
    )
    command("backup", "bring a backup up to date and verify it; epoch keys never enter it").add_argument(
        "folder", type=Path, metavar="FOLDER", help="empty, not there yet, or an older backup of this vault"
    )
    restored = command("restore", "make a vault (--vault) and a new second copy from a backup")
    restored.add_argument("folder", type=Path, metavar="FOLDER", help="the backup")
    restored.add_argument("--copy", type=Path, metavar="DIR", help="the second copy (default: the vault's name .copy)")
    command("new-keys", "make epoch keys anew that are in neither the vault nor its second copy")
    command("give-up", "propose to give up the reports that no key here opens: a second officer decides")
    command("drill", "restore a backup beside it, look through it, and throw it away").add_argument(
        "folder", type=Path, metavar="FOLDER", help="the backup"
    )


def _doctor(work: Work, options: argparse.Namespace) -> int:
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
        tell(str(error))
        return found
    return [one for one in found if one.code not in READ] + [read_finding(vault, today)]


def _new_keys(work: Work, _options: argparse.Namespace) -> int:
    lost = new_keys(work)
    if lost:
        say(f"the keys of {len(lost)} weeks were in neither folder; publish today, so that reporters get new ones")
    else:
        say("every key is there; nothing was changed")
    return 0


def new_keys(work: Work) -> list[int]:
    """Make keys anew that are in neither folder; returns the epochs whose keys were lost.

    Raises:
        RefusedError: the officer may not, or the vault is older than its second copy.
        ConfigurationError: the second copy, which may still have the keys, is not there.
    """
    permission.permit(work, "vault.care")
    if not second_copy.refuse_if_behind(work.vault):  # else its good keys would be overwritten when it is back
        raise ConfigurationError(
            "the second copy is not in its folder and may hold the keys: connect its disk, or begin a new copy with"
            " `dropbox triage copy --to DIR`. Nothing was changed"
        )
    lost = epochs.replace_lost(work.vault, work.today)
    with transaction(work.vault.db):
        audit_log.write(work.vault, "vault.keys", lost=len(lost))
    return lost


def _give_up(work: Work, _options: argparse.Namespace) -> int:
    number = giving_up.propose(work)
    say(f"proposal {number}: a second officer decides with `dropbox triage approve {number}` or `decline`")
    return 0


def _backup(work: Work, options: argparse.Namespace) -> int:
    done = backup.back_up(work, options.folder)
    for line in done.failed:
        say(line)
    say(f"the backup holds {done.blobs} files of reporters, {done.new} of them new; it was read again")
    return 1 if done.failed else 0


def _drill(work: Work, options: argparse.Namespace) -> int:
    own = passphrase(options.passphrase_file, prompt="The passphrase once more: ")
    return _print(backup.drill(work, options.folder, work.vault.officer.login, own))


def restore(options: argparse.Namespace, login: str, today: Day) -> int:
    """Make a vault of a backup: there is none to be opened before."""
    to: Path = options.vault
    second = options.copy or to.with_name(f"{to.name}.copy")
    for line in backup.restore(options.folder, to, second, login, passphrase(options.passphrase_file), today):
        say(line)
    say(f"the vault is in {to.name}, its second copy in {second.name}")
    return 0


def _print(findings: list[Finding]) -> int:
    print("\n".join(lines(findings)))
    return 1 if any(one.is_bad for one in findings) else 0


ACTS: Final[dict[str, Act]] = {
    "doctor": _doctor,
    "backup": _backup,
    "drill": _drill,
    "new-keys": _new_keys,
    "give-up": _give_up,
}
