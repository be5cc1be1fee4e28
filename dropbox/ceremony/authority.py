"""The ceremony: what the root key does, off-line. It makes itself once, then signs certificates and revocations.

Rule: the root's private half is written to one file only, wrapped and readable by its owner alone, and never into the
project's keys/ folder. A serial is written down before it is used: no two certificates ever share one.
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
SERVER_NAME: Final = "(server)"  # in the column of the desk; no desk can be called so
_KIND: Final = "root"
_SERIALS_HEAD: Final = "# serial desk first-day last-day (days since 1970-01-01) key\n"


@dataclass(frozen=True)
class IssuedCertificate:
    """A certificate that the root once gave, as serials.txt has it."""

    serial: int
    desk: str
    first: int
    last: int
    key: bytes


@dataclass(frozen=True)
class Root:
    """The opened root: its folder, its public anchor, and its private key."""

    folder: Path
    anchor: RootAnchor
    key: RootKey = field(repr=False)


def make_root(
    folder: Path, *, demo: bool, today: Day, days: int, passphrase: str, cost: Cost = DEFAULT_COST
) -> RootAnchor:
    """Make the root key and its instance in a private folder: root.key, root.pub, serials.txt, a list of revocations.

    Args:
        folder: made if needed.
        demo: marks everything that this root ever signs.
        today: day number.
        days: how long the root is good.
        passphrase: wraps root.key.
        cost: of Argon2id.

    Raises:
        RefusedError: the folder is the project's keys/, or holds a root already.
        ConfigurationError: others may enter the folder.
    """
    if in_keys_folder(folder):
        raise RefusedError("the folder keys/ of the project is public: make the root elsewhere, copy root.pub there")
    private_folder(folder)
    for name in (KEY_FILE, ANCHOR_FILE, SERIALS_FILE, REVOCATIONS_FILE):
        if (folder / name).exists():
            raise RefusedError(f"{name} exists here already: a root is made once; name another folder")
    key = RootKey.generate()
    anchor = RootAnchor(os.urandom(INSTANCE_BYTES), key.public, demo, Day(today + days))
    write_whole(folder / SERIALS_FILE, _SERIALS_HEAD.encode())
    write_whole(folder / REVOCATIONS_FILE, _signed_list(key, Revocations(anchor.instance, 1, today, {})))
    write_whole(folder / ANCHOR_FILE, anchor.encode(), mode=0o644)
    # The anchor is sealed in with the seed: a root.pub that somebody exchanged cannot lend its instance to this key.
    write_whole(folder / KEY_FILE, wrap(_KIND, "root", key.seed + anchor.encode(), passphrase, cost))
    return anchor


def in_keys_folder(folder: Path) -> bool:
    """Whether a path is the `keys` folder beside a pyproject.toml, or lies in it."""
    path = folder.resolve()
    return any(p.name == "keys" and (p.parent / "pyproject.toml").exists() for p in (path, *path.parents))


def open_root(folder: Path, passphrase: str) -> Root:
    """The root of a folder.

    Raises:
        NotFoundError: there is no root.key.
        ConfigurationError: others may read it.
        WrongPassphraseError: the passphrase is wrong.
        RefusedError: the root.pub beside it is not its own.
    """
    secret = unwrap(_KIND, read_private(folder / KEY_FILE), passphrase)
    key, anchor = RootKey(secret[:SEED_BYTES]), parse_anchor(secret[SEED_BYTES:])
    public = folder / ANCHOR_FILE
    if key.public != anchor.key or (public.exists() and public.read_bytes() != anchor.encode()):
        raise RefusedError("root.pub and root.key do not belong together: find out who exchanged one of them")
    return Root(folder, anchor, key)


def certify(root: Root, request: StationRequest, *, today: Day, days: int, serial: int | None = None) -> bytes:
    """A certificate for a station, good from today; its serial is written down first.

    Args:
        root: opened.
        request: what the station asked for.
        today: day number, its first day.
        days: until its last day.
        serial: None for the next one.

    Returns:
        The file for the station: its certificate, and a list of revocations of today.

    Raises:
        RefusedError: another instance, a key that was revoked, too many days, or a serial that was used; the two
            lists beside the root do not belong together.
        NotFoundError: the list of serials or of revocations is missing; likewise MalformedError, UntrustedError.
    """
    last = _last_day(root, request.instance, today, days, CERTIFICATE_DAYS)
    is_successor = any(one.desk == request.desk and one.key != request.station for one in serials(root.folder))
    number = _use_serial(root, serial, IssuedCertificate(0, request.desk, today, last, request.station))
    certificate = Certificate(
        root.anchor.instance, request.desk, request.station, today, last, number, root.anchor.demo, is_successor
    ).encode()
    signed = lp(certificate) + root.key.sign(CERTIFICATE, root.anchor.instance, certificate)
    return encode_certificate_file(signed, _next_list(root, {}, today))


def certify_server(root: Root, request: ServerRequest, *, today: Day, days: int, serial: int | None = None) -> bytes:
    """A certificate for the server's key, with which it signs exports; arguments and errors as `certify`.

    Its serial is of the same list: no two certificates of any kind ever share one.
    """
    last = _last_day(root, request.instance, today, days, SERVER_CERTIFICATE_DAYS)
    number = _use_serial(root, serial, IssuedCertificate(0, SERVER_NAME, today, last, request.server))
    body = ServerCertificate(root.anchor.instance, request.server, today, last, number, root.anchor.demo).encode()
    return encode_server_certificate(body, root.key.sign(SERVER_CERTIFICATE, root.anchor.instance, body))


def _last_day(root: Root, instance: bytes, today: Day, days: int, most: int) -> Day:
    if instance != root.anchor.instance:
        raise RefusedError("the request was made for another root: start the machine that made it with this root.pub")
    if not 0 <= days <= most:
        raise RefusedError(f"a certificate of this kind is good for at most {most} days")
    _check_clock(root, today)
    if today + days > root.anchor.last:
        raise RefusedError("the certificate would outlive the root key: ask for fewer days, or hold a new ceremony")
    return Day(today + days)


def _use_serial(root: Root, wanted: int | None, new: IssuedCertificate) -> int:
    """Write down the next serial, or the wanted one, for a key that may be certified."""
    given, revoked = serials(root.folder), held_revocations(root).keys
    if not revoked.keys() <= {one.key for one in given}:
        raise RefusedError(
            "serials.txt and the list `revocations` do not belong together: one is older. Bring both from the same"
            " copy of the last ceremony"
        )
    if new.key in revoked:
        raise RefusedError(
            "this very key was revoked, and is never trusted again: make a new key at the workstation"
            " (a restored or a new vault has one), or at the server (`dropbox courier request`), and bring its request"
        )
    if any(one.key == new.key and (one.desk == SERVER_NAME) != (new.desk == SERVER_NAME) for one in given):
        raise RefusedError("this very key was certified for a desk and not for the server, or the reverse")
    used = {one.serial for one in given}
    number = wanted if wanted is not None else max(used, default=0) + 1
    if not 1 <= number <= SERIAL_MAX:
        raise RefusedError(f"a serial is a number from 1 to {SERIAL_MAX}: when they are used up, make a new root")
    if number in used:
        raise RefusedError(f"the serial {number} was used before: leave --serial out to get the next one")
    path = root.folder / SERIALS_FILE
    line = f"{number} {new.desk} {new.first} {new.last} {new.key.hex()}\n"
    write_whole(path, read_private(path) + line.encode("ascii"), replace=True)
    return number


def serials(folder: Path) -> list[IssuedCertificate]:
    """What was ever certified; raises NotFoundError or MalformedError when the list is not whole."""
    try:
        lines = read_private(folder / SERIALS_FILE).decode("ascii").splitlines()
        return [_issued_from(line) for line in lines if line.strip() and not line.startswith("#")]
    except NotFoundError:
        raise NotFoundError(
            "serials.txt is missing beside root.key: bring the list from the last ceremony, else a serial may be given"
            " twice and a revocation would miss a key"
        ) from None
    except ValueError:
        raise MalformedError("serials.txt is not a list of serials") from None


def _issued_from(line: str) -> IssuedCertificate:
    serial, desk, first, last, station = line.split()
    return IssuedCertificate(int(serial), desk, int(first), int(last), bytes.fromhex(station))


def held_revocations(root: Root) -> Revocations:
    """The newest list of revocations, which lies beside the root.

    Raises:
        NotFoundError: it is missing: a revoked key might be certified again.
        UntrustedError: it was not signed by this root; likewise MalformedError.
    """
    try:
        held = read_private(root.folder / REVOCATIONS_FILE)
    except NotFoundError:
        raise NotFoundError(
            "the list `revocations` is missing beside root.key: bring it from the last ceremony, else a key that was"
            " revoked may be certified again"
        ) from None
    return open_revocations(root.anchor, held)


def revoke(root: Root, more: set[int], today: Day) -> bytes:
    """The next list of revocations: all earlier keys and those of these serials; kept beside the root as well.

    Raises:
        RefusedError: a serial was never given, or all lists of this root are used up.
        NotFoundError: the list of serials or of revocations is missing; likewise MalformedError, UntrustedError.
    """
    given = {one.serial: one for one in serials(root.folder)}
    if more - given.keys():
        raise RefusedError("a serial to revoke was never given: look it up in serials.txt")
    return _next_list(root, {given[serial].key: today for serial in more}, today)


def revoked_serials(root: Root) -> list[int]:
    """The serials that no longer hold, because their key was revoked under one of them; raises as `revoke`."""
    revoked = held_revocations(root).keys
    return sorted(one.serial for one in serials(root.folder) if one.key in revoked)


def _next_list(root: Root, more: Mapping[bytes, int], today: Day) -> bytes:
    held = held_revocations(root)
    if held.number >= REVOCATION_LISTS_MAX:
        raise RefusedError("this root has signed all the lists of revocations that it may: hold a new ceremony")
    _check_clock(root, today)
    listed = Revocations(root.anchor.instance, held.number + 1, today, {**more, **held.keys})
    signed = _signed_list(root.key, listed)
    write_whole(root.folder / REVOCATIONS_FILE, signed, replace=True)
    return signed


def _check_clock(root: Root, today: Day) -> None:
    """Refuse to go on from a list of a day to come, before a serial is spent: readers would refuse the next one."""
    made = held_revocations(root).made
    if made > today:
        raise RefusedError(
            f"the last list of revocations bears the day {date_of(made)}, and this machine's clock is behind it: set"
            " the clock right. If it was wrong at the last ceremony, go on with this folder's copy from before that"
        )


def _signed_list(key: RootKey, listed: Revocations) -> bytes:
    body = listed.encode()
    return encode_revocations(body, key.sign(REVOCATIONS, listed.instance, body))


def sign_file(root: Root, file: bytes) -> bytes:
    """What the root says about a file: that this very one is meant (FORMAT "Signed file")."""
    signature = root.key.sign(FILE, root.anchor.instance, file)
    return FileSignature(root.anchor.instance, hashlib.sha256(file).digest(), signature).encode()
