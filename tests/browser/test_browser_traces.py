"""What a browser keeps on the reporter's own disk: Chromium stores forms in its session files, unless told not to."""

import secrets
from collections.abc import Iterator
from pathlib import Path

from tests.browser.conftest import Start
from tests.browser.person import PHONE
from tests.browser.stage import Open
from tests.browser.test_browser_journey import fill, open_thread


def _written(profile: Path) -> Iterator[bytes]:
    for path in profile.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def test_chromium_keeps_no_form_on_its_disk(site: Open, start: Start, tmp_path: Path) -> None:
    """After a report, an addition and a look-up no file of the profile holds a text, the code or the words."""
    person, marker = start("chromium", PHONE), f"penanda{secrets.token_hex(8)}"
    person.open(site.address + "/lapor")
    code, words = fill(person, f"Laporan {marker}")
    person.send("/lapor")
    person.write("what", f"Tambahan {marker}")
    person.send("/tambah")
    assert len(person.hooks("data-added")) == 1
    open_thread(person, site.address, code, words)
    assert person.hooks("data-status") == ["TERKIRIM"]
    assert person.leave().history
    secret = [marker, code, words, words.replace(" ", "+")]
    shapes = [text.encode(encoding) for text in secret for encoding in ("utf-8", "utf-16-le")]
    kept = [shape for data in _written(tmp_path) for shape in shapes if shape in data]
    assert kept == []
