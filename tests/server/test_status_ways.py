"""What is seen of the proxy's port, of its certificate, and of Tor."""

import contextlib
import datetime
import ipaddress
import os
import pwd
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dropbox.sentences.catalogue import Sentence
from dropbox.server import entrances
from dropbox.server.entrances import Refused, Valid, look
from dropbox.settings.installation import Settings, load
from dropbox.web.checks import sockets
from dropbox.web.checks.sockets import Datagram, Listener, Peer
from tests.support.server import free_port

HOST = "localhost"
TODAY = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
VALID = Valid((TODAY + datetime.timedelta(days=30)).date(), 90)
ONION = "a" * 56 + ".onion"


def certificate(folder: Path, name: str = HOST, days: int = 30) -> Path:
    """A certificate for a name, signed by itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(TODAY - datetime.timedelta(days=60))
        .not_valid_after(TODAY + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@contextlib.contextmanager
def proxy(file: Path | None, answer_with: bytes = b"", at: tuple[str, int] = ("127.0.0.1", 0)) -> Iterator[Settings]:
    """Settings whose address is a port that gives a certificate to each who comes, or bytes, and closes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if file:
        context.load_cert_chain(file)
    with socket.create_server(at) as listener:

        def answer() -> None:
            with contextlib.suppress(OSError):  # the listener was closed, or the certificate refused
                while True:
                    with contextlib.suppress(ssl.SSLError), listener.accept()[0] as plain:
                        plain.settimeout(10)
                        if file:
                            context.wrap_socket(plain, server_side=True).close()
                        else:
                            plain.recv(1)
                            plain.sendall(answer_with)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield settings(f"https://{HOST}:{listener.getsockname()[1]}")
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def settings(address: str, onion: str = "") -> Settings:
    return replace(load(), address=address, onion=onion)


def test_the_end_of_a_certificate_that_browsers_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last day and the length of a certificate of a known authority are seen, and that somebody listens."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with proxy(file) as site:
        seen = look(site)
    assert seen.proxy is True
    assert seen.certificate == VALID


@pytest.mark.parametrize(("name", "days"), [("other.example", 30), (HOST, -1)])
def test_a_certificate_that_browsers_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, days: int
) -> None:
    """One for another name and one that has ended are refused."""
    file = certificate(tmp_path, name, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with proxy(file) as site:
        assert isinstance(look(site).certificate, Refused)


def test_a_certificate_of_an_unknown_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that only signs itself is refused, and nothing is said on a machine that knows no authority."""
    (known := tmp_path / "known").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(known)))
    with proxy(certificate(tmp_path)) as site:
        assert isinstance(look(site).certificate, Refused)
        monkeypatch.setattr(entrances, "_knows_authorities", lambda: False)
        assert look(site).certificate == Sentence("unseen.authorities")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_is_no_certificate_is_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """A port that closes, or that answers without TLS, has not shown a certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    with proxy(None, answer) as site:
        assert look(site).certificate == Sentence("unseen.no-connection")


def test_each_listener_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several listeners one that closes hides no certificate and is named, and a refused certificate is found."""
    (other := tmp_path / "other").mkdir()
    good, bad = certificate(tmp_path), certificate(other, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(good))
    for first, second, seen in ((None, good, Valid), (good, None, Valid), (good, bad, Refused), (bad, good, Refused)):
        with proxy(first) as site:
            port = int(site.address.rpartition(":")[2])
            with proxy(second, at=("127.0.0.2", port)):
                found = look(site)
                assert isinstance(found.certificate, seen)
                closing = [at for at, one in (("127.0.0.1", first), ("127.0.0.2", second)) if one is None]
                assert [*found.silent] == closing


def test_a_port_at_which_nobody_listens() -> None:
    """The proxy is not there, and its certificate was not seen."""
    seen = look(settings(f"https://{HOST}:{free_port()}"))
    assert seen.proxy is False
    assert seen.certificate == Sentence("unseen.no-listener")


def test_ways_that_the_settings_do_not_name() -> None:
    """Without addresses nothing is looked at."""
    assert look(settings("")) == entrances.Entrances(None, None, None)


@dataclass
class Tor:
    """What the kernel says of this user as Tor's, and of another one as anybody's."""

    patch: pytest.MonkeyPatch
    user: int = field(default_factory=os.geteuid)

    def seen(
        self, peers: Sequence[str] = (), listens: Sequence[str] = (), udp: Sequence[str] = (), *, installed: bool = True
    ) -> object:
        other = self.user + 1
        self.patch.setattr(entrances, "_TOR", (pwd.getpwuid(self.user).pw_name,))
        self.patch.setattr(entrances, "_has_program", lambda: installed)
        held = [*(Peer(one, self.user) for one in peers), Peer("192.0.2.2", other)]
        listeners = [*(Listener(one, 9050, self.user, "1") for one in listens), Listener("192.0.2.3", 22, other, "2")]
        datagrams = [*(Datagram(one, self.user) for one in udp), Datagram("192.0.2.3", other)]
        self.patch.setattr(sockets, "peers", lambda: held)
        self.patch.setattr(sockets, "listeners", lambda: listeners)
        self.patch.setattr(sockets, "datagrams", lambda: datagrams)
        return look(settings("", ONION)).tor


@pytest.fixture
def tor(monkeypatch: pytest.MonkeyPatch) -> Tor:
    return Tor(monkeypatch)


@pytest.mark.parametrize(
    ("peers", "seen"),
    [(["192.0.2.1"], True), (["2001:db8::1", "127.0.0.1"], True), (["127.0.0.1"], False), ([], False)],
)
def test_tor_is_there_while_it_is_connected(tor: Tor, peers: list[str], seen: bool) -> None:  # noqa: FBT001
    """A connection of Tor's user to another machine counts, one to this machine and those of others do not."""
    assert tor.seen(peers) is seen


@pytest.mark.parametrize("address", ["::", "192.0.2.7"])
def test_tor_through_udp_is_not_judged(tor: Tor, address: str) -> None:
    """A UDP socket of Tor's user, as Snowflake has it, may be its way out; one on loopback is not."""
    assert tor.seen(["127.0.0.1"], udp=[address]) == Sentence("unseen.tor-udp")
    assert tor.seen(["192.0.2.1"], udp=[address]) is True
    assert tor.seen(["127.0.0.1"], udp=["127.0.0.1"]) is False


def test_a_user_that_a_package_left_behind_is_not_judged(tor: Tor) -> None:
    """A user of Tor without sockets and without its program is no Tor; with one of them it is."""
    assert tor.seen(installed=False) == Sentence("unseen.no-tor")
    assert tor.seen(installed=True) is False
    assert tor.seen(listens=["127.0.0.1"], installed=False) is False


def test_a_machine_without_tor_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no user of Tor is known the reason is said."""
    monkeypatch.setattr(entrances, "_TOR", ("nobody-of-this-name",))
    assert look(settings("", ONION)).tor == Sentence("unseen.no-tor")


def test_udp_sockets_are_read_from_the_kernel() -> None:
    """A socket that is bound to an address is listed with it and with this user."""
    for family, address in ((socket.AF_INET, "127.0.0.3"), (socket.AF_INET6, "::")):
        with socket.socket(family, socket.SOCK_DGRAM) as bound:
            bound.bind((address, 0))
            assert Datagram(address, os.geteuid()) in sockets.datagrams()


def test_connections_are_read_from_the_kernel() -> None:
    """Both ends of a connection on loopback are listed with this user, and no listener is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()), listener.accept()[0]:
            assert Peer("127.0.0.1", os.geteuid()) in sockets.peers()
        assert all(not ipaddress.ip_address(one.address).is_unspecified for one in sockets.peers())
