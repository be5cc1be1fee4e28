"""A courier's round in Chromium, with and without JavaScript, in both languages; axe-core on every page."""

from pathlib import Path

import pytest
from page_world import NAME, PASSPHRASE, World, desk, today
from playwright.sync_api import Page, Playwright

from dropbox.courier.gate.client import Taken
from dropbox.errors import UntrustedError
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day
from tests.browser import axe
from tests.browser.chromium import scripted

NARROW = {"width": 320, "height": 640}
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WORDS = {
    "id": ("Ada laporan yang menunggu dibawa.", "Berkas sudah diambil server.", "Berkas ditolak."),
    "en": ("Reports are waiting to be carried.", "The server has taken the file.", "The file was refused."),
}


def log_in(page: Page, world: World, address: str, lang: str) -> None:
    page.goto(f"{address}/bahasa/{lang}")
    page.fill("#name", NAME)
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#code", world.code())
    world.now.seconds += 30
    page.click("main button")
    page.wait_for_url(f"{address}/")


def send(page: Page, file: Path) -> None:
    page.set_input_files("#file", file)
    page.click("[data-upload] button")
    page.wait_for_selector("[data-result]")


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_round(
    playwright: Playwright, world: World, address: str, tmp_path: Path, lang: str, *, script: bool
) -> None:
    """Log in, prepare, download, send a return twice, log out: the same with and without JavaScript."""
    waiting, taken, refused = WORDS[lang]
    file = tmp_path / "return-itjen-1"
    file.write_bytes(b"signed" * 50_000)
    with scripted(playwright, java_script_enabled=script, accept_downloads=True) as context:
        page = context.new_page()
        log_in(page, world, address, lang)
        assert waiting in page.inner_text("main")
        page.click("form[action='/ekspor'] button")
        page.wait_for_selector("[data-export]")
        with page.expect_download() as coming:
            page.click("#ekspor a.button")
        assert coming.value.suggested_filename == "export-1-0012"
        assert coming.value.path().read_bytes() == world.gate.body
        world.gate.taken = Taken(
            Sentence("courier.what-return", number="2-0001", desk="itjen"), is_new=True, deleted=3, warnings=()
        )
        send(page, file)
        assert taken in page.inner_text("main")
        assert world.gate.files == [file.read_bytes()]
        page.click("main a.button")
        world.gate.taken = UntrustedError("return.other-certificate")
        send(page, file)
        assert refused in page.inner_text("main")
        page.click("header button")
        page.wait_for_url(f"{address}/masuk")
        page.goto(f"{address}/hasil")
        assert page.url == f"{address}/masuk"


def test_the_script_stops_a_file_that_is_too_large(
    playwright: Playwright, world: World, address: str, tmp_path: Path
) -> None:
    """A video from the wrong folder is refused before it is sent."""
    file = tmp_path / "video"
    with file.open("wb") as made:
        made.truncate(65 * 1024 * 1024)
    with scripted(playwright) as context:
        page = context.new_page()
        log_in(page, world, address, "id")
        page.set_input_files("#file", file)
        page.click("[data-upload] button")
        assert page.inner_text("[data-said]") == "Berkas ini terlalu besar. Pilih terbitan meja di stik."
    assert world.gate.done == []


def test_the_script_shows_what_the_server_refuses(
    playwright: Playwright, world: World, address: str, tmp_path: Path
) -> None:
    """A session that ended meanwhile leads to the door, which says that nothing was taken."""
    file = tmp_path / "return"
    file.write_bytes(b"signed")
    with scripted(playwright) as context:
        page = context.new_page()
        log_in(page, world, address, "id")
        world.accounts.remove(NAME)
        page.set_input_files("#file", file)
        page.click("[data-upload] button")
        page.wait_for_url(f"{address}/masuk")
        assert page.is_visible("[data-dropped]")
    assert world.gate.done == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_is_accessible_and_fits(
    playwright: Playwright, world: World, address: str, tmp_path: Path, lang: str
) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, in both colour schemes; no page is wider than 320 pixels."""
    owed = Sentence("courier.desk-over", desk="itjen", day="2026-01-01")
    world.gate.desks = (desk("irjen", board_day=None, owes=(owed,)), desk("itjen", board_day=Day(today() - 30)))
    file = tmp_path / "return"
    file.write_bytes(b"signed")
    faults: list[str] = []
    with scripted(playwright, viewport=NARROW, reduced_motion="reduce") as context:
        page = context.new_page()

        def see(state: str) -> None:
            for scheme, rules in axe.SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                found = axe.violations(page, rules)
                faults.extend(f"{state}, {scheme}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found)
            if page.evaluate(_WIDER):
                faults.append(f"{state}: too wide")

        page.goto(f"{address}/bahasa/{lang}")
        page.fill("#name", NAME)
        page.fill("#passphrase", "salah")
        page.fill("#code", "1")
        page.click("main button")
        page.wait_for_selector(".fault")
        see("door")
        log_in(page, world, address, lang)
        see("home")
        page.click("form[action='/ekspor'] button")
        page.wait_for_selector("[data-export]")
        see("export")
        send(page, file)
        see("result")
        world.gate.taken = UntrustedError("return.other-certificate")
        page.goto(f"{address}/")
        send(page, file)
        see("refused")
        for path in ("/bantuan", "/ekspor/999"):
            page.goto(f"{address}{path}")
            see(path)
    assert faults == []
