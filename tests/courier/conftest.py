"""A courier's office: a store, a pinned root, two desks, and the settings file that names them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from courier_desks import DESKS, TODAY, Desk, Office, new_root

from dropbox.courier import signer
from dropbox.crypto.signing import Trust
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from tests.support.exports import Server


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a database without rows."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    upgrade(f"sqlite:///{path}")
    Store.open(f"sqlite:///{path}").close()
    return path.read_bytes()


def make_office(folder: Path) -> Office:
    """An office in a folder with a database."""
    root, anchor = new_root()
    (folder / "root.pub").write_bytes(anchor.encode())
    (folder / "dropbox.toml").write_text('[server]\ndatabase = "sqlite:///store.db"\nroot_pub = "root.pub"\n')
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    wanted = signer.request(store, Trust(anchor, TODAY))
    certificate = Server(root, anchor).certificate(TODAY - 10, TODAY + 300, server=wanted.server)
    signer.install(store, Trust(anchor, TODAY), certificate)
    desks = {name: Desk(name, root, anchor) for name in DESKS}
    return Office(root, anchor, store, folder / "dropbox.toml", **desks)


@pytest.fixture
def new_office(tmp_path_factory: pytest.TempPathFactory, empty_database: bytes) -> Iterator[Callable[[], Office]]:
    """Makes offices, for tests that need many."""
    opened = []

    def make() -> Office:
        folder = tmp_path_factory.mktemp("office")
        (folder / "store.db").write_bytes(empty_database)
        office = make_office(folder)
        opened.append(office.store)
        return office

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def office(new_office: Callable[[], Office]) -> Office:
    """One of them."""
    return new_office()
