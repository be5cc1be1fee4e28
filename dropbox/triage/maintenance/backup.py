"""Backup: a copy of the vault without its weekly keys, on a disk of its own.

    backup = vault.db · officers/ · station.key · station.cert · root.pub · blobs/     (never epochs/: design 3.1)

Rule: nothing counts as backed up before it was read again. Epoch keys never enter a backup, because what is destroyed
in the vault would live on in it; a restored vault therefore makes the keys of this week and of those ahead anew. All
of a backup is sealed or public, so that its disk may be without access rights (exFAT, FAT, NTFS).
"""

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import PARTIAL, sha256_of, write_pieces
from dropbox.disk.private import refuse_links, write_whole
from dropbox.errors import ConfigurationError, DamagedError, DropboxError, RefusedError, StorageFullError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.maintenance import outcomes
from dropbox.triage.maintenance.outcomes import BACKUP, Outcome, Progress
from dropbox.triage.tables import seen
from dropbox.triage.tables.numbers import NO_CASE_NUMBER
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.officer import OFFICERS
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import BLOBS, DATABASE, Vault, key_files, take_lock
from dropbox.triage.vault.work import Work

MARK: Final = "backup"  # names the desk whose backup this folder is
_NEXT: Final = DATABASE + PARTIAL  # takes its place when all blobs that it names are there
LOCK: Final = "lock"
_SPARE_BYTES: Final = 4 << 20  # for file systems with large units


@dataclass(frozen=True)
class Backup:
    """What a backup holds: files of reporters, how many of them were new, what could not be read, and its bytes."""

    blobs: int
    new: int
    failed: tuple[str, ...]
    size: int = 0


def back_up(work: Work, to: Path) -> Backup:
    """Bring a backup up to date, verify it, and keep the outcome; return what it holds, raise as Copying does."""
    copying = Copying.begin(work, to)
    try:
        done = copying.run(Progress())
    except DropboxError as error:
        finish(work, failed(copying.begun, error))
        raise
    finish(work, copying.outcome(done))
    return done


def finish(work: Work, outcome: Outcome) -> None:
    """Keep how a backup went, with its line in the log."""
    permission.permit(work, Permission.VAULT_CARE)
    with transaction(work.vault.db):
        outcomes.put(work.vault, BACKUP, outcome)
        bad = outcome.unread or int(outcome.state == outcomes.FAILED)
        whose = outcomes.of_another(work.vault, outcome)
        audit_log.write(work.vault, "vault.backup", NO_CASE_NUMBER, files=outcome.files, bad=bad, **whose)


def failed(begun: Outcome, error: DropboxError) -> Outcome:
    """Return the outcome of what an error ended."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
    return replace(begun, state=outcomes.FAILED, code=error.code, values=values)


@dataclass(frozen=True)
class Copying:
    """A backup that was begun: the rest needs no open vault, only its sealed files."""

    begun: Outcome
    _folder: Path
    _blobs: Path
    _held: tuple[seen.Blob, ...]
    _lock: int

    @classmethod
    def begin(cls, work: Work, to: Path) -> "Copying":
        """Write everything but the blobs; vault.db waits under another name.

        Args:
            work: the vault, the settings and the day.
            to: empty or not there yet, or an older backup of this vault.

        Raises:
            RefusedError: the officer may not, the folder is something else or holds a link, or another program works
                on it.
            StorageFullError: it could not be written, or has too little room.
            DamagedError: what was written does not read as it should.
        """
        permission.permit(work, Permission.VAULT_CARE)
        refuse_links(to)
        vault, folder = work.vault, to.resolve()
        _check_place(vault, folder)
        held = tuple(seen.held(vault.db))
        begun = Outcome(outcomes.BEGUN, work.today, str(folder), officer=vault.officer.login)
        with transaction(vault.db):
            audit_log.write(vault, "vault.backup")
            outcomes.put(vault, BACKUP, begun)
        try:
            return cls._prepare(vault, folder, held, begun)
        except DropboxError as error:
            finish(work, failed(begun, error))
            raise

    @classmethod
    def _prepare(cls, vault: Vault, folder: Path, held: tuple[seen.Blob, ...], begun: Outcome) -> "Copying":
        lock = _lock(folder)
        try:
            remove_drills(vault, folder)
            _write_mark(folder, vault.desk)  # first: what a kill leaves is known as ours
            _own(folder / BLOBS)
            _own(folder / OFFICERS)
            _remove_left_overs(folder)
            check_room(folder, (vault.folder / DATABASE).stat().st_size + _missing(folder / BLOBS, held))
            for path in key_files(vault.folder, vault.desk):
                _put(path, folder / path.relative_to(vault.folder))
            for path in (folder / OFFICERS).iterdir():  # who has left has no file here either
                if not (vault.folder / OFFICERS / path.name).exists():
                    path.unlink()
            second_copy.make_database(vault, folder / _NEXT)
        except OSError as error:
            os.close(lock)
            raise StorageFullError("backup.unwritable", system=error.errno) from None
        except BaseException:
            os.close(lock)
            raise
        return cls(begun, folder, vault.blobs, held, lock)

    def run(self, progress: Progress) -> Backup:
        """Copy and verify the blobs, then let vault.db take its place.

        Raises:
            StorageFullError, DamagedError: as `begin`.
            RefusedError: a link has come into the folder meanwhile; nothing was removed.
        """
        try:
            progress.enter("copy", sum(one.size for one in self._held))
            new, unread = 0, []
            for one in self._held:
                target = self._folder / BLOBS / str(one.file)
                if not _is_good(target, one):
                    if second_copy.copy_blob(self._blobs / target.name, target, one.sha256):
                        new += 1
                    else:
                        unread.append(Sentence("backup.file-missing", name=target.name[:8]))
                progress.add(one.size)
            (self._folder / _NEXT).replace(self._folder / DATABASE)
            sync_folder(self._folder)
            refuse_links(self._folder)
            self._remove_unnamed()
            size = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
            return Backup(len(list((self._folder / BLOBS).iterdir())), new, tuple(unread), size)
        except OSError as error:
            raise StorageFullError("backup.unwritable", system=error.errno) from None
        finally:
            os.close(self._lock)

    def outcome(self, done: Backup) -> Outcome:
        """Return the outcome to keep."""
        return replace(
            self.begun,
            state=outcomes.DONE,
            files=done.blobs,
            new=done.new,
            unread=len(done.failed),
            size=done.size,
        )

    def _remove_unnamed(self) -> None:
        """What retention has deleted goes from the backup as well, once its vault.db does not name it any more."""
        named = {one.file for one in self._held}
        for path in (self._folder / BLOBS).iterdir():
            if path.name not in named:
                path.unlink()


def drill_places(vault: Vault, backup: Path) -> tuple[Path, Path]:
    """Return where a drill restores: beside the backup, or beside the vault if the backup's disk has no access rights.

    Args:
        vault: whose backup is tried.
        backup: resolved path of the backup.
    """
    name = f"restore-drill-{vault.desk}"
    return backup.parent / name, vault.folder.parent / name


def remove_drills(vault: Vault, backup: Path) -> None:
    """Remove what a drill restored that a kill ended: it holds every case; its keys were never announced."""
    for place in drill_places(vault, backup):
        if place.exists():
            shutil.rmtree(place)


def is_backup(folder: Path) -> bool:
    """Whether a folder holds a backup, of whichever desk."""
    return (folder / MARK).exists()


def is_whole(folder: Path) -> bool:
    """Whether a folder holds a backup that was once ended."""
    return is_backup(folder) and (folder / DATABASE).exists()


def check_room(folder: Path, needed: int) -> None:
    """Pass if a disk has room for so many bytes; raises StorageFullError."""
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE_BYTES:
        mebibytes = [-(-size // (1 << 20)) for size in (needed, free)]
        raise StorageFullError("backup.no-room", needed=mebibytes[0], free=mebibytes[1])


def _check_place(vault: Vault, folder: Path) -> None:
    for own in (vault.folder, vault.copy_folder):
        if folder.is_relative_to(own) or own.is_relative_to(folder):
            raise RefusedError("backup.inside")
    others = [path for path in folder.iterdir() if not _is_marking(path)] if folder.exists() else []
    if others and not is_backup(folder):
        raise RefusedError("backup.folder-used", name=folder.name)
    if is_backup(folder) and (folder / MARK).read_text("ascii").strip() != vault.desk:
        raise RefusedError("backup.other-desk")


def _is_marking(path: Path) -> bool:
    """Whether a kill left it before the mark of an empty backup was written."""
    return path.name == LOCK or (path.name.startswith(f".{MARK}.") and path.name.endswith(PARTIAL))


def _own(folder: Path) -> None:
    """Make a folder of a backup, closed to others where the disk has access rights."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(OSError):
        folder.chmod(0o700)


def _lock(folder: Path) -> int:
    """Return the descriptor of a backup's lock file; raises RefusedError while another program works on it."""
    try:
        _own(folder)
        return take_lock(folder)
    except RefusedError:
        raise RefusedError("backup.busy") from None
    except ConfigurationError as error:
        raise StorageFullError("backup.unwritable", **error.values) from None
    except OSError as error:
        raise StorageFullError("backup.unwritable", system=error.errno) from None


def _write_mark(folder: Path, desk: str) -> None:
    if not is_backup(folder):
        write_whole(folder / MARK, f"{desk}\n".encode("ascii"))


def _remove_left_overs(folder: Path) -> None:
    for place in (folder, folder / OFFICERS, folder / BLOBS):
        for path in place.glob(f"*{PARTIAL}"):
            path.unlink()


def _missing(folder: Path, held: tuple[seen.Blob, ...]) -> int:
    there = {path.name for path in folder.iterdir()}
    return sum(one.size for one in held if one.file not in there)


def _is_good(target: Path, one: seen.Blob) -> bool:
    return target.exists() and target.stat().st_size == one.size and sha256_of(target) == one.sha256


def _put(source: Path, target: Path) -> None:
    data = source.read_bytes()
    if target.exists() and target.read_bytes() == data:
        return
    partial = target.with_name(f"{secrets.token_hex(8)}{PARTIAL}")
    write_pieces(partial, [data])
    partial.replace(target)
    if target.read_bytes() != data:
        raise DamagedError("backup.bad-disk", name=target.name)
