"""Backup, restore and the drill that proves both.

    backup = vault.db · officers/ · station.key · station.cert · root.pub · blobs/     (never epochs/: design 3.1)

Rule: nothing counts as backed up before it was read again. Epoch keys never enter a backup, because what is destroyed
in the vault would live on in it; a restored vault therefore makes the keys of this week and of those ahead anew.
"""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import PARTIAL, sha256_of, write_pieces
from dropbox.disk.private import private_folder, write_whole
from dropbox.errors import DamagedError, NotFoundError, RefusedError, StorageFullError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.exchange import restored
from dropbox.triage.maintenance.examination import OF_ITS_MACHINE, Finding, examine
from dropbox.triage.tables import cases, events, messages, notes, seen
from dropbox.triage.vault import epochs, former, second_copy
from dropbox.triage.vault.officer import OFFICERS, is_vault
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import BLOBS, DATABASE, EPOCHS, Vault, key_files
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day

_PIECE: Final = 1 << 20
_RESTORING: Final = ".restoring"  # ends the name of a vault that is not whole yet
_MARK: Final = "backup"  # names the desk whose backup this folder is


@dataclass(frozen=True)
class Backup:
    """What a backup holds: files of reporters, how many of them were new, and what could not be read."""

    blobs: int
    new: int
    failed: tuple[str, ...]


def back_up(work: Work, to: Path) -> Backup:
    """Bring a backup up to date and verify it.

    Args:
        work: the vault, the settings and the day.
        to: empty or not there yet, or an older backup of this vault.

    Raises:
        RefusedError: the officer may not, or the folder is something else.
        StorageFullError: it could not be written.
        DamagedError: what was written does not read as it should.
    """
    permission.permit(work, Permission.VAULT_CARE)
    folder = to.resolve()
    _check_place(work.vault, folder)
    with transaction(work.vault.db):
        audit_log.write(work.vault, "vault.backup")
    try:
        private_folder(folder)
        _remove_drill(work.vault, folder)
        _write_mark(folder, work.vault.desk)  # first: what a kill leaves is known as ours
        _remove_left_overs(folder)
        private_folder(folder / BLOBS)
        private_folder(folder / OFFICERS)
        for path in key_files(work.vault.folder, work.vault.desk):
            _put(path, folder / path.relative_to(work.vault.folder))
        for path in (folder / OFFICERS).iterdir():  # whoever has left has no file here either
            if not (work.vault.folder / OFFICERS / path.name).exists():
                path.unlink()
        new, failed = _put_blobs(work.vault, folder / BLOBS)
        second_copy.write_database(work.vault, folder / DATABASE)
        _remove_unnamed(work.vault, folder / BLOBS)
    except OSError as error:
        raise StorageFullError("backup.unwritable", system=error.errno) from None
    return Backup(len(list((folder / BLOBS).iterdir())), new, tuple(failed))


def is_backup(folder: Path) -> bool:
    """Whether a folder holds a backup, of whichever desk."""
    return (folder / _MARK).exists()


def _check_place(vault: Vault, folder: Path) -> None:
    for own in (vault.folder, vault.copy_folder):
        if folder.is_relative_to(own) or own.is_relative_to(folder):
            raise RefusedError("backup.inside")
    others = [path for path in folder.iterdir() if not _is_marking(path)] if folder.exists() else []
    if others and not is_backup(folder):
        raise RefusedError("backup.folder-used", name=folder.name)
    if is_backup(folder) and (folder / _MARK).read_text("ascii").strip() != vault.desk:
        raise RefusedError("backup.other-desk")


def _is_marking(path: Path) -> bool:
    """Whether a kill left it while the mark of an empty backup was written."""
    return path.name.startswith(f".{_MARK}.") and path.name.endswith(PARTIAL)


def _write_mark(folder: Path, desk: str) -> None:
    if not is_backup(folder):
        write_whole(folder / _MARK, f"{desk}\n".encode("ascii"))


def _remove_left_overs(folder: Path) -> None:
    for place in (folder, folder / OFFICERS, folder / BLOBS):
        for path in place.glob(f"*{PARTIAL}"):
            path.unlink()


def _remove_unnamed(vault: Vault, folder: Path) -> None:
    """What retention has deleted goes from the backup as well, once its vault.db does not name it any more."""
    named = seen.files(vault.db)
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()


def _put(source: Path, target: Path) -> None:
    data = source.read_bytes()
    if target.exists() and target.read_bytes() == data:
        return
    partial = target.with_name(f"{secrets.token_hex(8)}{PARTIAL}")
    write_pieces(partial, [data])
    partial.replace(target)
    if target.read_bytes() != data:
        raise DamagedError("backup.bad-disk", name=target.name)


def _put_blobs(vault: Vault, folder: Path) -> tuple[int, list[str]]:
    """(number of new ones, sentences about what could not be read)."""
    new = 0
    failed: list[str] = []
    for one in seen.held(vault.db):
        name = str(one.file)
        target = folder / name
        if target.exists() and target.stat().st_size == one.size and sha256_of(target) == one.sha256:
            continue
        if second_copy.copy_blob(vault.blobs / name, target, one.sha256):
            new += 1
        else:
            failed.append(Sentence("backup.file-missing", name=name[:8]))
    return new, failed


def restore(backup: Path, to: Path, second: Path, login: str, passphrase: str, today: Day) -> list[str]:
    """A vault from a backup, a new station with a new second copy; returns what must be said about it.

    It comes to be under another name: after a kill the same command begins again.

    Raises:
        NotFoundError: there is no backup.
        RefusedError: one of the folders is not empty.
        WrongPassphraseError, DamagedError: as Vault.open.
        StorageFullError: it could not be written.
    """
    if not is_backup(backup) or not is_vault(backup) or not (backup / DATABASE).exists():
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
    try:
        shutil.copytree(backup, private_folder(made), dirs_exist_ok=True, ignore=shutil.ignore_patterns(_MARK))
    except (OSError, shutil.Error):
        raise StorageFullError("backup.restore-failed") from None
    private_folder(made / EPOCHS)
    with Vault.open(made, login, passphrase) as vault:
        with transaction(vault.db):  # first: the copy that the backup names is another vault's
            vault.put("copy", os.fsencode(second))
            vault.put("home", os.fsencode(to))
            former.drop(vault)
            restored.mark(vault, today)
            audit_log.write(vault, "vault.restore")
        request = restored.new_station(vault)
        lost = epochs.replace_lost(vault, today)
        epochs.extend(vault, today)
        second_copy.copy_officers(vault, second)
        said = second_copy.sync(vault)
        steps = restored.steps(vault)
    made.rename(to)
    sync_folder(to.parent)
    second_copy.end_folder(second, to)
    if lost:
        said.append(Sentence("backup.keys-left-out", count=len(lost)))
    return [*said, *steps, Sentence("backup.request", path=f"{to.name}/{request.name}")]


def drill(work: Work, backup: Path, login: str, passphrase: str) -> list[Finding]:
    """Restore a backup into a folder of its own, open it, look through it, and throw it away.

    Returns:
        What an examination of the restored vault finds; none of it is bad when the backup is good.

    Raises:
        As `restore`.
    """
    permission.permit(work, Permission.VAULT_CARE)
    expected = _counts(work.vault)
    _remove_drill(work.vault, backup)
    folder = private_folder(_drill_folder(work.vault, backup))
    try:
        restore(backup, folder / "vault", folder / "copy", login, passphrase, work.today)
        with Vault.open(folder / "vault", login, passphrase) as restored:
            if _counts(restored) != expected:
                raise DamagedError("backup.incomplete")
            findings = [
                one for one in examine(Work(restored, work.settings, work.today)) if one.code not in OF_ITS_MACHINE
            ]
    finally:
        _remove_drill(work.vault, backup)
    with transaction(work.vault.db):
        audit_log.write(work.vault, "vault.drill", bad=sum(one.is_bad for one in findings))
    return findings


def _drill_folder(vault: Vault, backup: Path) -> Path:
    return backup.resolve().parent / f"restore-drill-{vault.desk}"


def _remove_drill(vault: Vault, backup: Path) -> None:
    """What a drill restored, also one that a kill ended; its keys were never announced."""
    if (folder := _drill_folder(vault, backup)).exists():
        shutil.rmtree(folder)


def _counts(vault: Vault) -> tuple[int, ...]:
    return tuple(table.count(vault.db) for table in (cases, messages, events, notes, seen))
