"""The built scripts, one site with its server, a relay before it, and browsers with JavaScript on."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser.chromium import ARGUMENTS, program, scripted
from tests.browser.person import PATIENCE_SECONDS
from tests.browser_js.browsers import SAFER, WINDOW, Chromium, Firefox, Window
from tests.browser_js.phone import SIZE, Phone, Take
from tests.browser_js.relay import Relay, relaying
from tests.support.server import PROJECT, Server, SiteFolder, serving

Start = Callable[..., Window]  # name, size
BROWSER = PROJECT / "dropbox" / "web" / "browser"
_WORDS = "dropbox/crypto/words.txt"


def _is_built() -> bool:
    """Whether the build is younger than all that it is made from; what it writes last tells its age."""
    last = BROWSER.parent / "static" / "style.css.gz"
    made_from = [*BROWSER.glob("*.*"), *BROWSER.glob("src/**/*.*"), *BROWSER.glob("words/*"), PROJECT / _WORDS]
    return last.exists() and last.stat().st_mtime > max(source.stat().st_mtime for source in made_from)


def build() -> None:
    """Build the scripts as the site serves them, from today's sources; never below a server that gives them out."""
    if _is_built():
        return
    assert shutil.which("npm"), "the browser modules need Node 20.19 or later (Debian: apt-get install nodejs npm)"
    if not (BROWSER / "node_modules").is_dir():
        subprocess.run(["npm", "ci"], cwd=BROWSER, check=True, capture_output=True)
    subprocess.run(["node", "build.mjs"], cwd=BROWSER, check=True, capture_output=True)


@pytest.fixture(scope="session")
def built() -> None:
    """The scripts, built once."""
    build()


@pytest.fixture(scope="module")
def server(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site of its own for each module."""
    with serving(SiteFolder(tmp_path_factory.mktemp("sealed") / "site").make()) as running:
        yield running


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    """Before the server, with a fresh record and no faults."""
    with relaying(server.port) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For a module alone: it runs an event loop that would be in the way of other folders' tests."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[Chromium]:
    """A fresh Chromium."""
    with scripted(playwright, viewport={"width": 900, "height": 1200}) as context:
        yield Chromium(context.new_page())


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def window(
    request: pytest.FixtureRequest, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """Each browser in its turn, started once for a module."""
    if request.param == "firefox":
        window = Firefox(tmp_path_factory.mktemp("firefox") / "gecko.log", {})
        yield window
        window.close()
    else:
        with scripted(playwright, viewport={"width": WINDOW[0], "height": WINDOW[1]}) as context:
            yield Chromium(context.new_page())


@pytest.fixture
def start(playwright: Playwright, tmp_path: Path) -> Iterator[Start]:
    """Starts `chromium`, `firefox` or `safer`; closes what was started."""
    started: list[Window] = []
    browser = None

    def begin(name: str, size: tuple[int, int] = WINDOW) -> Window:
        nonlocal browser
        if name == "chromium":
            browser = browser or playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
            window: Window = Chromium(browser.new_context().new_page())
            window.resize(size)
        else:
            window = Firefox(tmp_path / f"gecko-{len(started)}.log", SAFER if name == "safer" else {}, size)
        started.append(window)
        return window

    yield begin
    for window in started:
        window.close()
    if browser:
        browser.close()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Started once for all phones."""
    browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def take(browser: Browser, server: Server) -> Iterator[Take]:
    """Phones that stand before the first page; the quick exit leads to a page that is made here."""
    taken: list[BrowserContext] = []

    def begin(road: str, port: int = 0) -> Phone:
        context = browser.new_context(
            viewport=SIZE, java_script_enabled=road == "scripted", has_touch=True, is_mobile=True
        )  # type: ignore[arg-type]
        taken.append(context)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        context.route("https://www.bmkg.go.id/", lambda route: route.fulfill(body="<title>Cuaca</title>cerah"))
        phone = Phone(context.new_page())
        phone.page.goto(f"http://127.0.0.1:{port or server.port}/")
        phone.see("home")
        return phone

    yield begin
    for context in taken:
        context.close()
