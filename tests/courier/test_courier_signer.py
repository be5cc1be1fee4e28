"""The server's key: asked for, certified, renewed and revoked, and what the courier is told about it."""

import shutil
from pathlib import Path

import pytest
from courier_desks import DESKS, TODAY, Office
from sqlalchemy import text

from dropbox.courier import signer
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import import_bundle
from dropbox.crypto.exports import open_server_certificate
from dropbox.crypto.signing import Trust
from dropbox.errors import ConfigurationError, DropboxError, RefusedError, StorageLostError, UntrustedError
from dropbox.limits import NUMBERS_PER_SERIAL, SERVER_CERTIFICATE_DAYS
from dropbox.store.database import Store
from dropbox.store.migrate import upgrade
from tests.support.exports import Server


def new_store(folder: Path, name: str) -> Store:
    """A server that was set up anew."""
    upgrade(f"sqlite:///{folder / name}")
    return Store.open(f"sqlite:///{folder / name}")


def trust(office: Office, today: int = TODAY, *revoked: bytes) -> Trust:
    return Trust(office.anchor, today, frozenset(revoked))


def certified(office: Office, store: Store, serial: int, first: int = TODAY, last: int = TODAY + 300) -> bytes:
    """What the ceremony would give for the store's request."""
    server = signer.request(store, trust(office)).server
    return Server(office.root, office.anchor, serial=serial).certificate(first, last, server=server)


def export(office: Office, store: Store, path: Path) -> int:
    """Its number."""
    return export_to(path, store, signer.signer(store, office.anchor), TODAY).number


def test_a_server_without_a_certificate_exports_nothing(office: Office, tmp_path: Path) -> None:
    """It says the three steps instead; asking twice asks for the same key."""
    store = new_store(tmp_path, "new.db")
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"courier request.*root.*courier import"):
            export(office, store, tmp_path / "out")
        wanted = signer.request(store, trust(office))
        assert wanted == signer.request(store, trust(office))
    assert not (tmp_path / "out").exists()
    done = import_bundle(store, office.anchor, certified(office, store, 7), DESKS, TODAY)
    assert done.is_new
    assert not import_bundle(store, office.anchor, certified(office, store, 7), DESKS, TODAY).is_new
    assert export(office, store, tmp_path / "out") == 6 * NUMBERS_PER_SERIAL + 1
    store.close()


def test_nothing_is_acknowledged_that_a_standby_may_lack(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second request and a second import of a certificate wait for the standbys, and fail without them."""

    def confirm(_: object) -> None:
        raise StorageLostError("store.lost")

    raw = signer.signer(office.store, office.anchor).raw
    assert signer.install(office.store, trust(office), raw)[1] is False
    monkeypatch.setattr("dropbox.store.connections.Connections.confirm", confirm)
    with pytest.raises(StorageLostError):
        signer.install(office.store, trust(office), raw)
    with pytest.raises(StorageLostError):
        signer.request(office.store, trust(office))


def test_a_renewed_certificate_counts_on_beyond_the_old(office: Office, tmp_path: Path) -> None:
    """The numbers of each serial are its own, and none is used twice."""
    numbers = [export(office, office.store, tmp_path / "1")]
    import_bundle(office.store, office.anchor, certified(office, office.store, 4), DESKS, TODAY)
    numbers += [export(office, office.store, tmp_path / name) for name in "23"]
    assert numbers == [1, 3 * NUMBERS_PER_SERIAL + 1, 3 * NUMBERS_PER_SERIAL + 2]


def test_used_up_numbers_are_said(office: Office, tmp_path: Path) -> None:
    """No number beyond the serial's is ever signed."""
    office.store.state.put("export", NUMBERS_PER_SERIAL.to_bytes(8))
    with pytest.raises(RefusedError, match="used up"):
        export(office, office.store, tmp_path / "out")


def test_what_is_not_this_servers_certificate_is_refused(office: Office, tmp_path: Path) -> None:
    """Another server's, another root's, one out of its days, an older one, a revoked key's: nothing is changed."""
    store = new_store(tmp_path, "new.db")
    good, before = certified(office, office.store, 4), signer.signer(office.store, office.anchor).raw
    renewed = Server(Server(office.root, office.anchor).root, office.anchor, serial=3)
    own = signer.request(office.store, trust(office)).server
    for untrusted in (
        certified(office, store, 9),
        Server(office.itjen.station, office.anchor, serial=9).certificate(TODAY, TODAY + 9, server=own),
        renewed.certificate(TODAY - 9, TODAY - 1, server=own),
        renewed.certificate(TODAY + 1, TODAY + 9, server=own),
        renewed.certificate(TODAY, TODAY + SERVER_CERTIFICATE_DAYS + 1, server=own),
        Server(office.root, office.anchor, serial=1).certificate(TODAY, TODAY + 9, server=own),
        good[:-1],
        office.itjen.certificate,
    ):
        with pytest.raises(DropboxError):
            import_bundle(office.store, office.anchor, untrusted, DESKS, TODAY)
    with pytest.raises(UntrustedError, match="revoked"):
        signer.install(office.store, trust(office, TODAY, own), good)
    assert signer.signer(office.store, office.anchor).raw == before
    store.close()


def test_the_courier_is_told_of_the_certificates_end(office: Office) -> None:
    """Below 20 days with how many are left, and on each day after; until then nothing."""
    signs = signer.signer(office.store, office.anchor)
    last = signs.certificate.last
    for today, said, is_urgent in (
        (last - 20, "", False),
        (last - 19, "valid for 19 more days", False),
        (last, "valid for 0 more days", False),
        (last + 1, "destroy no key", True),
        (signs.certificate.first - 1, "destroy no key", True),
    ):
        sentence, urgent = signer.advice(signs, trust(office, today))
        assert said in (sentence or "")
        assert (bool(sentence), urgent) == (bool(said), is_urgent)
    assert signer.advice(signs, trust(office, TODAY, signs.key.public))[1]


def test_a_revoked_key_is_replaced_by_the_next_request(office: Office, tmp_path: Path) -> None:
    """The old certificate is of no use for the new key, and a certificate for the new one is."""
    old = signer.signer(office.store, office.anchor)
    wanted = signer.request(office.store, trust(office, TODAY, old.key.public))
    assert wanted.server != old.key.public
    with pytest.raises(ConfigurationError, match="new one"):
        export(office, office.store, tmp_path / "out")
    raw = Server(office.root, office.anchor, serial=5).certificate(TODAY, TODAY + 9, server=wanted.server)
    signer.install(office.store, trust(office, TODAY, old.key.public), raw)
    assert export(office, office.store, tmp_path / "out") == 4 * NUMBERS_PER_SERIAL + 1


def test_a_restored_server_goes_on_with_its_key(office: Office, tmp_path: Path) -> None:
    """Key, certificate and counter are in the database's file, and so in every backup of it."""
    export(office, office.store, tmp_path / "1")
    with office.store.transaction() as tx:
        tx.execute(text("select 1"))
    path = office.config.parent / "store.db"
    for name in ("store.db", "store.db-wal"):
        if (path.parent / name).exists():
            shutil.copy(path.parent / name, tmp_path / name)
    export(office, office.store, tmp_path / "2")
    restored = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    assert export(office, restored, tmp_path / "3") == 2
    raw = signer.signer(restored, office.anchor).raw
    assert open_server_certificate(office.anchor, raw).server == signer.signer(office.store, office.anchor).key.public
    restored.close()
