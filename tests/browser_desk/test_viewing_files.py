"""An officer looks at a case's files in a browser: small pictures, pages, keys, two files, and one that never ends."""

import base64
import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect
from triage_world import new_thread

from tests.browser.chromium import scripted
from tests.browser_desk.office import FIRST, PASSPHRASE, SCREEN, Office
from tests.browser_js.browsers import Chromium
from tests.support.desk_process import RunningDesk, serving_desk
from tests.support.server import PROJECT, children_of, wait_until

sys.path.insert(0, str(Path(__file__).parents[1] / "triage_evidence"))

import samples

SECONDS = 60.0
# The sandbox's program that never ends, and what puts it into the desk's process.
ENDLESS = "import sys, signal; sys.stdout.buffer.write(b'!'); sys.stdout.buffer.flush()\nwhile True: signal.pause()"
PUT = f"import dropbox.triage.evidence.sandbox as sandbox\nsandbox._PROGRAM = {ENDLESS!r}\n"


def _mail(attached: bytes) -> bytes:
    lines = (
        "From: a@example.com",
        "Subject: Setoran",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="B"',
        "",
        "--B",
        "Content-Type: text/plain",
        "",
        "Lihat lampiran.",
        "--B",
        "Content-Type: image/png",
        'Content-Disposition: attachment; filename="kuitansi.png"',
        "Content-Transfer-Encoding: base64",
        "",
        base64.b64encode(attached).decode(),
        "--B--",
        "",
    )
    return "\r\n".join(lines).encode()


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "green").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def evidence(office: Office) -> Office:
    """A report with a PDF of two pages, a photo, and a mail with a picture: messages 2, 3 and 4 of case 1."""
    thread = new_thread()
    files = (
        ("surat.pdf", samples.pdf(pages=2)),
        ("foto.jpg", samples.photo(size=(600, 400))),
        ("setoran.eml", _mail(_png())),
    )
    blobs = [office.world.file(thread, number, data, name) for number, (name, data) in enumerate(files, 1)]
    with office.world.open() as vault:
        office.world.take(vault, [office.world.report(thread), *blobs])
    return office


@dataclass
class Screen:
    """The officer's page, and what the browser's console said against it."""

    desk: RunningDesk
    page: Page
    faults: list[str]

    def open(self, path: str) -> None:
        self.page.goto(self.desk.address + path)

    def unlock(self) -> None:
        self.page.goto(self.desk.link)
        self.page.fill("#officer", FIRST)
        self.page.fill("#passphrase", PASSPHRASE)
        self.page.click("button.main")
        self.page.wait_for_selector("[data-officer]")

    def is_read(self) -> None:
        """Wait until all that is shown was drawn and examined."""
        expect(self.page.locator("[data-waiting]")).to_have_count(0, timeout=SECONDS * 1000)

    def is_drawn(self, selector: str = "[data-picture]") -> None:
        """Wait until the browser has a picture."""
        ready = f"Array.from(document.querySelectorAll('{selector}')).some(one => one.naturalWidth > 1)"
        wait_until("the picture is there", lambda: self.page.evaluate(ready), SECONDS)

    def width(self) -> float:
        box = self.page.locator("[data-picture]").bounding_box()
        assert box
        return box["width"]

    def violations(self, path: str) -> list[str]:
        """What axe-core has against a page when all on it was read."""
        self.open(path)
        self.is_read()
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        window = Chromium(self.page)
        return [
            f"{path}: {fault['id']}: {node['html'][:200]}" for fault in window.violations() for node in fault["nodes"]
        ]


@contextlib.contextmanager
def watched(playwright: Playwright, desk: RunningDesk) -> Iterator[Screen]:
    """Chromium at the unlocked desk."""
    with scripted(playwright, viewport={"width": SCREEN[0], "height": SCREEN[1]}) as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        one = Screen(desk, page, faults)
        one.unlock()
        yield one


@pytest.fixture
def screen(evidence: Office, playwright: Playwright) -> Iterator[Screen]:
    """Chromium at the unlocked desk with these files."""
    with evidence.open() as desk, watched(playwright, desk) as one:
        yield one


def test_files_are_looked_at_by_keys(screen: Screen) -> None:
    """Small pictures, pages, zoom, turning, full screen, text, the next file and its part; the console says nothing."""
    page = screen.page
    screen.open("/kasus/1")
    for message in (2, 3):
        screen.is_drawn(f'img[data-small="{message}"]')
        drawn = f"document.querySelector('img[data-small=\"{message}\"]').currentSrc.endsWith('siap=1')"
        page.locator(f'img[data-small="{message}"]').scroll_into_view_if_needed()
        wait_until("the small picture is drawn", lambda drawn=drawn: page.evaluate(drawn), SECONDS)
    page.locator('a.small[href*="/berkas/2"]').click()
    screen.is_read()
    screen.is_drawn()
    expect(page.locator(".of").first).to_have_text("Halaman 1 dari 2")
    page.keyboard.press("PageDown")
    expect(page.locator(".of").first).to_have_text("Halaman 2 dari 2")
    screen.is_read()
    screen.is_drawn()
    assert page.url.endswith("halaman=2")
    page.keyboard.press("0")
    expect(page.locator("[data-zoom]")).to_have_text("100 %")
    before = screen.width()
    page.keyboard.press("+")
    expect(page.locator("[data-zoom]")).to_have_text("125 %")
    assert screen.width() > before
    page.keyboard.press("r")
    assert page.evaluate("document.querySelector('[data-picture]').style.transform").endswith("rotate(90deg)")
    page.keyboard.press("R")
    page.keyboard.press("t")
    expect(page.locator("[data-text]")).to_contain_text(samples.WORDS)
    assert page.locator("[data-picture]").is_visible()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement?.dataset.pane === 'berkas'")
    page.keyboard.press("]")
    expect(page.locator("#berkas-title")).to_contain_text("foto.jpg")
    assert page.evaluate("document.fullscreenElement !== null")
    screen.is_read()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press("]")
    expect(page.locator("[data-lines]")).to_contain_text("Lihat lampiran.")
    screen.is_read()
    page.keyboard.press("]")
    expect(page.locator("#berkas-title")).to_contain_text("kuitansi.png")
    screen.is_read()
    screen.is_drawn()
    page.keyboard.press("[")
    expect(page.locator("#berkas-title")).to_contain_text("setoran.eml")
    assert screen.faults == []


def test_two_files_side_by_side(screen: Screen) -> None:
    """Each has its own pages; enlarged together, both grow; axe finds nothing there, at one file, or at redaction."""
    page = screen.page
    screen.open("/kasus/1/banding?kiri=2&kanan=3")
    screen.is_read()
    expect(page.locator("[data-picture]")).to_have_count(2)
    page.locator('[data-pane="kiri"] [data-do="next-page"]').click()
    expect(page.locator('[data-pane="kiri"] .of')).to_have_text("Halaman 2 dari 2")
    expect(page.locator("#kanan-title")).to_contain_text("foto.jpg")
    screen.is_read()
    page.locator("[data-together]").check()
    page.locator('[data-pane="kanan"] [data-do="actual"]').click()
    expect(page.locator("[data-zoom]")).to_have_text(["100 %", "100 %"])
    found = screen.violations("/kasus/1/banding?kiri=2&kanan=4&kiri-teks=1")
    found += screen.violations("/kasus/1/berkas/2?teks=1")
    found += screen.violations("/kasus/1/berkas/4?bagian=1")
    found += screen.violations("/kasus/1/berkas/2/samarkan")
    page.fill("#name", "KPK")
    row = page.locator("[data-box-row]").first
    for field, number in zip(row.locator("input").all(), ("100", "100", "300", "50"), strict=True):
        field.fill(number)
    page.click("button[value=result]")
    page.wait_for_selector("img[data-burnt]")
    found += screen.violations(page.url.removeprefix(screen.desk.address))
    assert found == []
    assert screen.faults == []


def _below(process: int) -> set[int]:
    """The processes that a process started, and those that they did."""
    found: set[int] = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for child in children_of(process):
            found |= {child} | _below(child)
    return found


def _sandboxes(desk: RunningDesk) -> set[int]:
    """Processes of the desk's worker: the launchers of sandboxes, and what runs behind their walls."""
    return {process for worker in children_of(desk.process.pid) for process in _below(worker)}


def _is_running(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_file_that_never_ends_stops_nothing(evidence: Office, playwright: Playwright, tmp_path: Path) -> None:
    """While its sandboxes run, the list, the case and the state answer; locking works, and no process is left."""
    (tmp_path / "endless").mkdir()
    (tmp_path / "endless" / "sitecustomize.py").write_text(PUT, "utf-8")
    env = {"PYTHONPATH": f"{tmp_path / 'endless'}:{PROJECT}"}
    with serving_desk(evidence.world.path(), env=env) as desk, watched(playwright, desk) as screen:
        page = screen.page
        screen.open("/kasus/1/berkas/2")
        expect(page.locator("[data-drawing]")).to_have_count(1)
        wait_until("two sandboxes run", lambda: len(_sandboxes(desk)) >= 4, SECONDS)
        expect(page.locator("[data-seconds]")).to_contain_text("s", timeout=SECONDS * 1000)
        state = page.request.get(f"{desk.address}/kasus/1/berkas/2/keadaan").json()
        assert (state["is_drawn"], state["is_examined"]) == (False, False)
        running = _sandboxes(desk)
        other = page.context.new_page()
        other.goto(desk.address)
        expect(other.locator("[data-row]")).to_have_count(1)
        other.goto(f"{desk.address}/kasus/1")
        expect(other.locator("img[data-small]")).to_have_count(3)
        running |= _sandboxes(desk)
        other.click(".lock button")
        expect(other.locator("#passphrase")).to_be_visible()
        wait_until("no sandbox is left", lambda: not any(map(_is_running, running | _sandboxes(desk))), SECONDS)
        assert screen.faults == []
