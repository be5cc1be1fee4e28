"""The courier's stick at the workstation: exports that lie on it are taken in, a return is written onto it.

Rule: command line and pages come through here, so that both ask the policy and leave their line in the log.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.disk.private import read_private, write_whole
from dropbox.errors import MalformedError, NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.exchange.publish import publish
from dropbox.triage.intake import importing
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import request_path
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import EXPORT_HEAD_BYTES, EXPORT_MAGIC, parse_export_head
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.kinds import kind_of
from dropbox.wire.signed import shown_number

_DEPTH_MAX: Final = 3  # folders below the stick's own that are looked into
_FILES_MAX: Final = 2000
_PUBLIC_MODE: Final = 0o644
_BEGINNING_BYTES: Final = 64  # enough to name a file


@dataclass(frozen=True)
class FoundExport:
    """An export on the stick, as its unverified head says: `number` and `day` are 0 if it was cut within the head."""

    path: Path
    bytes: int
    number: int
    day: Day
    is_foreign: bool  # of another instance


def find_exports(stick: Path, instance: bytes) -> list[FoundExport]:
    """Return what looks like an export below a folder: those of an instance (its id) newest first, then the others'.

    A stick that cannot be read holds none.
    """
    found = []
    for path in files(stick):
        try:
            with path.open("rb") as file:
                beginning = file.read(EXPORT_HEAD_BYTES)
                if beginning.startswith(EXPORT_MAGIC):
                    size = os.fstat(file.fileno()).st_size
                    found.append(_found(path, size, beginning, instance))
        except OSError:
            continue
    return sorted(found, key=lambda one: (not one.is_foreign, one.day, one.number), reverse=True)


def _found(path: Path, size: int, beginning: bytes, instance: bytes) -> FoundExport:
    try:
        head = parse_export_head(beginning)
    except MalformedError:
        return FoundExport(path, size, 0, Day(0), is_foreign=False)
    return FoundExport(path, size, head.number, head.day, is_foreign=head.instance != instance)


def find_tables(stick: Path) -> list[Path]:
    """Files below a folder whose name ends in .csv, by name; a stick that cannot be read holds none."""
    return sorted(path for path in files(stick) if path.suffix.lower() == ".csv")


def give_request(work: Work, folder: Path) -> Path:
    """Write the request for a certificate into a folder, over an older one; returns its file."""
    permission.permit(work, Permission.VAULT_CARE)
    source = request_path(work.vault.folder, work.vault.desk)
    write_whole(folder / source.name, read_private(source), mode=_PUBLIC_MODE, replace=True)
    return folder / source.name


def files(stick: Path) -> Iterator[Path]:
    """Return the files below a folder, three folders deep at most, without links; none if it cannot be read."""
    left = _FILES_MAX
    for folder, folders, names in os.walk(stick):
        if len(Path(folder).relative_to(stick).parts) >= _DEPTH_MAX:
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            left -= 1
            path = Path(folder) / name
            if left >= 0 and path.is_file() and not path.is_symlink():
                yield path


def take_in(
    work: Work,
    path: Path,
    old: Mapping[int, EpochSecretKey] | None = None,
) -> importing.Imported:
    """Import an export's file; `old` are keys of a copy that was found again.

    Raises:
        RefusedError: the officer may not, or the vault is older than its second copy.
        NotFoundError: the file cannot be read.
        MalformedError: it is not an export of this instance; another file of the drop-box is named by its kind.
        StorageFullError: see intake.import_export.
    """
    permission.permit(work, Permission.EXCHANGE_IMPORT)
    try:
        file = path.open("rb")
    except OSError as error:
        raise NotFoundError("export.unreadable", system=error.errno) from None
    with file:
        if code := kind_of(file.read(_BEGINNING_BYTES)):  # of the other direction, or of another place
            raise MalformedError(code)
        file.seek(0)

        def read(count: int) -> bytes:
            try:
                return file.read(count)
            except OSError:
                raise MalformedError("export.disk") from None

        done = importing.import_export(work, read, old)
    with transaction(work.vault.db):
        audit_log.write(work.vault, "exchange.import", opened=done.opened, known=done.known, aside=len(done.aside))
    return done


def give_out(work: Work, path: Path, tell: Callable[[str], None]) -> None:
    """Publish into a file, which may replace an older return, and nothing else.

    Raises:
        RefusedError: the officer may not, or another file is there; nothing was published.
        and what publish raises.
    """
    permission.permit(work, Permission.EXCHANGE_PUBLISH)
    _check_replaceable(path)
    _write_return(work, path, publish(work, tell))


def _check_replaceable(path: Path) -> None:
    """Raise RefusedError if a path holds anything but a return: a typing error must not cost a file of the vault."""
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING_BYTES)
    except OSError:
        beginning = b""
    if kind_of(beginning) != "kind.return":
        raise RefusedError("file.exists", name=path.name)


def give_onto(work: Work, folder: Path, tell: Callable[[str], None]) -> str:
    """Publish into a folder, in a file whose name has desk, date and number; returns the name, raises as give_out.

    The names of one desk sort by age, so that a courier sees which one is the newest.
    """
    permission.permit(work, Permission.EXCHANGE_PUBLISH)
    bundle = publish(work, tell)
    name = f"return-{work.vault.desk}-{date_of(work.today)}-{shown_number(work.vault.count('published'))}"
    _write_return(work, folder / name, bundle)
    return name


def _write_return(work: Work, path: Path, bundle: bytes) -> None:
    write_whole(path, bundle, mode=_PUBLIC_MODE, replace=True)
    with transaction(work.vault.db):
        audit_log.write(work.vault, "exchange.publish", number=work.vault.count("published"))
