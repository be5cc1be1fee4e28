"""A long video does not fill the phone's memory: a browser seals and uploads it piece by piece."""

import hashlib
from pathlib import Path

import pytest

from dropbox.limits import FILE_MAX_BYTES
from tests.browser_js.unattended import upload_unattended
from tests.support.client import generated
from tests.support.server import Server


@pytest.mark.soak
@pytest.mark.parametrize(("browser", "most"), [("chromium", 300), ("firefox", 400)])
def test_a_page_stays_small_while_it_seals_and_uploads(browser: str, most: int, server: Server, tmp_path: Path) -> None:
    """With the longest file the page's process grows by less than the file (MiB), and the desk opens every byte."""
    video, sent = tmp_path / f"{browser}.mp4", hashlib.sha256()
    with video.open("wb") as file:
        for piece in generated("", FILE_MAX_BYTES).pieces():
            file.write(piece)
            sent.update(piece)
    growth = upload_unattended(browser, server, video)
    (held,) = (held for held in server.held() if held.kind == "file" and held.opened.message.name == video.name)
    assert server.file_hash(held) == sent.digest()
    assert server.unfinished() == 0
    print(f"{browser}: {growth}")
    assert growth.content["Pss"] <= most * 1024, growth
