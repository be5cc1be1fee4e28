"""The second copy: what is examined counts as safe only when a second folder was read again and holds it (design 3.5).

Rule: `copied` is set here alone, after verification, and a receipt is given only where it is set. A blob that no row
names any more is overwritten in both places, so that a sync finishes a deletion that a kill interrupted.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import sqlcipher3

from dropbox.disk.durable import sync_file, sync_folder
from dropbox.disk.pieces import PARTIAL, sha256_of, shred, write_pieces
from dropbox.disk.private import private_folder, read_private, refuse_links, write_whole
from dropbox.errors import ConfigurationError, DamagedError, RefusedError, StorageFullError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.tables import log, messages, meta, seen
from dropbox.triage.tables.database import Database
from dropbox.triage.vault import epochs, former, schema
from dropbox.triage.vault.officer import OFFICERS, is_vault
from dropbox.triage.vault.vault import ANCHOR, BLOBS, CERTIFICATE, DATABASE, STATION_KEY, Vault, request_path

_PIECE: Final = 1 << 20
BEGUN: Final = "begun"  # lies in a folder while a kill may leave it half filled; names what fills it


def refuse_if_behind(vault: Vault) -> bool:
    """Whether the second copy is there, having looked that it is not ahead: an old vault destroys no newer state.

    Raises:
        RefusedError: the vault is older than its second copy.
        DamagedError: the second copy's vault.db cannot be read.
    """
    folder = vault.copy_folder
    if folder == vault.folder or not is_vault(folder):
        return False
    if not (folder / DATABASE).exists():
        return True
    try:
        with contextlib.closing(schema.connect(folder / DATABASE, vault.key)) as copy:
            ahead = _is_ahead(copy, vault.db)
    except (DamagedError, sqlcipher3.DatabaseError):
        raise DamagedError("copy.damaged") from None
    if ahead:
        raise RefusedError("copy.newer", folder=folder)
    return True


def _is_ahead(copy: Database, own: Database) -> bool:
    """Whether a copy has what its vault lacks, when the vault's vault.db is an older one."""
    remade = [meta.get(db, epochs.REMADE) or b"" for db in (copy, own)]
    published = [meta.get(db, "published") or b"" for db in (copy, own)]
    if published[0] > published[1] or remade[0] > remade[1]:
        return True
    # Where the vault has made lost keys anew, the copy still names the lost ones.
    is_same = remade[0] == remade[1]
    keys = [{(one.number, one.public if is_same else b"") for one in epoch_rows.everything(db)} for db in (copy, own)]
    gone = [{one.number for one in epoch_rows.everything(db) if one.destroyed is not None} for db in (copy, own)]
    return not (
        keys[0] <= keys[1]
        and gone[0] <= gone[1]
        and seen.hashes(copy) <= seen.hashes(own)
        and log.hashes(copy) <= log.hashes(own)  # every act has a line; a deleted case's events go, its lines stay
    )


def sync(vault: Vault, check: Callable[[], None] = lambda: None) -> list[str]:
    """Bring the second copy up to date and verify it; returns a sentence for each blob that it could not make safe.

    Blobs that have not had a receipt yet are read again whole, older ones are looked for by name and size. `check` is
    called before each blob, and may end this by an error.

    Raises:
        ConfigurationError: the second copy is not there, or others may read it.
        RefusedError: the vault is older than its second copy, or the copy holds a link.
        StorageFullError: it could not be written.
        DamagedError: its vault.db does not hold what the vault's holds.
    """
    folder = vault.copy_folder
    if folder == vault.folder:
        raise ConfigurationError("copy.is-vault")
    if not is_vault(folder):
        raise ConfigurationError("copy.not-there", folder=folder)
    refuse_links(folder)
    private_folder(folder)
    refuse_if_behind(vault)
    end_folder(folder, vault.folder)
    try:
        is_known = (folder / DATABASE).exists()  # without one nobody can tell whether the copy is ahead
        _copy_files(vault, folder)
        epochs.put_standby(vault)
        safe, failed = _copy_blobs(vault, private_folder(folder / BLOBS), check)
        copy_database(vault)
        if is_known:
            for place in (vault.folder, folder):  # after the copy's vault.db: it never names a blob that is gone
                shred_unnamed(vault, place)
    except OSError as error:
        raise StorageFullError("copy.unwritable", system=error.errno) from None
    with schema.transaction(vault.db):
        seen.mark_copied(vault.db, safe)
        vault.put("home", os.fsencode(vault.folder))
    former.settle(vault)
    return failed


def shred_unnamed(vault: Vault, place: Path) -> None:
    """Overwrite the blobs of a vault, or of its second copy, that no row names: of deleted cases, or of a kill."""
    named = seen.files(vault.db)
    for path in (place / BLOBS).iterdir():
        if path.name not in named:
            shred(path)


def begin_anew(vault: Vault, folder: Path, tell: Callable[[str], None] = lambda _: None) -> list[str]:
    """Take another folder for the second copy, and fill it; the old one's epoch keys go, if it can be reached.

    Args:
        vault: whose.
        folder: empty or not there yet.
        tell: takes a warning when the old copy keeps its keys.

    Returns:
        As `sync`.

    Raises:
        RefusedError: the folder is not empty, or the vault is older than its copy; otherwise as `sync`.
    """
    old, folder = vault.copy_folder, folder.resolve()
    if folder.is_relative_to(vault.folder) or vault.folder.is_relative_to(folder):
        raise RefusedError("copy.nested")
    is_exchanged = folder == old and not is_vault(folder)  # another disk bears the name of the one that is gone
    if folder == old and not is_exchanged:  # begun before, and killed
        return sync(vault)
    clear_begun(folder, vault.folder)
    with contextlib.suppress(DamagedError):  # of a damaged one nobody can tell whether it is ahead
        refuse_if_behind(vault)
    begin_folder(folder, vault.folder)
    copy_officers(vault, folder)
    with schema.transaction(vault.db):
        vault.put("copy", os.fsencode(folder))
        seen.mark_none_copied(vault.db)
        if is_exchanged:
            pass  # by its name the disk that is gone cannot be remembered
        elif old != vault.folder:
            former.remember(vault, old)
        elif (home := Path(os.fsdecode(vault.get("home") or b""))) != vault.folder and home.is_absolute():
            former.remember(vault, home)  # the vault whose second copy this one was
    try:
        return sync(vault)
    finally:
        if is_exchanged:
            tell(Sentence("copy.other-disk", folder=folder))
        for kept in former.folders(vault):
            tell(Sentence("copy.former", folder=kept))


def begin_folder(folder: Path, by: Path) -> None:
    """Make a folder with the mark that says that it is not whole, and what fills it."""
    private_folder(folder)
    write_whole(folder / BEGUN, os.fsencode(by), replace=True)


def end_folder(folder: Path, by: Path) -> None:
    """Take that mark away, if it names this vault: one that is being restored bears another name until it is whole."""
    begun = folder / BEGUN
    if begun.exists() and begun.read_bytes() == os.fsencode(by):
        begun.unlink()


def clear_begun(folder: Path, by: Path) -> None:
    """Empty what a kill left half filled of the same act; raises RefusedError when the folder holds anything else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    begun = folder / BEGUN
    left_over = all(path.name.startswith(f".{BEGUN}.") for path in folder.iterdir())
    if not left_over and not (begun.exists() and begun.read_bytes() == os.fsencode(by)):
        raise RefusedError("file.folder-not-empty", name=folder.name)
    epochs.shred_all(folder)
    for path in sorted(folder.iterdir(), key=lambda one: one.name == BEGUN):  # the mark last
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def copy_database(vault: Vault) -> None:
    """A consistent copy of vault.db, verified before it takes the older one's place; raises as `sync`."""
    write_database(vault, vault.copy_folder / DATABASE)


def write_database(vault: Vault, target: Path) -> None:
    """The same into any folder."""
    partial = target.with_name(DATABASE + PARTIAL)
    make_database(vault, partial)
    partial.replace(target)
    sync_folder(target.parent)


def make_database(vault: Vault, partial: Path) -> None:
    """A consistent copy of vault.db in a file of its own, verified; raises as `sync`."""
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        vault.db.execute("vacuum into ?", (str(partial),))
        sync_file(partial)
        _verify_database(vault, partial)
    except (sqlcipher3.DatabaseError, DamagedError, OSError) as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, DamagedError):
            raise
        raise StorageFullError("copy.db-unwritable") from None


def _verify_database(vault: Vault, path: Path) -> None:
    copy = schema.connect(path, vault.key)
    try:
        whole = not copy.execute("pragma cipher_integrity_check").fetchall()
        (state,) = copy.execute("pragma integrity_check").fetchone()
        if not whole or state != "ok" or _fingerprint(copy) != _fingerprint(vault.db):
            raise DamagedError("copy.db-differs")
    finally:
        copy.close()


def _fingerprint(db: Database) -> bytes:
    rows = hashlib.sha256()
    for one in seen.everything(db):
        rows.update(repr((one.sha256, one.outcome, one.file)).encode())
    for row in messages.keys(db):
        rows.update(repr(row).encode())
    return rows.digest()


def _copy_files(vault: Vault, folder: Path) -> None:
    copy_officers(vault, folder)
    for name in (STATION_KEY, ANCHOR, CERTIFICATE, request_path(vault.folder, vault.desk).name):
        source, target = vault.folder / name, folder / name
        if source.exists() and (not target.exists() or target.read_bytes() != source.read_bytes()):
            write_whole(target, source.read_bytes(), replace=True)


def copy_officers(vault: Vault, folder: Path) -> None:
    """The officers' files: whoever has left has none in the copy either."""
    files = {path.name: read_private(path) for path in sorted((vault.folder / OFFICERS).glob("*.key"))}
    target = private_folder(folder / OFFICERS)
    for name, data in files.items():
        if not (target / name).exists() or (target / name).read_bytes() != data:
            write_whole(target / name, data, replace=True)
    for path in target.glob("*.key"):
        if path.name not in files:
            shred(path)


def _copy_blobs(vault: Vault, folder: Path, check: Callable[[], None]) -> tuple[list[tuple[bytes, bool]], list[str]]:
    """(hashes and whether the copy holds the blob, sentences about what failed)."""
    for left_over in folder.glob(f"*{PARTIAL}"):
        left_over.unlink()
    safe: list[tuple[bytes, bool]] = []
    failed: list[str] = []
    for one in seen.everything(vault.db):
        check()
        if one.file is not None:
            target = folder / one.file
            there = target.exists() and target.stat().st_size == one.size
            fresh = there and one.copied and one.told
            if (
                not fresh
                and not (there and sha256_of(target) == one.sha256)
                and not copy_blob(vault.blobs / one.file, target, one.sha256)
            ):
                safe.append((one.sha256, False))
                failed.append(Sentence("copy.blob-missing", blob=one.blob_id[:4].hex()))
                continue
        safe.append((one.sha256, True))
    return safe, failed


def copy_blob(source: Path, target: Path, sha256: bytes) -> bool:
    """Copy a blob and read it again; False when the source is not what it was."""
    if not source.exists():
        return False
    partial = target.with_name(f"{secrets.token_hex(8)}{PARTIAL}")
    with source.open("rb") as file:
        write_pieces(partial, iter(lambda: file.read(_PIECE), b""))
    if sha256_of(partial) != sha256:
        partial.unlink()
        return False
    partial.replace(target)
    sync_folder(target.parent)
    return True
