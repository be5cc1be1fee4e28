"""One demo for the whole folder, its server, and browsers before it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.browser.chromium import Chromium, scripted
from tests.browser.firefox import Firefox
from tests.browser.person import Person
from tests.browser.stage import Demo, Evidence, Open, with_exif, write_video
from tests.support.server import serving

Start = Callable[[str, tuple[int, int]], Person]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo as `make serve` makes it; it goes at the end, because films are large."""
    stage = tmp_path_factory.mktemp("stage")
    yield Demo.make(stage / "demo", 8000)
    shutil.rmtree(stage)


@pytest.fixture(scope="session")
def site(demo: Demo) -> Iterator[Open]:
    """The demo's server."""
    with serving(demo.site) as server:
        yield Open(demo, server)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For a module alone: it runs an event loop that would be in the way of other folders' tests."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def start(playwright: Playwright, tmp_path: Path) -> Iterator[Start]:
    """Starts a browser by name, with JavaScript off; whatever is left open is closed."""
    started: list[Person] = []

    def begin(name: str, size: tuple[int, int]) -> Person:
        where = tmp_path / f"{name}-{len(started)}"
        person = Chromium(playwright, where, size) if name == "chromium" else Firefox(where, size)
        started.append(person)
        return person

    yield begin
    for person in started:
        if not person.gone:
            person.leave()


@pytest.fixture(scope="module")
def evidence(playwright: Playwright, site: Open, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """A photo as a phone takes it, a printed page, and a film of 100 MB."""
    folder = tmp_path_factory.mktemp("evidence")
    photo, paper = folder / "IMG 2026 (1).jpg", folder / "surat_edaran.pdf"
    with scripted(playwright, viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.goto(site.address + "/kunci")
        photo.write_bytes(with_exif(page.screenshot(type="jpeg", quality=90)))
        page.pdf(path=paper)
    yield Evidence(photo, paper, write_video(folder / "VID_0001.mp4", 100_000_000))
    shutil.rmtree(folder)
