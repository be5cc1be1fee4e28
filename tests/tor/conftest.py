"""A demo behind an onion service of a private Tor network, and Firefox that is to have no other way out."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dropbox.store.database import Store
from tests.browser.firefox import Firefox, program
from tests.browser.person import DESKTOP
from tests.browser.stage import Demo, write_video
from tests.browser_js import browsers
from tests.browser_js.conftest import build
from tests.support.server import Server, serving
from tests.tor.courier import Pair, make_pair
from tests.tor.network import Network, private_network, quiet_ports
from tests.tor.outside import Watched
from tests.tor.prefs import SETTINGS, through_tor

FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Onion:
    """The demo, its server, and the network through which reporters reach it."""

    demo: Demo
    server: Server
    network: Network
    courier_port: int
    courier_keys: Pair

    @property
    def address(self) -> str:
        return self.network.address

    def stored(self) -> tuple[int, int]:
        """How many blobs the server holds, and how many uploads are unfinished."""
        store = Store.open(f"sqlite:///{self.demo.folder / 'server' / 'dropbox.db'}")
        try:
            return len(store.blobs.snapshot()), store.blobs.remaining()[-1]
        finally:
            store.close()

    @contextlib.contextmanager
    def window(self, folder: Path, settings: str) -> Iterator[browsers.Firefox]:
        """Firefox with JavaScript; at the end nothing of it may have gone anywhere but to the SOCKS port."""
        watched = Watched.make(program(), folder)
        prefs = through_tor(self.network.socks_port) | SETTINGS[settings]
        window = browsers.Firefox(folder / "gecko.log", prefs, binary=str(watched.program))
        try:
            yield window
        finally:
            window.close()
        watched.assert_went_only_to(self.network.socks_port)

    @contextlib.contextmanager
    def person(self, folder: Path) -> Iterator[Firefox]:
        """Tor Browser's settings and JavaScript off; the rest as `window`."""
        watched = Watched.make(program(), folder)
        prefs = through_tor(self.network.socks_port) | SETTINGS["tor-browser"]
        person = Firefox(folder / "gecko.log", DESKTOP, prefs, str(watched.program))
        try:
            yield person
        finally:
            if not person.gone:
                person.leave()
        watched.assert_went_only_to(self.network.socks_port)


@pytest.fixture(scope="module")
def onion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Onion]:
    """In OPERATING.md's order: Tor names the service, the name goes into dropbox.toml, then the site is served."""
    build()
    stage = tmp_path_factory.mktemp("onion")
    stage.chmod(0o700)
    port, courier_port = quiet_ports(2)
    keys = make_pair(stage)
    with private_network(stage, port, courier_port, keys.public) as network:
        demo = Demo.make(stage / "demo", port)
        with demo.site.config.open("a", encoding="utf-8") as config:
            config.write(f'[site]\nonion = "{network.host}"\n')
        with serving(demo.site, port=port) as server:
            network.wait()
            yield Onion(demo, server, network, courier_port, keys)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reporter filmed."""
    return write_video(tmp_path_factory.mktemp("film") / "VID_0002.mp4", FILE_BYTES)
