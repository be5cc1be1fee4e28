"""A case's files out of the vault, byte for byte: the one place where a report's plaintext is written to a disk.

Rule: a file appears under its name only after its last byte was verified; whatever fails leaves no plaintext behind.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.opening import file_pieces
from dropbox.errors import DamagedError, MalformedError, RefusedError, StorageFullError
from dropbox.triage import casebook
from dropbox.triage.files import sync_folder, write_whole
from dropbox.triage.pieces import sha256_of, write_pieces
from dropbox.triage.vault import Vault
from dropbox.triage.visible import safe_name

MANIFEST: Final = "manifest.json"
_PARTIAL: Final = ".dropbox-partial"


@dataclass
class Extracted:
    """What was written, and a sentence for each file that could not be."""

    names: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def extract(vault: Vault, case: casebook.Case, to: Path) -> Extracted:
    """Write every file of a case and `manifest.json` into a folder; what is there and right already stays.

    Raises:
        RefusedError: it is not a folder, or lies in the vault or in its second copy.
        StorageFullError: the disk is full; files that are there are whole.
    """
    folder = to.resolve()
    if any(folder.is_relative_to(own.resolve()) for own in (vault.folder, vault.copy_folder)):
        raise RefusedError("plaintext does not belong into the vault: name another folder")
    files = casebook.files(vault, case)
    done = Extracted()
    manifest = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left_over in folder.glob(f"*{_PARTIAL}"):
            left_over.unlink()
        for number, file in enumerate(files, 1):
            name = safe_name(file.name, number, len(files))
            try:
                _write(vault, file, folder / name)
            except (DamagedError, MalformedError, RefusedError) as error:
                done.failed.append(f"{name} was not written: {error}")
                continue
            done.names.append(name)
            manifest.append(
                {"file": name, "name": file.name, "type": file.type, "size": file.size, "sha256": file.sha256.hex()}
            )
        sync_folder(folder)
    except FileExistsError:
        raise RefusedError("there is a file where the folder should be: name another") from None
    except OSError as error:
        raise StorageFullError(f"the folder could not be written: {error.strerror}") from None
    text = json.dumps({"case": case.name, "files": manifest}, indent=2).replace("\x7f", "\\u007f")
    write_whole(folder / MANIFEST, text.encode("ascii") + b"\n", replace=True)
    return done


def _write(vault: Vault, file: casebook.StoredFile, target: Path) -> None:
    if os.path.lexists(target):
        if target.is_symlink() or not target.is_file() or sha256_of(target) != file.sha256:
            raise RefusedError("another file of that name is there, and nothing is overwritten")
        return
    if not file.path.exists():
        raise DamagedError("its ciphertext is missing in the vault; the second copy may have it")
    partial = target.with_name(f".{secrets.token_hex(8)}{_PARTIAL}")
    try:
        with file.path.open("rb") as sealed:
            pieces = file_pieces(sealed.read, file.blob_bytes, vault.instance, file.file_key)
            sha256 = write_pieces(partial, pieces)
        if sha256 != file.sha256:
            raise DamagedError("its bytes are not those that were taken in")
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
