"""A demo behind an onion service of a private Tor network, and Firefox that has no other way out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stage import Demo, Open, write_video
from tests.browser_js.conftest import build
from tests.support.server import serving
from tests.tor.network import Network, private_network, quiet_ports
from tests.tor.outside import watched_firefox

FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Onion:
    """The demo, its server, and the network through which it can be reached."""

    open: Open
    network: Network

    @property
    def demo(self) -> Demo:
        return self.open.demo

    @property
    def address(self) -> str:
        return self.network.address


@pytest.fixture(scope="module")
def onion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Onion]:
    """As README has it: Tor names the service, the name goes into dropbox.toml, then the site is served."""
    build()
    stage = tmp_path_factory.mktemp("onion")
    stage.chmod(0o700)
    (port,) = quiet_ports(1)
    with private_network(stage, port) as network:
        demo = Demo.make(stage / "demo", port)
        with demo.site.config.open("a", encoding="utf-8") as config:
            config.write(f'[site]\nonion = "{network.host}"\n')
        with serving(demo.site, port=port) as server:
            network.wait()
            yield Onion(Open(demo, server), network)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reporter filmed."""
    return write_video(tmp_path_factory.mktemp("film") / "VID_0002.mp4", FILE_BYTES)
