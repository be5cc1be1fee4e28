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
from typing import Any, Final

import sqlcipher3

from dropbox.disk.durable import sync_file, sync_folder
from dropbox.disk.pieces import PARTIAL, sha256_of, shred, write_pieces
from dropbox.disk.private import private_folder, read_private, write_whole
from dropbox.errors import ConfigurationError, DamagedError, RefusedError, StorageFullError
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.vault import epochs, former, schema
from dropbox.triage.vault.officer import OFFICERS, is_vault
from dropbox.triage.vault.vault import ANCHOR, BLOBS, CERTIFICATE, DATABASE, STATION_KEY, Vault, request_path

_PIECE: Final = 1 << 20
BEGUN: Final = "begun"  # lies in a folder while a kill may leave it half filled; names what fills it
# What a copy has that its vault lacks, when the vault's vault.db is an older one.
_NEWER: Final = (
    "select sha256 from seen",
    "select number from epochs where destroyed is not null",
    "select number, hash from log",  # every act has a line in it; a deleted case's events go, its lines stay
)
_EPOCHS: Final = "select number from epochs"


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
            remade = [_counter(db, epochs.REMADE) for db in (copy, vault.db)]
            # Where the vault has made lost keys anew, the copy still names the lost ones.
            tables = (*_NEWER, "select number, public from epochs" if remade[0] == remade[1] else _EPOCHS)
            ahead = (
                _counter(copy) > _counter(vault.db)
                or remade[0] > remade[1]
                or any(not {*copy.execute(rows)} <= {*vault.db.execute(rows)} for rows in tables)
            )
    except (DamagedError, sqlcipher3.DatabaseError):
        raise DamagedError("copy.damaged") from None
    if ahead:
        raise RefusedError("copy.newer", folder=folder)
    return True


def _counter(db: Any, name: str = "published") -> bytes:  # noqa: ANN401  sqlcipher3 has no types
    row = db.execute("select value from meta where name = ?", (name,)).fetchone()
    return bytes(row[0]) if row else b""


def sync(vault: Vault) -> list[str]:
    """Bring the second copy up to date and verify it; returns a sentence for each blob that it could not make safe.

    Blobs that have not had a receipt yet are read again whole, older ones are looked for by name and size.

    Raises:
        ConfigurationError: the second copy is not there, or others may read it.
        RefusedError: the vault is older than its second copy.
        StorageFullError: it could not be written.
        DamagedError: its vault.db does not hold what the vault's holds.
    """
    folder = vault.copy_folder
    if folder == vault.folder:
        raise ConfigurationError("copy.is-vault")
    if not is_vault(folder):
        raise ConfigurationError("copy.not-there", folder=folder)
    private_folder(folder)
    refuse_if_behind(vault)
    end_folder(folder, vault.folder)
    try:
        is_known = (folder / DATABASE).exists()  # without one nobody can tell whether the copy is ahead
        _copy_files(vault, folder)
        epochs.put_standby(vault)
        safe, failed = _copy_blobs(vault, private_folder(folder / BLOBS))
        copy_database(vault)
        if is_known:
            for place in (vault.folder, folder):  # after the copy's vault.db: it never names a blob that is gone
                shred_unnamed(vault, place)
    except OSError as error:
        raise StorageFullError("copy.unwritable", system=error.errno) from None
    with schema.transaction(vault.db):
        vault.db.executemany("update seen set copied = ? where sha256 = ?", safe)
        vault.put("home", os.fsencode(vault.folder))
    former.settle(vault)
    return failed


def shred_unnamed(vault: Vault, place: Path) -> None:
    """Overwrite the blobs of a vault, or of its second copy, that no row names: of deleted cases, or of a kill."""
    named = {name for (name,) in vault.db.execute("select file from seen where file is not null")}
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
        vault.db.execute("update seen set copied = 0")
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
    partial.replace(target)
    sync_folder(target.parent)


def _verify_database(vault: Vault, path: Path) -> None:
    copy = schema.connect(path, vault.key)
    try:
        whole = not copy.execute("pragma cipher_integrity_check").fetchall()
        (state,) = copy.execute("pragma integrity_check").fetchone()
        if not whole or state != "ok" or _fingerprint(copy) != _fingerprint(vault.db):
            raise DamagedError("copy.db-differs")
    finally:
        copy.close()


def _fingerprint(db: Any) -> bytes:  # noqa: ANN401  sqlcipher3 has no types
    rows = hashlib.sha256()
    for row in db.execute("select sha256, outcome, file from seen order by sha256"):
        rows.update(repr(row).encode())
    for row in db.execute("select number, sha256, file_key from messages order by number"):
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


def _copy_blobs(vault: Vault, folder: Path) -> tuple[list[tuple[int, bytes]], list[str]]:
    """(rows of `copied` and hash, sentences about what failed)."""
    for left_over in folder.glob(f"*{PARTIAL}"):
        left_over.unlink()
    safe: list[tuple[int, bytes]] = []
    failed: list[str] = []
    rows = vault.db.execute("select sha256, blob_id, file, bytes, copied, told from seen").fetchall()
    for sha256, blob_id, name, size, copied, told in rows:
        if name is not None:
            target = folder / name
            there = target.exists() and target.stat().st_size == size
            fresh = there and copied and told
            if (
                not fresh
                and not (there and sha256_of(target) == sha256)
                and not copy_blob(vault.blobs / name, target, sha256)
            ):
                safe.append((0, sha256))
                failed.append(Sentence("copy.blob-missing", blob=blob_id[:4].hex()))
                continue
        safe.append((1, sha256))
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
