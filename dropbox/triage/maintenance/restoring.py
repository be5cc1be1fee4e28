"""Restores a vault from its backup, and rehearses that (the drill).

Rule: a restored vault is a new station with new keys, and comes to be under another name until it is whole. What a
drill restored is thrown away, also after an error; its keys were never announced.
"""

import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import PARTIAL
from dropbox.disk.private import close_to_others, keeps_modes, private_folder, refuse_links
from dropbox.errors import (
    DamagedError,
    DropboxError,
    NotFoundError,
    RefusedError,
    StorageFullError,
    WrongPassphraseError,
)
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.exchange import restored
from dropbox.triage.maintenance import outcomes
from dropbox.triage.maintenance.backup import LOCK, MARK, check_room, drill_places, failed, is_whole, remove_drills
from dropbox.triage.maintenance.examination import BAD, OF_ITS_MACHINE, Finding, examine
from dropbox.triage.maintenance.outcomes import DRILL, Outcome, Progress
from dropbox.triage.tables import cases, events, messages, notes, seen
from dropbox.triage.tables.numbers import NO_CASE_NUMBER
from dropbox.triage.vault import epochs, former, second_copy
from dropbox.triage.vault.officer import OFFICERS, is_vault, open_key_file
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import BLOBS, EPOCHS, Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

_RESTORING: Final = ".restoring"  # ends the name of a vault that is not whole yet


def restore(
    backup: Path, to: Path, second: Path, login: str, passphrase: str, today: Day, progress: Progress | None = None
) -> list[str]:
    """A vault from a backup, a new station with a new second copy; returns what must be said about it.

    It comes to be under another name: after a kill the same command begins again.

    Raises:
        NotFoundError: there is no backup.
        RefusedError: one of the folders is not empty, or the backup holds a link.
        WrongPassphraseError, DamagedError: as Vault.open.
        StorageFullError: it could not be written.
    """
    refuse_links(backup)
    if not is_whole(backup) or not is_vault(backup):
        raise NotFoundError("backup.none")
    to, second = to.resolve(), second.resolve()
    if to.exists() and any(to.iterdir()):
        raise RefusedError("file.folder-not-empty", name=to.name)
    made = to.with_name(f".{to.name}{_RESTORING}")
    second_copy.clear_begun(second, to)
    if made.exists():
        epochs.shred_all(made)
        shutil.rmtree(made)
    second_copy.begin_folder(second, to)
    progress = progress or Progress()
    _bring_back(backup, private_folder(made), progress)
    progress.enter("second-copy")
    with Vault.open(made, login, passphrase) as vault:
        with transaction(vault.db):  # first: the copy that the backup names is another vault's
            vault.put("copy", os.fsencode(second))
            vault.put("home", os.fsencode(to))
            former.drop(vault)
            restored.mark(vault, today)
            audit_log.write(vault, "vault.restore")
        outcomes.forget(vault)
        request = restored.new_station(vault)
        lost = epochs.replace_lost(vault, today)
        epochs.extend(vault, today)
        second_copy.copy_officers(vault, second)
        said = second_copy.sync(vault, progress.check)
        steps = restored.steps(vault)
    made.rename(to)
    sync_folder(to.parent)
    second_copy.end_folder(second, to)
    if lost:
        said.append(Sentence("backup.keys-left-out", count=len(lost)))
    return [*said, *steps, Sentence("backup.request", path=f"{to.name}/{request.name}")]


def _bring_back(backup: Path, made: Path, progress: Progress) -> None:
    """Copy a backup, with access rights of a vault: its disk may have none."""
    files = [path for path in backup.rglob("*") if path.is_file() and not _is_left_out(path.relative_to(backup))]
    try:
        progress.enter("restore", sum(path.stat().st_size for path in files))
        for place in (EPOCHS, BLOBS, OFFICERS):
            private_folder(made / place)
        for path in files:
            target = made / path.relative_to(backup)
            shutil.copyfile(path, target)
            close_to_others(target)
            progress.add(path.stat().st_size)
    except OSError:
        raise StorageFullError("backup.restore-failed") from None


def _is_left_out(path: Path) -> bool:
    return str(path) in (MARK, LOCK) or path.name.endswith(PARTIAL) or path.parts[0] == EPOCHS


@dataclass
class Drill:
    """A drill that was begun: the rest opens the restored vault alone. `run` forgets the passphrase: call it once."""

    begun: Outcome
    _backup: Path
    _place: Path
    _login: str
    _passphrase: str = field(repr=False)
    _expected: tuple[int, ...]
    _settings: Settings = field(repr=False)

    @classmethod
    def begin(cls, work: Work, backup: Path, login: str, passphrase: str) -> "Drill":
        """Remember what the vault has, and check the passphrase, before anything is copied.

        Raises:
            RefusedError: the officer may not, or the backup holds a link.
            NotFoundError: there is no whole backup.
            WrongPassphraseError: it is not this officer's.
            StorageFullError: there is too little room for a try.
        """
        permission.permit(work, Permission.VAULT_CARE)
        refuse_links(backup)
        vault, backup = work.vault, backup.resolve()
        if not is_whole(backup):
            raise NotFoundError("backup.none")
        open_key_file(vault.folder, login, passphrase)
        try:
            remove_drills(vault, backup)
            place = drill_places(vault, backup)[0 if keeps_modes(backup.parent) else 1]
            check_room(place.parent, 2 * sum(path.stat().st_size for path in backup.rglob("*") if path.is_file()))
        except OSError as error:
            raise StorageFullError("backup.unwritable", system=error.errno) from None
        begun = Outcome(outcomes.BEGUN, work.today, str(backup), officer=login)
        with transaction(vault.db):
            audit_log.write(vault, "vault.drill")
            outcomes.put(vault, DRILL, begun)
        return cls(begun, backup, place, login, passphrase, _counts(vault), work.settings)

    def run(self, progress: Progress) -> list[Finding]:
        """Restore, open, look through, and throw away; return what was found, none of it bad in a good backup.

        Raises:
            DamagedError: the backup is older than the vault, or incomplete; otherwise as `restore`.
        """
        day, passphrase, self._passphrase = self.begun.day, self._passphrase, ""
        try:
            private_folder(self._place)
            vault, copy = self._place / "vault", self._place / "copy"
            try:
                restore(self._backup, vault, copy, self._login, passphrase, day, progress)
            except WrongPassphraseError:
                raise DamagedError("backup.older-passphrase") from None
            progress.enter("examine")
            with Vault.open(vault, self._login, passphrase) as opened:
                del passphrase
                opened.db.watch(progress.check)
                if _counts(opened) != self._expected:
                    raise DamagedError("backup.incomplete")
                found = examine(Work(opened, self._settings, day), check=progress.check)
                progress.check()  # what was broken off in between may look like damage
        except OSError as error:
            raise StorageFullError("backup.unwritable", system=error.errno) from None
        finally:
            if self._place.exists():
                shutil.rmtree(self._place)
        return [one for one in found if one.code not in OF_ITS_MACHINE]

    def outcome(self, found: list[Finding]) -> Outcome:
        """Return the outcome to keep."""
        kept = tuple((one.code, one.state, one.number) for one in found)
        return replace(self.begun, state=outcomes.DONE, found=kept)


def drill(work: Work, backup: Path, login: str, passphrase: str) -> list[Finding]:
    """Rehearse the restoring of a backup and keep the outcome; return what was found, raise as Drill does."""
    begun = Drill.begin(work, backup, login, passphrase)
    try:
        found = begun.run(Progress())
    except DropboxError as error:
        finish_drill(work, failed(begun.begun, error))
        raise
    finish_drill(work, begun.outcome(found))
    return found


def finish_drill(work: Work, outcome: Outcome) -> None:
    """Keep how a drill went, with its line in the log."""
    permission.permit(work, Permission.VAULT_CARE)
    bad = sum(state == BAD for _, state, _ in outcome.found) + (outcome.state == outcomes.FAILED)
    with transaction(work.vault.db):
        outcomes.put(work.vault, DRILL, outcome)
        whose = outcomes.of_another(work.vault, outcome)
        audit_log.write(work.vault, "vault.drill", NO_CASE_NUMBER, bad=bad, **whose)


def _counts(vault: Vault) -> tuple[int, ...]:
    return tuple(table.count(vault.db) for table in (cases, messages, events, notes, seen))
