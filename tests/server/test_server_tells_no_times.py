"""A running server forgets by itself: file times, journal and log after a tidying say nothing about requests."""

import os
import re
import socket
from pathlib import Path

from tests.support.client import generated
from tests.support.server import Server, SiteFolder, serving, wait_until

MIB = 1024 * 1024
SETTINGS = "[store]\ntidy_seconds = 2\n"


def _times(folder: Path) -> set[float]:
    """What is left of a whole hour, of all times of the store's files and its folder."""
    paths = [folder, *folder.glob("store.db*")]
    return {time % 3600 for path in paths for time in (path.stat().st_mtime, path.stat().st_atime)}


def _is_tidy(server: Server, folder: Path) -> bool:
    journal = folder / "store.db-wal"
    return (not journal.exists() or journal.stat().st_size == 0) and _times(folder) == {0}


def test_the_store_forgets_soon_after_the_last_request(tmp_path: Path) -> None:
    """After a file that writes the main file: the journal is emptied, and every file bears whole hours."""
    site = SiteFolder(tmp_path / "site", settings=SETTINGS, store_folder=tmp_path / "store")
    (tmp_path / "store").mkdir()
    site.make()
    with serving(site) as server:
        hidden = server.client.report(what="m").hidden
        form = {name: hidden[name] for name in ("code", "words", "nonce", "desk") if name in hidden}
        assert server.client.add(form, generated("v.mp4", 5 * MIB)).status == 200
        wait_until("the journal is empty and the times are hours", lambda: _is_tidy(server, tmp_path / "store"))
        assert server.blob_count() == 2


def test_lines_of_the_log_bear_the_hour_alone(tmp_path: Path) -> None:
    """A refused request is in the log after the next tidying, with its number, and no line has minutes."""
    site = SiteFolder(tmp_path / "site", settings=SETTINGS).make()
    with serving(site) as server:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", server.port)) as raw:
                raw.sendall(b"NO SUCH\r\n\r\n")
                while raw.recv(4096):
                    pass
        wait_until("the line comes", lambda: "request refused" in server.log.read_text("utf-8"))
    text = server.log.read_text("utf-8")
    assert re.search(r"\[[0-9-]{10} [0-9]{2}:00 [+-][0-9]{4}\] \[WARNING\] request refused: ", text)
    assert set(re.findall(r"[0-9]{2}:([0-9]{2})", text)) <= {"00"}
    assert os.fspath(tmp_path) not in text
