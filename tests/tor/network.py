"""A private Tor network on 127.0.0.1: three authorities, four relays, an onion service, a client.

It is real Tor from end to end: six relays between browser and site, a descriptor in the relays' directory, end-to-end
encryption by the onion's own key. Only its size and its hurry are a test's.
"""

import contextlib
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.server import wait_until
from tests.tor import torrc
from tests.tor.daemon import Daemon, make_authority, running
from tests.tor.socks import get

_AUTHORITIES = 3
_RELAYS = 4  # with the authorities seven: both sides of a rendezvous find enough that differ
_START_SECONDS = 240.0  # on a busy machine; 11 to 40 when it is quiet


@dataclass(frozen=True)
class Network:
    """A running network and the one onion service in it."""

    daemons: list[Daemon]
    socks_port: int
    host: str  # of the service: 56 characters and .onion
    courier_host: str  # of the courier's page, which asks for a client key
    _authorities: list[str]

    @property
    def address(self) -> str:
        return f"http://{self.host}"

    def wait(self) -> None:
        """Until the site can be reached; the server must be running."""
        for daemon in self.daemons:
            wait_until(f"{daemon.folder.name} knows the network", daemon.is_ready, _START_SECONDS)
        wait_until("the service has made itself known", self._answers, _START_SECONDS)

    def _answers(self) -> bool:
        # Tor says that it is ready before its descriptor is in the directory.
        return reaches(self.socks_port, self.host, "/favicon.ico", 204)

    @contextlib.contextmanager
    def client(self, folder: Path, key: str) -> Iterator[int]:
        """A courier's Tor with a private client key in base32, which already reaches the site; yields its SOCKS port.

        Args:
            folder: for everything that it writes; short enough a path.
            key: as RUNNING.md makes it.
        """
        keys = folder / "keys"
        keys.mkdir(mode=0o700)
        (keys / "courier.auth_private").write_text(
            f"{self.courier_host.removesuffix('.onion')}:descriptor:x25519:{key}\n"
        )
        (keys / "courier.auth_private").chmod(0o600)
        (port,) = quiet_ports(1)
        lines = torrc.common(folder, "courier", self._authorities) + torrc.client(port, keys)
        with running(folder, lines):
            wait_until("it reaches the site", lambda: reaches(port, self.host, "/favicon.ico", 204), _START_SECONDS)
            yield port


def reaches(socks_port: int, host: str, path: str, status: int) -> bool:
    """Whether a page is reached, and has this status."""
    try:
        return get(socks_port, host, path).status == status
    except OSError:
        return False


def quiet_ports(count: int) -> list[int]:
    """Ports that nobody listens at, below those that the system gives to outgoing connections while we start."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    candidates = list(range(max(1024, lowest - 16_000), lowest))
    secrets.SystemRandom().shuffle(candidates)
    found: list[int] = []
    while len(found) < count:
        with contextlib.suppress(OSError), socket.socket() as probe:
            port = candidates.pop()
            probe.bind((torrc.HERE, port))
            found.append(port)
    return found


def _host(folder: Path) -> str:
    path = folder / "hostname"
    wait_until("Tor has named the service", path.exists)
    wait_until("the name is written", path.read_text)
    return path.read_text("ascii").strip()


@contextlib.contextmanager
def private_network(folder: Path, site_port: int, courier_port: int, courier_key: str) -> Iterator[Network]:
    """The network, starting; its two onion services lead to ports of this machine.

    Args:
        folder: for everything that Tor writes; short enough a path, with nobody else's way in (0700).
        site_port: where the site will listen.
        courier_port: where the courier's page will listen.
        courier_key: public key of the only client who may learn of that page, in base32.
    """
    names = [f"authority{at}" for at in range(_AUTHORITIES)]
    folders = {name: folder / name for name in [*names, *(f"relay{at}" for at in range(_RELAYS)), "service", "client"]}
    for one in folders.values():
        one.mkdir(mode=0o700)
    ports = iter(quiet_ports(2 * _AUTHORITIES + _RELAYS + 1))
    own: dict[str, list[str]] = {}
    authorities = []
    for name in names:
        port, directory_port = next(ports), next(ports)
        authorities.append(make_authority(folders[name], name, port, directory_port))
        own[name] = torrc.authority(port, directory_port)
    for name in folders:
        if name.startswith("relay"):
            own[name] = torrc.relay(next(ports))
    own["service"] = torrc.service(folders["service"], site_port, courier_port)
    allowed = folders["service"] / torrc.COURIER_FOLDER / "authorized_clients"
    allowed.mkdir(mode=0o700, parents=True)
    allowed.parent.chmod(0o700)
    (allowed / "courier.auth").write_text(f"descriptor:x25519:{courier_key}\n")
    socks_port = next(ports)
    own["client"] = torrc.client(socks_port)
    with contextlib.ExitStack() as stack:
        daemons = [
            stack.enter_context(running(where, torrc.common(where, name, authorities) + own[name]))
            for name, where in folders.items()
        ]
        hosts = [_host(folders["service"] / name) for name in (torrc.SERVICE_FOLDER, torrc.COURIER_FOLDER)]
        yield Network(daemons, socks_port, *hosts, authorities)
