"""A long video does not fill the phone's memory: a browser seals and uploads it piece by piece."""

import hashlib
from pathlib import Path

import pytest

from tests.browser_js.unattended import upload_unattended
from tests.support.client import generated
from tests.support.server import Server

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("browser", "mib", "most"),  # the bound is below the file: whoever holds it in memory breaks it
    [
        ("chromium", 127, 100),
        pytest.param("chromium", 512, 300, marks=pytest.mark.soak),
        pytest.param("firefox", 512, 400, marks=pytest.mark.soak),
    ],
)
def test_a_page_stays_small_while_it_seals_and_uploads(
    browser: str, mib: int, most: int, server: Server, tmp_path: Path
) -> None:
    """However long the file, the page's process grows within bounds, and the desk opens every byte."""
    video, sent = tmp_path / f"{browser}-{mib}.mp4", hashlib.sha256()
    with video.open("wb") as file:
        for piece in generated("", mib * MIB).pieces():
            file.write(piece)
            sent.update(piece)
    growth = upload_unattended(browser, server, video)
    (held,) = (held for held in server.held() if held.kind == "file" and held.opened.message.name == video.name)
    assert server.file_hash(held) == sent.digest()
    assert server.unfinished() == 0
    print(f"{browser}, {mib} MiB: {growth}")
    assert growth.content["Pss"] <= most * 1024, growth
