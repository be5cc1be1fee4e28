"""What is between a visitor and a site, of the tests' own: a SOCKS5 proxy (RFC 1928, RFC 1929), certificates."""

import contextlib
import datetime
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASS: Sequence[bytes] = (b"\x05\x02", b"\x01\x00", b"\x05\x00\x00\x03\x01x\x00\x00")  # bound to the name "x"


@dataclass
class Socks:
    """What it answers at each step (fewer than three: then it closes), what it was asked for, and by whom."""

    to: int
    answers: Sequence[bytes] = PASS
    port: int = 0
    asked: list[tuple[str, int]] = field(default_factory=list)
    users: list[str] = field(default_factory=list)

    def _greet(self, line: socket.socket) -> bool:
        """Whether all steps were gone."""
        answers = list(self.answers)
        stream = line.makefile("rb")

        def step(wanted: bytes) -> bool:
            if not answers:
                return False
            answer = answers.pop(0)
            line.sendall(answer)
            return answer == wanted

        assert stream.read(3) == b"\x05\x01\x02"
        if not step(PASS[0]):
            return False
        _, count = stream.read(2)
        self.users.append(stream.read(count).decode("ascii"))
        stream.read(stream.read(1)[0])
        if not step(PASS[1]):
            return False
        assert stream.read(4) == b"\x05\x01\x00\x03"
        name = stream.read(stream.read(1)[0]).decode("ascii")
        self.asked.append((name, int.from_bytes(stream.read(2), "big")))
        return step(PASS[2])

    @contextlib.contextmanager
    def running(self) -> Iterator["Socks"]:
        """Serve until the end of the block."""

        def handle(line: socket.socket) -> None:
            if self._greet(line):
                _join(line, self.to)

        with _serving(handle) as self.port:
            yield self


def write_certificates(folder: Path, host: str) -> None:
    """Write ca.pem, and site.pem with a key and a certificate for a host that it signed."""
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("test authority", host)}

    def made(subject: str, extension: x509.ExtensionType, *, critical: bool) -> bytes:
        builder = x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named("test authority"))
        builder = builder.public_key(keys[subject].public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - day).not_valid_after(now + day)
        builder = builder.add_extension(extension, critical=critical)
        return builder.sign(keys["test authority"], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    key = keys[host].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    authority = made("test authority", x509.BasicConstraints(ca=True, path_length=0), critical=True)
    (folder / "ca.pem").write_bytes(authority)
    site = made(host, x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    (folder / "site.pem").write_bytes(key + site)


@contextlib.contextmanager
def _serving(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Handle each connection to a port in a thread of its own; yields the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                handle(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _join(line: socket.socket, port: int) -> None:
    """Carry bytes in both directions until the site ends the connection."""
    with socket.create_connection(("127.0.0.1", port)) as site:
        there = threading.Thread(target=_pump, args=(line, site), daemon=True)
        there.start()
        _pump(site, line)
    line.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
