"""Makes the root key once, and signs certificates, revocations and files with it, off-line.

Rule: the root's private key is written to one file only, sealed and readable by its owner only, and never into the
project's keys/ folder. A serial is recorded before it is used: no two certificates ever share one.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.crypto.exports import SERVER_CERTIFICATE
from dropbox.crypto.private.desk_keys import SEED_BYTES, RootKey
from dropbox.crypto.private.private_files import DEFAULT_COST, Cost, unwrap, wrap
from dropbox.crypto.signing import CERTIFICATE, FILE, REVOCATIONS, open_revocations
from dropbox.disk.paths import is_there
from dropbox.disk.private import private_folder, read_private, write_whole
from dropbox.errors import MalformedError, NotFoundError, RefusedError
from dropbox.limits import CERTIFICATE_DAYS, REVOCATION_LISTS_MAX, SERIAL_MAX, SERVER_CERTIFICATE_DAYS
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.fields import INSTANCE_BYTES, lp
from dropbox.wire.keyring import RootAnchor, parse_anchor
from dropbox.wire.request import StationRequest
from dropbox.wire.server import ServerCertificate, ServerRequest, encode_server_certificate
from dropbox.wire.signed import Certificate, FileSignature, Revocations, encode_certificate_file, encode_revocations

KEY_FILE: Final = "root.key"
ANCHOR_FILE: Final = "root.pub"
SERIALS_FILE: Final = "serials.txt"
REVOCATIONS_FILE: Final = "revocations"
MANIFEST_FILE: Final = "site-manifest"
NO_MANIFEST: Final = b"# site-manifest: no manifest is signed yet\n"  # an empty file is a lost one
SERVER_NAME: Final = "(server)"  # in the column of the desk; no desk can be called so
_KIND: Final = "root"
_SERIALS_HEAD: Final = "# serial desk first-day last-day (days since 1970-01-01) key\n"


@dataclass(frozen=True)
class IssuedCertificate:
    """A line of serials.txt: a certificate that the root has signed, with its days and its public key (32 bytes)."""

    serial: int
    desk: str
    first: int
    last: int
    key: bytes


@dataclass(frozen=True)
class Root:
    """The unlocked root: its folder, its public anchor, and its private key."""

    folder: Path
    anchor: RootAnchor
    key: RootKey = field(repr=False)


def make_root(
    folder: Path, *, demo: bool, today: Day, days: int, passphrase: str, cost: Cost = DEFAULT_COST
) -> RootAnchor:
    """Make the root key and its instance in a private folder, with the records of what it signs.

    The files are root.key, root.pub, and the three records serials.txt, revocations and site-manifest.

    Args:
        folder: created if needed.
        demo: marks everything that this root ever signs as a demo.
        today: day number.
        days: number of days for which the root is valid.
        passphrase: seals root.key.
        cost: cost of Argon2id.

    Raises:
        RefusedError: the folder is the project's keys/, or holds a root already.
        ConfigurationError: other users may enter the folder.
        StorageFullError: the disk is full.
    """
    refuse_place(folder)
    key = RootKey.generate()
    anchor = RootAnchor(os.urandom(INSTANCE_BYTES), key.public, demo, Day(today + days))
    write_whole(folder / SERIALS_FILE, _SERIALS_HEAD.encode())
    write_whole(folder / REVOCATIONS_FILE, _signed_list(key, Revocations(anchor.instance, 1, today, {})))
    write_whole(folder / MANIFEST_FILE, NO_MANIFEST)
    write_key(folder, key, anchor, passphrase, cost)
    return anchor


def write_key(folder: Path, key: RootKey, anchor: RootAnchor, passphrase: str, cost: Cost = DEFAULT_COST) -> None:
    """Write root.pub, and last root.key under a passphrase; raises RefusedError or StorageFullError."""
    write_whole(folder / ANCHOR_FILE, anchor.encode(), mode=0o644)
    # The anchor is sealed together with the seed: a swapped root.pub cannot change this key's instance.
    write_whole(folder / KEY_FILE, wrap(_KIND, "root", key.seed + anchor.encode(), passphrase, cost))


def refuse_place(folder: Path) -> None:
    """Make the private folder of a new root.

    Raises:
        RefusedError: the folder is the project's keys/, or holds a root already.
        ConfigurationError: other users may enter the folder.
        StorageFullError: it cannot be made.
    """
    if in_keys_folder(folder):
        raise RefusedError("ceremony.public-folder")
    private_folder(folder)
    for name in (KEY_FILE, ANCHOR_FILE, SERIALS_FILE, REVOCATIONS_FILE, MANIFEST_FILE):
        if is_there(folder / name):
            raise RefusedError("ceremony.root-exists", name=name)


def in_keys_folder(folder: Path) -> bool:
    """Return whether a path is, or is inside, a `keys` folder next to a pyproject.toml."""
    path = folder.resolve()
    return any(p.name == "keys" and (p.parent / "pyproject.toml").exists() for p in (path, *path.parents))


def open_root(folder: Path, passphrase: str) -> Root:
    """Unlock the root of a folder.

    Raises:
        NotFoundError: there is no root.key.
        ConfigurationError: other users may read it.
        MalformedError: it is not a root's private file.
        WrongPassphraseError: the passphrase is wrong.
        RefusedError: the root.pub next to it belongs to another root.
    """
    secret = unwrap(_KIND, read_private(folder / KEY_FILE), passphrase)
    key, anchor = RootKey(secret[:SEED_BYTES]), parse_anchor(secret[SEED_BYTES:])
    public = folder / ANCHOR_FILE
    if key.public != anchor.key or (public.exists() and public.read_bytes() != anchor.encode()):
        raise RefusedError("ceremony.root-mismatch")
    return Root(folder, anchor, key)


def certify(root: Root, request: StationRequest, *, today: Day, days: int, serial: int | None = None) -> bytes:
    """Sign a certificate for a station, valid from today; its serial is recorded first.

    Args:
        root: the unlocked root.
        request: the station's request.
        today: day number, its first day.
        days: number of days until its last day.
        serial: serial of the certificate, None for the next one.

    Returns:
        The file for the station: its certificate, and a list of revocations of today.

    Raises:
        RefusedError: another instance, a revoked key, too many days, a used serial, a clock that is behind, or two
            lists next to the root that do not belong together.
        NotFoundError: the list of serials or of revocations is missing.
        MalformedError, UntrustedError: one of these lists was altered.
    """
    last = _last_day(root, request.instance, today, days, CERTIFICATE_DAYS)
    is_successor = any(issued.desk == request.desk and issued.key != request.station for issued in serials(root.folder))
    number = _use_serial(root, serial, IssuedCertificate(0, request.desk, today, last, request.station))
    certificate = Certificate(
        root.anchor.instance, request.desk, request.station, today, last, number, root.anchor.demo, is_successor
    ).encode()
    signed = lp(certificate) + root.key.sign(CERTIFICATE, root.anchor.instance, certificate)
    return encode_certificate_file(signed, _next_list(root, {}, today))


def certify_server(root: Root, request: ServerRequest, *, today: Day, days: int, serial: int | None = None) -> bytes:
    """Sign a certificate for the server's key, which signs exports; arguments and errors as `certify`.

    Its serial comes from the same list: no two certificates of any kind share one.
    """
    last = _last_day(root, request.instance, today, days, SERVER_CERTIFICATE_DAYS)
    number = _use_serial(root, serial, IssuedCertificate(0, SERVER_NAME, today, last, request.server))
    body = ServerCertificate(root.anchor.instance, request.server, today, last, number, root.anchor.demo).encode()
    return encode_server_certificate(body, root.key.sign(SERVER_CERTIFICATE, root.anchor.instance, body))


def _last_day(root: Root, instance: bytes, today: Day, days: int, most: int) -> Day:
    if instance != root.anchor.instance:
        raise RefusedError("ceremony.other-root")
    if not 0 <= days <= most:
        raise RefusedError("ceremony.days", most=most)
    _check_clock(root, today)
    if today + days > root.anchor.last:
        raise RefusedError("ceremony.outlives-root")
    return Day(today + days)


def _use_serial(root: Root, wanted: int | None, new: IssuedCertificate) -> int:
    """Record the next serial, or the wanted one, for a key that may be certified; returns it."""
    issued, revoked = serials(root.folder), held_revocations(root).keys
    if not revoked.keys() <= {entry.key for entry in issued}:
        raise RefusedError("ceremony.serials-mismatch")
    if new.key in revoked:
        raise RefusedError("ceremony.revoked-key")
    if any(entry.key == new.key and (entry.desk == SERVER_NAME) != (new.desk == SERVER_NAME) for entry in issued):
        raise RefusedError("ceremony.other-use")
    used = {entry.serial for entry in issued}
    number = wanted if wanted is not None else max(used, default=0) + 1
    if not 1 <= number <= SERIAL_MAX:
        raise RefusedError("ceremony.serial-range", most=SERIAL_MAX)
    if number in used:
        raise RefusedError("ceremony.serial-used", number=number)
    path = root.folder / SERIALS_FILE
    line = f"{number} {new.desk} {new.first} {new.last} {new.key.hex()}\n"
    write_whole(path, read_private(path) + line.encode("ascii"), replace=True)
    return number


def serials(folder: Path) -> list[IssuedCertificate]:
    """Read serials.txt, the list of all certificates; raises NotFoundError, ConfigurationError or MalformedError."""
    try:
        return parse_serials(read_private(folder / SERIALS_FILE))
    except NotFoundError:
        raise NotFoundError("ceremony.serials-missing") from None


def parse_serials(untrusted: bytes) -> list[IssuedCertificate]:
    """Parse the bytes of serials.txt; raises MalformedError."""
    try:
        lines = untrusted.decode("ascii").splitlines()
        return [_issued_from(line) for line in lines if line.strip() and not line.startswith("#")]
    except ValueError:
        raise MalformedError("ceremony.serials-damaged") from None


def _issued_from(line: str) -> IssuedCertificate:
    serial, desk, first, last, station = line.split()
    return IssuedCertificate(int(serial), desk, int(first), int(last), bytes.fromhex(station))


def held_revocations(root: Root) -> Revocations:
    """Read the newest list of revocations, which is stored next to the root.

    Raises:
        NotFoundError: it is missing: a revoked key might be certified again.
        ConfigurationError: it cannot be read, or other users may read it.
        MalformedError, UntrustedError: this root did not sign it.
    """
    try:
        held = read_private(root.folder / REVOCATIONS_FILE)
    except NotFoundError:
        raise NotFoundError("ceremony.revocations-missing") from None
    return open_revocations(root.anchor, held)


def revoke(root: Root, more: set[int], today: Day) -> bytes:
    """Sign the next list of revocations: all earlier keys and those of the serials `more`; also stored with the root.

    Raises:
        RefusedError: a serial was never used, or the numbers of this root's lists are used up.
        NotFoundError: the list of serials or of revocations is missing.
        MalformedError, UntrustedError: one of these lists was altered.
    """
    issued = {entry.serial: entry for entry in serials(root.folder)}
    if more - issued.keys():
        raise RefusedError("ceremony.serial-unknown")
    return _next_list(root, {issued[serial].key: today for serial in more}, today)


def revoked_serials(root: Root) -> list[int]:
    """Return the serials of all certificates whose key is revoked; raises the errors of `revoke`."""
    revoked = held_revocations(root).keys
    return sorted(entry.serial for entry in serials(root.folder) if entry.key in revoked)


def _next_list(root: Root, more: Mapping[bytes, int], today: Day) -> bytes:
    held = held_revocations(root)
    if held.number >= REVOCATION_LISTS_MAX:
        raise RefusedError("ceremony.lists-used-up")
    _check_clock(root, today)
    listed = Revocations(root.anchor.instance, held.number + 1, today, {**more, **held.keys})
    signed = _signed_list(root.key, listed)
    write_whole(root.folder / REVOCATIONS_FILE, signed, replace=True)
    return signed


def _check_clock(root: Root, today: Day) -> None:
    """Refuse a list of a future day before a serial is used: readers would reject the next list."""
    made = held_revocations(root).made
    if made > today:
        raise RefusedError("ceremony.clock-behind", day=date_of(made))


def _signed_list(key: RootKey, listed: Revocations) -> bytes:
    body = listed.encode()
    return encode_revocations(body, key.sign(REVOCATIONS, listed.instance, body))


def sign_file(root: Root, file: bytes) -> bytes:
    """Sign a file with the root's key; returns the bytes of its `.sig` file (FORMAT "Signed file")."""
    signature = root.key.sign(FILE, root.anchor.instance, file)
    return FileSignature(root.anchor.instance, hashlib.sha256(file).digest(), signature).encode()
