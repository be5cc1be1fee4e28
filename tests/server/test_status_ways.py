"""What is seen of the proxy's port, of its certificate, and of Tor."""

import contextlib
import datetime
import ipaddress
import os
import pwd
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dropbox.sentences.catalogue import Sentence
from dropbox.server import entrances
from dropbox.server.entrances import Refused, look
from dropbox.settings.installation import Settings, load
from dropbox.web.checks import sockets
from dropbox.web.checks.sockets import Peer
from tests.support.server import free_port

HOST = "localhost"
TODAY = datetime.datetime.now(datetime.UTC).replace(microsecond=0)


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
def proxy(file: Path | None) -> Iterator[Settings]:
    """Settings whose address is a port that gives a certificate to each who comes, or closes at once without one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if file:
        context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with contextlib.suppress(OSError):  # the listener was closed, or the certificate refused
                while True:
                    with contextlib.suppress(ssl.SSLError), listener.accept()[0] as plain:
                        plain.settimeout(10)
                        if file:
                            context.wrap_socket(plain, server_side=True).close()
                        else:
                            plain.recv(1)
                            plain.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

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
    """The last day of a certificate of a known authority is seen, and that somebody listens."""
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with proxy(file) as site:
        seen = look(site)
    assert seen.proxy is True
    assert seen.certificate == (TODAY + datetime.timedelta(days=30)).date()


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


def test_a_port_without_tls_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers in plain HTTP at the port of an https address is refused."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path)))
    with proxy(None) as site:
        assert isinstance(look(site).certificate, Refused)


def test_a_port_at_which_nobody_listens() -> None:
    """The proxy is not there, and its certificate was not seen."""
    seen = look(settings(f"https://{HOST}:{free_port()}"))
    assert seen.proxy is False
    assert seen.certificate == Sentence("unseen.no-listener")


def test_ways_that_the_settings_do_not_name() -> None:
    """Without addresses nothing is looked at."""
    assert look(settings("")) == entrances.Entrances(None, None, None)


@pytest.mark.parametrize(
    ("peers", "seen"),
    [(["192.0.2.1"], True), (["2001:db8::1", "127.0.0.1"], True), (["127.0.0.1"], False), ([], False)],
)
def test_tor_is_there_while_it_is_connected(monkeypatch: pytest.MonkeyPatch, peers: list[str], seen: bool) -> None:  # noqa: FBT001
    """A connection of Tor's user to another machine counts, one to this machine and those of others do not."""
    own = os.geteuid()
    monkeypatch.setattr(entrances, "_TOR", (pwd.getpwuid(own).pw_name,))
    held = [*(Peer(one, own) for one in peers), Peer("192.0.2.2", own + 1)]
    monkeypatch.setattr(sockets, "peers", lambda: held)
    assert look(settings("", "a" * 56 + ".onion")).tor is seen


def test_a_machine_without_tor_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no user of Tor is known the reason is said."""
    monkeypatch.setattr(entrances, "_TOR", ("nobody-of-this-name",))
    assert look(settings("", "a" * 56 + ".onion")).tor == Sentence("unseen.no-tor")


def test_connections_are_read_from_the_kernel() -> None:
    """Both ends of a connection on loopback are listed with this user, and no listener is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()), listener.accept()[0]:
            assert Peer("127.0.0.1", os.geteuid()) in sockets.peers()
        assert all(not ipaddress.ip_address(one.address).is_unspecified for one in sockets.peers())
