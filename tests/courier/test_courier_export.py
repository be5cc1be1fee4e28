"""An export holds every blob once, in random order, and says truly how many are left."""

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from courier_desks import EPOCH, TODAY, Office, put_blob
from sqlalchemy import text

from dropbox.courier import exchange
from dropbox.courier.exchange import export_to
from dropbox.courier.signer import signer
from dropbox.errors import NotFoundError, RefusedError, StorageFullError
from dropbox.limits import MIB
from dropbox.wire.bundle import UPLOADS_EPOCH, ExportReader


def read_export(path: Path, instance: bytes) -> tuple[ExportReader, dict[bytes, bytes]]:
    """(the reader at its end, blobs by id in their order)."""
    reader = ExportReader(io.BytesIO(path.read_bytes()).read, instance)
    blobs = {}
    for blob in reader.blobs():
        blobs[blob.id] = b"".join(reader.pieces())
        assert len(blobs[blob.id]) == blob.length
    return reader, blobs


def export(office: Office, path: Path) -> exchange.Exported:
    return export_to(path, office.store, signer(office.store, office.anchor), TODAY)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def change(office: Office, sql: str, **values: object) -> None:
    """Damage the database."""
    with office.store.transaction() as tx:
        tx.execute(text(sql), values)


def test_round_trip(office: Office, tmp_path: Path) -> None:
    """Every blob arrives with its bytes, and the trailer counts by epoch."""
    infos = [put_blob(office.store, 3000 + i, EPOCH - i % 2) for i in range(5)]
    infos.append(put_blob(office.store, 3 * MIB + 7))
    office.store.blobs.begin(0.0)
    done = export(office, tmp_path / "out")
    reader, blobs = read_export(tmp_path / "out", office.anchor.instance)
    assert {blob_id: hashlib.sha256(data).digest() for blob_id, data in blobs.items()} == {
        info.id: info.sha256 for info in infos
    }
    assert (reader.trailer.held, reader.trailer.blobs) == ({EPOCH: 4, EPOCH - 1: 2, UPLOADS_EPOCH: 1}, 6)
    assert reader.head.day == TODAY
    assert done == exchange.Exported(1, 6, sum(info.length for info in infos), ())


def test_the_trailer_names_the_newest_return_of_each_desk(office: Office, tmp_path: Path) -> None:
    """Of those that the store took; none is named before the first."""
    export(office, tmp_path / "first")
    with office.store.transaction() as tx:
        for desk, number in (("itjen", 3), ("irjen", 65_537), ("itjen", 4)):
            office.store.published.put(tx, "return", desk, number, bytes(32))
    export(office, tmp_path / "second")
    taken = [read_export(tmp_path / name, office.anchor.instance)[0].trailer.returns for name in ("first", "second")]
    assert taken == [{}, {"irjen": 65_537, "itjen": 4}]


def test_file_is_private(office: Office, tmp_path: Path) -> None:
    """The file is its owner's alone, and nothing else is left in the folder."""
    export(office, tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert names(tmp_path) == ["out"]


def test_empty_store(office: Office, tmp_path: Path) -> None:
    """An export without blobs is whole."""
    assert export(office, tmp_path / "out").blobs == 0
    reader, blobs = read_export(tmp_path / "out", office.anchor.instance)
    assert blobs == {}
    assert (reader.trailer.held, reader.trailer.blobs) == ({UPLOADS_EPOCH: 0}, 0)


def test_numbers_rise(office: Office, tmp_path: Path) -> None:
    """No two exports bear one number."""
    assert [export(office, tmp_path / str(i)).number for i in range(3)] == [1, 2, 3]


def test_order_is_random(office: Office, tmp_path: Path) -> None:
    """The order tells nothing: of 12 blobs, five exports have five orders (12! of them)."""
    for _ in range(12):
        put_blob(office.store)
    orders = set()
    for i in range(5):
        export(office, tmp_path / str(i))
        orders.add(tuple(read_export(tmp_path / str(i), office.anchor.instance)[1]))
    assert len(orders) == 5


def test_arrival_during_export_is_counted(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blob that comes after the snapshot is not in the export, but its epoch does not look empty."""
    put_blob(office.store)
    read = office.store.blobs.read
    late = []

    def read_while_one_arrives(blob_id: bytes) -> Iterator[bytes]:
        late.append(put_blob(office.store, epoch=EPOCH - 1))
        return read(blob_id)

    monkeypatch.setattr(office.store.blobs, "read", read_while_one_arrives)
    export(office, tmp_path / "out")
    reader, blobs = read_export(tmp_path / "out", office.anchor.instance)
    assert late[0].id not in blobs
    assert reader.trailer.held[EPOCH - 1] == 1


def test_deletion_after_reading_is_counted(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the export itself holds is counted, even if it was deleted meanwhile."""
    put_blob(office.store)
    monkeypatch.setattr(office.store.blobs, "remaining", lambda: {-1: 0})
    export(office, tmp_path / "out")
    assert read_export(tmp_path / "out", office.anchor.instance)[0].trailer.held == {EPOCH: 1, UPLOADS_EPOCH: 0}


def test_deletion_during_reading_stops(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blob that is deleted while it is read is no damage: the export says to run again, and leaves nothing."""
    info = put_blob(office.store)
    read = office.store.blobs.read

    def read_after_deletion(blob_id: bytes) -> Iterator[bytes]:
        change(office, "DELETE FROM chunk")
        change(office, "DELETE FROM blob")
        return read(blob_id)

    monkeypatch.setattr(office.store.blobs, "read", read_after_deletion)
    with pytest.raises(RefusedError, match="run the export again"):
        export(office, tmp_path / "out")
    assert info.length
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE chunk SET data = zeroblob(length(data)) WHERE upload = :upload",
        "UPDATE chunk SET data = x'00' WHERE upload = :upload AND seq = 1",
        "UPDATE chunk SET data = CAST(data || data AS BLOB) WHERE upload = :upload AND seq = 1",
        "DELETE FROM chunk WHERE upload = :upload AND seq = 1",
    ],
    ids=["altered", "shorter", "longer", "missing"],
)
def test_damaged_blob_is_named_and_exported(office: Office, tmp_path: Path, damage: str) -> None:
    """A damaged blob keeps its length and its place; the others are whole, and it is named."""
    damaged = put_blob(office.store, 2 * MIB + 100)
    others = [put_blob(office.store) for _ in range(4)]
    with office.store.transaction() as tx:
        upload = tx.execute(text("SELECT upload FROM blob WHERE id = :id"), {"id": damaged.id}).scalar_one()
    change(office, damage, upload=upload)
    done = export(office, tmp_path / "out")
    _, blobs = read_export(tmp_path / "out", office.anchor.instance)
    assert done.damaged == (damaged.sha256,)
    assert hashlib.sha256(blobs[damaged.id]).digest() != damaged.sha256
    assert all(hashlib.sha256(blobs[info.id]).digest() == info.sha256 for info in others)


def test_existing_file_is_kept(office: Office, tmp_path: Path) -> None:
    """An export never overwrites."""
    (tmp_path / "out").write_text("precious")
    with pytest.raises(RefusedError, match="not overwritten"):
        export(office, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "precious"


def test_no_folder(office: Office, tmp_path: Path) -> None:
    """A missing folder is named as such."""
    with pytest.raises(NotFoundError):
        export(office, tmp_path / "nowhere" / "out")


def test_left_over_is_removed(office: Office, tmp_path: Path) -> None:
    """What a killed export left goes with the next one; other files stay."""
    (tmp_path / ".dropbox-export-0123.partial").write_text("half")
    (tmp_path / "other.partial").write_text("mine")
    export(office, tmp_path / "out")
    assert names(tmp_path) == ["other.partial", "out"]


def test_full_disk(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves no file."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    put_blob(office.store)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError):
        export(office, tmp_path / "out")
    assert names(tmp_path) == []
