"""Restores the folder of a root from its seed and from the records that were carried next to the shares.

    RECORDS/root.pub, serials.txt, revocations, site-manifest   public, copied after each ceremony

Rule: a seed is accepted for the key of root.pub only. Old records would give a serial or a manifest's number twice, or
certify a revoked key: they are refused unless their numbers are those of the last ceremony's minutes, on paper.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.ceremony.authority import (
    ANCHOR_FILE,
    MANIFEST_FILE,
    NO_MANIFEST,
    REVOCATIONS_FILE,
    SERIALS_FILE,
    IssuedCertificate,
    parse_serials,
    refuse_place,
    write_key,
)
from dropbox.crypto.private.desk_keys import RootKey
from dropbox.crypto.private.private_files import DEFAULT_COST, Cost
from dropbox.crypto.signing import open_revocations
from dropbox.crypto.site_manifest import open_manifest
from dropbox.disk.paths import is_missing
from dropbox.disk.private import write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import show
from dropbox.errors import DropboxError, MalformedError, NotFoundError, RefusedError, UntrustedError
from dropbox.limits import MIB
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.keyring import RootAnchor, parse_anchor
from dropbox.wire.signed import Revocations

_RECORD_MAX_BYTES: Final = 8 * MIB  # 65 535 lines of serials.txt
_MISSING: Final = {
    SERIALS_FILE: "ceremony.serials-missing",
    REVOCATIONS_FILE: "ceremony.revocations-missing",
    MANIFEST_FILE: "ceremony.manifest-missing",
}


@dataclass(frozen=True)
class Records:
    """What a root needs besides its key: anchor, certificates, the newest list of revocations and site manifest."""

    anchor: RootAnchor
    issued: tuple[IssuedCertificate, ...]
    listed: Revocations
    serials_file: bytes
    revocations_file: bytes
    manifest_file: bytes  # NO_MANIFEST before the first

    @property
    def last_serial(self) -> int:
        """The highest serial that was given, 0 for none."""
        return max((one.serial for one in self.issued), default=0)

    @property
    def last_manifest(self) -> int:
        """The number of the newest site manifest, 0 for none."""
        return manifest_number(self.anchor, self.manifest_file)

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Those that the minutes of a ceremony name: last serial, list of revocations, site manifest."""
        return self.last_serial, self.listed.number, self.last_manifest


def manifest_number(anchor: RootAnchor, untrusted: bytes) -> int:
    """Return the number of the manifest in a root's record, 0 before the first.

    Raises:
        MalformedError: it is empty or no manifest: the record was lost, and an older manifest could be signed.
        UntrustedError: this root did not sign it.
    """
    if untrusted == NO_MANIFEST:
        return 0
    try:
        return open_manifest(anchor, untrusted).number
    except MalformedError:
        raise MalformedError("ceremony.manifest-damaged") from None
    except UntrustedError:
        raise UntrustedError("ceremony.manifest-damaged") from None


def read_records(folder: Path) -> Records:
    """Read and verify the records of a root, in its own folder or in a copy.

    Raises:
        NotFoundError: one of the four files cannot be read.
        TooLargeError, MalformedError: one is of another kind.
        UntrustedError: the root did not sign the list of revocations, or the site manifest.
        RefusedError: the list revokes keys that serials.txt does not name.
    """
    anchor = parse_anchor(read_small(folder / ANCHOR_FILE, _RECORD_MAX_BYTES))
    names = (SERIALS_FILE, REVOCATIONS_FILE, MANIFEST_FILE)
    serials, listed, manifest = (_record(folder / name) for name in names)
    issued = tuple(parse_serials(serials))
    records = Records(anchor, issued, open_revocations(anchor, listed), serials, listed, manifest)
    _ = records.last_manifest  # verifies it
    if not records.listed.keys.keys() <= {one.key for one in records.issued}:
        raise RefusedError("ceremony.serials-mismatch")
    return records


def _record(path: Path) -> bytes:
    if is_missing(path):  # one that cannot be read exists: no older copy may replace it
        code = _MISSING[path.name]
        raise NotFoundError(code)
    return read_small(path, _RECORD_MAX_BYTES)


def minutes(records: Records) -> Sentence:
    """Return the sentence with the numbers that belong into the minutes of a ceremony."""
    serial, number, manifest = records.numbers
    return Sentence("ceremony.minutes", serial=serial, number=number, manifest=manifest)


@contextlib.contextmanager
def minutes_after_failure(folder: Path) -> Iterator[None]:
    """Read the records before an act signs; print the minutes' numbers if it fails after it used one of them up.

    Args:
        folder: the root's own.

    Raises:
        NotFoundError, TooLargeError, MalformedError, UntrustedError, RefusedError: see `read_records`; nothing is
            signed then, since the act could not end with its minutes.
    """
    before = minutes(read_records(folder))
    try:
        yield
    except BaseException:
        after = _numbers(folder)
        if after and after != before:
            show([Sentence("ceremony.used-up"), after])
        raise


def _numbers(folder: Path) -> Sentence | None:
    try:
        return minutes(read_records(folder))
    except DropboxError:
        return None  # the act's own error is raised


def check_newest(records: Records, last_serial: int, last_list: int, last_manifest: int) -> None:
    """Pass if the records are those of the last ceremony.

    Args:
        records: the carried records.
        last_serial: highest serial, from the minutes of the last ceremony.
        last_list: number of the newest list of revocations, from the same minutes.
        last_manifest: number of the newest site manifest, from the same minutes; 0 for none.

    Raises:
        RefusedError: one of the numbers differs; records that are newer than the minutes have a sentence of their own.
    """
    told = (last_serial, last_list, last_manifest)
    if records.numbers == told:
        return
    if all(own >= other for own, other in zip(records.numbers, told, strict=True)):
        raise RefusedError("ceremony.records-newer")
    # Without the numbers that would pass: they are to be read from the minutes, not from here.
    raise RefusedError("ceremony.records-differ")


def root_key(seed: bytes, anchor: RootAnchor) -> RootKey:
    """Return the root's key; raises UntrustedError if the seed (32 bytes) is that of another key than root.pub's."""
    key = RootKey(seed)
    if key.public != anchor.key:
        raise UntrustedError("shares.other-key")
    return key


def write_root(folder: Path, key: RootKey, records: Records, passphrase: str, cost: Cost = DEFAULT_COST) -> None:
    """Write the folder of a restored root; its key comes last.

    Args:
        folder: created if needed.
        key: the root's key, from `root_key`.
        records: the newest records.
        passphrase: seals root.key from now on.
        cost: of Argon2id.

    Raises:
        RefusedError: the folder is the project's keys/, or holds a root already.
        ConfigurationError: other users may enter the folder.
        StorageFullError: the disk is full.
    """
    refuse_place(folder)
    write_whole(folder / SERIALS_FILE, records.serials_file)
    write_whole(folder / REVOCATIONS_FILE, records.revocations_file)
    write_whole(folder / MANIFEST_FILE, records.manifest_file)
    write_key(folder, key, records.anchor, passphrase, cost)
