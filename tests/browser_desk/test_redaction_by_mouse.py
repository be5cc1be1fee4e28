"""An officer redacts a receipt in a browser: a box drawn with the mouse is black in the file that leaves."""

import sys
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, Playwright
from triage_world import new_thread, take_raw

from tests.browser.chromium import scripted
from tests.browser_desk.office import FIRST, PASSPHRASE, SCREEN, Office
from tests.support.desk_process import serving_desk

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_evidence"))

import samples

NAME = "Budi Santoso"
_NUMBERS = "Array.from(document.querySelectorAll('[data-box-row]')[0].querySelectorAll('input'), one => one.value)"


def _box(page: Page) -> list[int]:
    """The number fields of the first box."""
    return [int(number) for number in page.evaluate(_NUMBERS)]


def test_a_box_drawn_with_the_mouse_is_black_in_the_copy(office: Office, playwright: Playwright) -> None:
    """Drawn, moved by keys, made larger at its corner, saved and taken out: black pixels, and no text in the PDF."""
    thread = new_thread()
    receipt = samples.pdf(pages=2, text=f"Diterima dari {NAME}")
    blobs = [office.world.report(thread, "Ada kuitansi."), office.world.file(thread, 1, receipt, "kuitansi.pdf")]
    with office.world.open() as vault:
        take_raw(vault, office.world.export(blobs))
    out = office.stick.parent / "keluar"
    settings = f'[workstation]\nstick = "{office.stick}"\nexport_folder = "{out}"\n'
    with (
        serving_desk(office.world.path(), settings=settings) as desk,
        scripted(playwright, viewport={"width": SCREEN[0], "height": 1400}) as context,
    ):
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(desk.link)
        page.fill("#officer", FIRST)
        page.fill("#passphrase", PASSPHRASE)
        page.click("button.main")
        page.wait_for_selector("[data-officer]")
        page.goto(f"{desk.address}/kasus/1")
        address = str(page.locator('a[href*="/berkas/"]').first.get_attribute("href")).partition("?")[0]
        page.goto(f"{desk.address}{address}/samarkan")
        page.fill("#name", "KPK")
        area = page.locator("[data-stage]").bounding_box()
        assert area is not None

        def at(x: float, y: float) -> tuple[float, float]:
            return area["x"] + x * area["width"] / 1000, area["y"] + y * area["height"] / 1000

        page.mouse.move(*at(100, 100))
        page.mouse.down()
        page.mouse.move(*at(500, 150), steps=4)
        page.mouse.up()
        drawn = _box(page)
        assert all(abs(one - other) <= 2 for one, other in zip(drawn, (100, 100, 400, 50), strict=True))
        shape = page.locator(".redaction:visible")
        shape.focus()
        page.keyboard.press("ArrowLeft")
        assert _box(page) == [drawn[0] - 5, *drawn[1:]]
        corner = page.locator(".redaction:visible .corner").bounding_box()
        assert corner is not None
        page.mouse.move(corner["x"] + 3, corner["y"] + 3)
        page.mouse.down()
        page.mouse.move(*at(960, 180), steps=4)
        page.mouse.up()
        x, y, width, height = _box(page)
        assert (x + width > 900, y + height > 160) == (True, True)
        page.click("button[value=result]")
        page.wait_for_selector("img[data-burnt]")
        page.click("form[action$='/ambil'] button")
        page.wait_for_selector("#kabar > .flash")
        assert faults == []
    (copy,) = out.iterdir()
    raw = copy.read_bytes()
    assert not any(word.encode() in raw for word in NAME.split())
    document = pypdfium2.PdfDocument(raw)
    assert [one.get_textpage().get_text_bounded() for one in document] == ["", ""]
    first = document[0].render(scale=2).to_pil()
    edges = [x * first.width // 1000 + 2, y * first.height // 1000 + 2]
    edges += [(x + width) * first.width // 1000 - 2, (y + height) * first.height // 1000 - 2]
    assert first.crop((edges[0], edges[1], edges[2], edges[3])).getextrema() == ((0, 0),) * 3
