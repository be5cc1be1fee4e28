"""Memory does not grow with an upload: the worker that seals it stays within 48 MiB of its idle size."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dropbox.cli import main
from tests.support.client import File, Multipart, Sending, generated
from tests.support.server import Server, SiteFolder, serving

KIB_OVER_IDLE = 48 * 1024
MIB = 1024 * 1024


def _status_kib(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _upload_and_measure(server: Server, size: int) -> tuple[int, bytes, bytes]:
    """(KiB by which the worst worker grew at its peak, hash sent, hash of what the desk's key opens)."""
    client = server.client
    hidden = client.report().hidden  # both are idle, and one of them has worked once
    idle = {}
    for pid in server.workers():
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak counts from here
        idle[pid] = _status_kib(pid, "VmRSS")
    file = generated("video.mp4", size)
    assert client.add(hidden, file).status == 200
    assert set(server.workers()) == set(idle), "a worker died"
    grown = max(_status_kib(pid, "VmHWM") - before for pid, before in idle.items())
    sent = hashlib.sha256()
    for piece in file.pieces():
        sent.update(piece)
    (held,) = (held for held in server.held() if held.kind == "file")
    return grown, sent.digest(), server.file_hash(held)


@pytest.mark.parametrize("mib", [127, pytest.param(512, marks=pytest.mark.soak)])
def test_a_worker_stays_small_while_it_seals(own_site: SiteFolder, mib: int) -> None:
    """A large upload raises the peak of no worker by more than 48 MiB, and opens byte for byte with the desk's key."""
    with serving(own_site) as server:
        grown, sent, opened = _upload_and_measure(server, mib * MIB)
    assert opened == sent
    assert grown <= KIB_OVER_IDLE, f"{grown} KiB over idle"
    print(f"{mib} MiB upload: {grown} KiB over idle")


def test_a_worker_stays_small_while_it_takes_a_container(own_site: SiteFolder, tmp_path: Path) -> None:
    """What `dropbox seal` made of a large file: no worker grows by more than 48 MiB, and the desk opens every byte."""
    video, container = tmp_path / "video.mp4", tmp_path / "laporan.dbx"
    with video.open("wb") as out:
        out.writelines(generated("", 127 * MIB).pieces())
    (tmp_path / "kunci.dbxk").write_bytes(own_site.inspectorate.keyring())
    (tmp_path / "text").write_text("Setoran")
    told = ["--desk", "itjen", "--channel", "wbs", "--category", "pungli", "--who", "x", "--where", "y"]
    names = {"--keyring": "kunci.dbxk", "--root-pub": "site/root.pub", "--text-file": "text", "--file": "video.mp4"}
    with serving(own_site) as server:
        given = [str(word) for name, file in names.items() for word in (name, tmp_path / file)]
        assert main(["seal", *given, *told, "--to", str(container)]) == 0
        server.client.report()
        idle = {}
        for pid in server.workers():
            Path(f"/proc/{pid}/clear_refs").write_text("5")
            idle[pid] = _status_kib(pid, "VmRSS")
        body = Multipart([File("laporan.dbx", container.read_bytes(), name="container")])
        with Sending(server.port, "/kirim-berkas", body) as sending:
            answer = sending.send().answer()
        grown = max(_status_kib(pid, "VmHWM") - before for pid, before in idle.items())
        assert (answer.status, answer.hooks("data-kept")) == (200, ["2"])
        (held,) = (held for held in server.held() if held.kind == "file")
        assert server.file_hash(held) == hashlib.sha256(video.read_bytes()).digest()
    assert grown <= KIB_OVER_IDLE, f"{grown} KiB over idle"


def test_many_uploads_at_once_stay_small(own_site: SiteFolder) -> None:
    """Six uploads of 31 MiB at once cost the workers what their pieces cost, not what the files are long."""
    with serving(own_site) as server:
        client = server.client
        secrets = [client.report().hidden for _ in range(6)]
        idle = {pid: _status_kib(pid, "VmRSS") for pid in server.workers()}
        files = [generated(f"{number}.bin", 31 * MIB) for number in range(6)]
        with ThreadPoolExecutor(6) as pool:
            pages = list(pool.map(lambda pair: client.add(*pair), zip(secrets, files, strict=True)))
        assert [page.status for page in pages] == [200] * 6
        grown = sum(_status_kib(pid, "VmHWM") - before for pid, before in idle.items())
        assert grown < 6 * 16 * 1024, f"{grown} KiB over idle for 186 MiB"
