"""A full disk is said, not survived by luck: nothing is half-stored, and the same form succeeds once there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.client import Client, File, generated
from tests.support.root import need_root
from tests.support.server import SiteFolder, serving

MIB = 1024 * 1024
FULL = "Tempat penyimpanan server penuh"
NO_FILES = "hanya menerima tulisan dan berkas kecil"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MiB; needs root, as CI and containers have it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", str(folder)]
    need_root("it mounts a small file system")
    subprocess.run(mount, check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _fill(ballast: Path) -> None:
    """Leave no room at all."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _send_until_full(client: Client) -> int:
    """Small reports go on into room that SQLite has already; returns how many were acknowledged before none fits."""
    for sent in range(1000):
        page = client.report(what=f"Laporan {sent}")
        if page.status == 507:
            return sent
        assert page.statuses == ["TERKIRIM"]
    raise AssertionError("the disk is never full")


def test_a_full_disk_is_said_and_the_same_form_succeeds_later(small_disk: Path, tmp_path: Path) -> None:
    """No room for a file, then for a text: readable refusals, typed text kept, nothing half-kept."""
    site = SiteFolder(tmp_path / "site", store_folder=small_disk).make()
    with serving(site) as server:
        client = server.client
        first = client.report()
        hidden = first.hidden
        form = client.form(what="Uang sekolah dipungut dua kali.")
        ballast = small_disk / "ballast"

        page = client.add(hidden, ("what", "Keterangan lagi"), generated("besar.bin", 8 * MIB))
        assert page.status == 507
        assert page.error
        assert NO_FILES in page.text
        assert hidden["code"] in page.text, "the reporter's code is gone from the page"
        assert [held.kind for held in server.held()].count("file") == 0

        kept = server.blob_count()
        _fill(ballast)
        kept += _send_until_full(client)
        page = client.post("/lapor", form)
        assert page.status == 507
        assert page.error
        assert FULL in page.text
        assert page.hidden["what"] == form["what"]
        assert page.hidden["code"] == form["code"]
        page = client.add(hidden, ("what", "Satu lagi"), File("kecil.txt", b"k" * 1000))
        assert page.status == 507
        assert FULL in page.text
        assert "Satu lagi" in (page.area("what"), page.area("typed"))
        assert server.blob_count() == kept

        ballast.unlink()
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        assert client.open(hidden).statuses == ["TERKIRIM"]
        assert client.post("/lapor", form).statuses == ["TERKIRIM"]
        assert client.add(hidden, ("what", "Satu lagi"), File("kecil.txt", b"k" * 1000)).status == 200
        with site.store() as store:
            store.blobs.sweep(2**40)
            assert store.blobs.remaining()[-1] == 0
        assert server.blob_count() == kept + 3
