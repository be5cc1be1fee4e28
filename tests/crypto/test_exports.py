"""What the pinned root stands for when a server signs an export, and what it does not stand for."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from dropbox.crypto.exports import open_server_certificate, verify_export
from dropbox.crypto.private.desk_keys import RootKey, StationKey
from dropbox.crypto.private.server_key import ServerKey
from dropbox.crypto.signing import Trust, verify_certificate
from dropbox.errors import DropboxError, MalformedError, UnbelievedExportError, UntrustedError
from dropbox.limits import NUMBERS_PER_SERIAL, SERVER_CERTIFICATE_DAYS
from dropbox.wire.bundle import ExportReader
from dropbox.wire.fields import lp
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.server import ServerCertificate, encode_server_certificate, parse_server_request
from dropbox.wire.signed import Certificate
from tests.support.exports import Server

TODAY = 20781
ROOT = RootKey.generate()
ANCHOR = RootAnchor(bytes(16), ROOT.public, demo=False, last=TODAY + 900)
SERVER = Server(ROOT, ANCHOR)


def export(number: int = 1, day: int = TODAY, server: Server = SERVER, **changes: Any) -> bytes:
    """Without blobs."""
    return b"".join(server.pieces(server.head(number, day, changes.pop("certificate", None)), [], {2968: 1}, **changes))


def believe(raw: bytes, today: int = TODAY, revoked: frozenset[bytes] = frozenset()) -> None:
    """Read to its end and verify."""
    reader = ExportReader(io.BytesIO(raw).read, ANCHOR.instance)
    certificate = open_server_certificate(ANCHOR, reader.head.certificate)
    assert list(reader.blobs()) == []
    verify_export(Trust(ANCHOR, today, revoked), certificate, reader.head, reader.trailer)


def test_a_signed_export_is_believed() -> None:
    """On its day, the day before by another clock, and long after, when its certificate is over."""
    raw = export()
    for today in (TODAY, TODAY - 1, TODAY + 899):
        believe(raw, today)


@pytest.mark.parametrize(
    ("reason", "raw"),
    [
        ("signature", lambda: export(sign=lambda _: bytes(64))),
        ("signature", lambda: export(sign=lambda sha256: ServerKey.generate().sign_export(ANCHOR.instance, sha256))),
        ("signature", lambda: export(sign=lambda sha256: SERVER.key.sign_export(bytes(15) + b"x", sha256))),
        ("signature", lambda: export(0)),
        ("signature", lambda: export(NUMBERS_PER_SERIAL + 1)),
        ("signature", lambda: export(2**64 - 1)),
        ("signature", lambda: export(NUMBERS_PER_SERIAL, server=Server(ROOT, ANCHOR, serial=2))),
        ("certificate", lambda: export(certificate=SERVER.certificate(TODAY - 9, TODAY - 1))),
        ("certificate", lambda: export(certificate=SERVER.certificate(TODAY + 1, TODAY + 9))),
        ("certificate", lambda: export(day=ANCHOR.last + 1)),
        ("future", lambda: export(day=TODAY + 2)),
    ],
)
def test_an_export_is_not_believed(reason: str, raw: Callable[[], bytes]) -> None:
    """By its signature, its number, the certificate's days or its own, and the reason says which."""
    with pytest.raises(UnbelievedExportError) as caught:
        believe(raw())
    assert caught.value.reason == reason


def test_a_revoked_key_is_not_believed() -> None:
    """Under whatever serial."""
    revoked: frozenset[bytes] = frozenset({SERVER.key.public})
    for server in (SERVER, Server(ROOT, ANCHOR, SERVER.key, serial=3)):
        with pytest.raises(UnbelievedExportError) as caught:
            believe(export(NUMBERS_PER_SERIAL * (server.serial - 1) + 1, server=server), revoked=revoked)
        assert caught.value.reason == "revoked"


def test_every_bit_counts() -> None:
    """With one bit turned over, wherever it is, an export is refused or not believed."""
    whole = export()
    for at in range(len(whole)):
        with pytest.raises(DropboxError):
            believe(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def signed(root: RootKey = ROOT, label: str = "server certificate", **changes: Any) -> bytes:
    """A server's certificate with other values."""
    values = {"server": SERVER.key.public, "first": TODAY, "last": TODAY + 9, "serial": 1, "demo": False}
    body = ServerCertificate(**({"instance": ANCHOR.instance} | values | changes)).encode()
    return encode_server_certificate(body, root.sign(label, ANCHOR.instance, body))


@pytest.mark.parametrize(
    "changes",
    [
        {"root": RootKey.generate()},
        {"label": "certificate"},
        {"instance": bytes(15) + b"x"},
        {"demo": True},
        {"last": TODAY + SERVER_CERTIFICATE_DAYS + 1},
        {"last": TODAY - 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_certificate_of_another_is_refused(changes: dict[str, Any]) -> None:
    """By root, label, instance, use or length, before a blob is read."""
    assert open_server_certificate(ANCHOR, signed()).server == SERVER.key.public
    with pytest.raises(UntrustedError):
        open_server_certificate(ANCHOR, signed(**changes))


@pytest.mark.parametrize("label", ["certificate", "server certificate"])
def test_desks_and_servers_are_never_confused(label: str) -> None:
    """A certificate of one kind is no certificate of the other, whatever label the root signed it under."""
    station = StationKey.generate().public
    body = Certificate(ANCHOR.instance, "itjen", station, TODAY, TODAY + 9, 1, demo=False).encode()
    with pytest.raises(MalformedError):
        open_server_certificate(ANCHOR, lp(body) + ROOT.sign(label, ANCHOR.instance, body))
    with pytest.raises((MalformedError, UntrustedError)):
        verify_certificate(Trust(ANCHOR, TODAY), signed(label=label))


def test_the_servers_key_signs_exports_alone() -> None:
    """It has no method that takes a label, and shows no byte of its seed."""
    key = ServerKey.generate()
    assert [name for name in dir(key) if not name.startswith("_")] == ["generate", "public", "seed", "sign_export"]
    assert key.seed.hex() not in repr(key)
    assert repr(key.seed) not in repr(key)


@pytest.mark.parametrize(
    "untrusted",
    [
        b"",
        b"dropbox private file v1\nkind: root\n",
        b"dropbox station request v1\n",
        b"dropbox server request v1\ninstance: " + b"0" * 32 + b"\nserver: " + b"0" * 63 + b"\n",
        b"dropbox server request v1\ninstance: " + b"0" * 32 + b"\nserver: " + b"0" * 64 + b"\n\n",
    ],
)
def test_no_other_file_is_a_servers_request(untrusted: bytes) -> None:
    """There is one form of it."""
    with pytest.raises(MalformedError):
        parse_server_request(untrusted)
