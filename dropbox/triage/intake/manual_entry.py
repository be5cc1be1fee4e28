"""Letters, walk-ins, WhatsApp and copies, keyed in by an officer: sealed to this desk and taken in as any other report.

Rule: what is keyed in is examined and joined by the code that examines what a courier brings, so that nothing later can
tell the two apart but by `origin`. Code and words are given out once and kept nowhere. The server gets no receipt.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.kem import EpochPublicKey
from dropbox.crypto.sealing import Address, Decoys, Sealer
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce, new_secret
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.disk.durable import sync_folder
from dropbox.disk.pieces import PARTIAL, write_pieces
from dropbox.errors import NotFoundError, RefusedError, StorageFullError
from dropbox.form.lengths import is_too_long
from dropbox.limits import FIELD_MAX_CHARACTERS, FILE_MAX_BYTES, FILE_NAME_MAX_BYTES, FILES_PER_FORM_MAX, MIB
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.origins import ORIGINS
from dropbox.triage.casework import search
from dropbox.triage.intake.placement import Arrival
from dropbox.triage.intake.threading import join
from dropbox.triage.intake.trial_decryption import ENTERED, Examined, Examiner
from dropbox.triage.tables import seen
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.seen import Blob
from dropbox.triage.vault import epochs
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import FILE, REPORT
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.fields import Record, u32
from dropbox.wire.statuses import CATEGORIES, CHANNELS

_DAYS_BACK_MAX: Final = 3653


@dataclass(frozen=True)
class Scan:
    """A file that belongs to it: where it lies, how it is to be called, its media type."""

    path: Path
    name: str
    type: str = "application/octet-stream"


@dataclass(frozen=True)
class Typed:
    """What an officer keys in.

    Attributes:
        origin: a code of cases.origins.
        day: day number of the letter; service clocks start there.
        channel: a code of wire.statuses.
        category: of wire.statuses.
        fields: what, who, where, when; only `what` must be there.
        lang: of the reporter, `id` or `en`.
        scans: at most 20 files.
    """

    origin: str
    day: Day
    channel: str
    category: str
    fields: dict[str, str] = field(repr=False)
    lang: str = "id"
    scans: tuple[Scan, ...] = ()


@dataclass(frozen=True)
class Entered:
    """The new case, and what its reporter may be handed on paper, once."""

    case: casebook.Case
    secret: ReporterSecret = field(repr=False)


@dataclass(frozen=True)
class _Sealed:
    name: str
    sha256: bytes
    length: int
    examined: Examined


def enter(work: Work, typed: Typed) -> Entered:
    """Make a case of what was keyed in.

    Raises:
        RefusedError: the officer's roles do not allow it, or something that was typed cannot be.
        NotFoundError: a scan cannot be read.
        StorageFullError: the vault's disk is full; nothing of it is kept.
    """
    permission.permit(work, Permission.CASE_ENTER)
    checked(typed, work.today)
    if len(typed.scans) > FILES_PER_FORM_MAX:
        raise RefusedError("entry.files", most=FILES_PER_FORM_MAX)
    epochs.extend(work.vault, work.today)
    secret = new_secret()
    sealed = []
    try:
        for record, scan in _records(work.vault, typed, secret.keys(work.vault.instance, work.vault.desk)):
            sealed.append(
                _seal(work.vault, record, scan, secret.keys(work.vault.instance, work.vault.desk).auth_key, work.today)
            )
        sync_folder(work.vault.blobs)
        with transaction(work.vault.db):
            number = 0
            for one in sealed:
                number = _take(work, one, typed)
            audit_log.write(work.vault, "case.enter", CaseNumber(number), origin=typed.origin, files=len(typed.scans))
    except BaseException:
        for one in sealed:
            (work.vault.blobs / one.name).unlink(missing_ok=True)
        raise
    return Entered(casebook.case_of(work.vault, CaseNumber(number)), secret)


def checked(typed: Typed, today: Day) -> None:
    """Pass, if what was keyed in can be a case; raises RefusedError that names the field."""
    if typed.origin not in ORIGINS:
        raise RefusedError("entry.origin", codes=", ".join(ORIGINS))
    if not today - _DAYS_BACK_MAX <= typed.day <= today:
        raise RefusedError("entry.date-range")
    if typed.channel not in CHANNELS:
        raise RefusedError("entry.channel", codes=", ".join(CHANNELS))
    if typed.category not in CATEGORIES:
        raise RefusedError("entry.category", codes=", ".join(CATEGORIES))
    if typed.lang not in LANGUAGES:
        raise RefusedError("entry.language", codes=", ".join(LANGUAGES))
    if not typed.fields.get("what", "").strip():
        raise RefusedError("entry.nothing-happened")
    for name, text in typed.fields.items():
        if name not in ("what", "who", "where", "when"):
            raise RefusedError("entry.fields")
        if is_too_long(text):
            raise RefusedError("entry.field-long", name=name, most=FIELD_MAX_CHARACTERS)


def _records(vault: Vault, typed: Typed, keys: ThreadKeys) -> Iterator[tuple[Record, Scan | None]]:
    common = keys.shared() | {"desk": vault.desk.encode(), "sent": u32(typed.day), "lang": typed.lang.encode()}
    texts = {"who": "", "where": ""} | {name: text.strip() for name, text in typed.fields.items() if text.strip()}
    yield (
        common
        | {"kind": REPORT.encode(), "nonce": form_nonce(FIRST_FORM, 0, 0)}
        | {"channel": typed.channel.encode(), "category": typed.category.encode()}
        | {name: text.encode("utf-8", "replace") for name, text in texts.items()},
        None,
    )
    for index, scan in enumerate(typed.scans, 1):
        name = scan.name.encode("utf-8", "replace")[-FILE_NAME_MAX_BYTES:].decode("utf-8", "ignore")
        of_file = {"kind": FILE.encode(), "name": name.encode(), "type": scan.type.encode("utf-8", "replace")}
        yield common | of_file | {"nonce": form_nonce(FIRST_FORM, index, 0)}, scan


def _seal(vault: Vault, record: Record, scan: Scan | None, auth_key: bytes, today: Day) -> _Sealed:
    """Seal into blobs/, and examine it there as if a courier had brought it."""
    epoch = epoch_of(today)
    public = EpochPublicKey(epochs.public_keys(vault, epoch, epoch)[epoch])
    sealer = Sealer(Address(vault.instance, epoch, 1, 0, public), Decoys(), auth_key, record)
    name = secrets.token_hex(16)
    path = vault.blobs / f"{name}{PARTIAL}"
    try:
        sha256 = write_pieces(path, _pieces(sealer, scan))
        length = path.stat().st_size
        examined = Examiner(vault).examine(path, length)
        if examined.opened is None:  # our own seal, just written
            raise StorageFullError("entry.disk-damaged")
        path.replace(vault.blobs / name)
    except OSError as error:
        raise StorageFullError("vault.unwritable", system=error.errno) from None
    finally:
        path.unlink(missing_ok=True)
    return _Sealed(name, sha256, length, examined)


def _pieces(sealer: Sealer, scan: Scan | None) -> Iterator[bytes]:
    yield sealer.start()
    if scan is not None:
        try:
            file = scan.path.open("rb")
        except OSError:
            raise NotFoundError("entry.scan-unreadable") from None
        with file:
            size = 0
            while piece := file.read(MIB):
                size += len(piece)
                if size > FILE_MAX_BYTES:
                    raise RefusedError("entry.file-large", mib=FILE_MAX_BYTES // MIB)
                yield from sealer.update(piece)
            if not size:
                raise RefusedError("entry.file-empty")
    yield from sealer.finish()


def _take(work: Work, one: _Sealed, typed: Typed) -> int:
    if one.examined.opened is None:
        raise ValueError("checked when it was sealed")
    see(work.vault, one.sha256, work.today, name=one.name, length=one.length)
    arrival = Arrival(one.sha256, one.examined.opened, one.examined.epoch, work.today, typed.origin)
    index = search.Batch()
    number = join(work, arrival, index)
    index.write(work.vault)
    return number


def see(vault: Vault, sha256: bytes, today: Day, *, name: str | None = None, length: int = 0) -> None:
    """The `seen` row of something that was keyed in; inside a transaction."""
    blob_id = hashlib.sha256(sha256).digest()
    seen.add(vault.db, Blob(sha256, blob_id, ENTERED, "", today, name, length))
