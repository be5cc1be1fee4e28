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
        try:
            return get(self.socks_port, self.host, "/favicon.ico").status == 204
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
    path = folder / torrc.SERVICE_FOLDER / "hostname"
    wait_until("Tor has named the service", path.exists)
    wait_until("the name is written", path.read_text)
    return path.read_text("ascii").strip()


@contextlib.contextmanager
def private_network(folder: Path, site_port: int) -> Iterator[Network]:
    """The network, starting; its onion service leads to a port of this machine.

    Args:
        folder: for everything that Tor writes; short enough a path, with nobody else's way in (0700).
        site_port: where the site will listen.
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
    own["service"] = torrc.service(folders["service"], site_port)
    socks_port = next(ports)
    own["client"] = torrc.client(socks_port)
    with contextlib.ExitStack() as stack:
        daemons = [
            stack.enter_context(running(where, torrc.common(where, name, authorities) + own[name]))
            for name, where in folders.items()
        ]
        yield Network(daemons, socks_port, _host(folders["service"]))
