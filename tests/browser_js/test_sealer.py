"""The off-line sealer from a file, with the network off; its container through the plain form, with JavaScript off."""

import hashlib
import os
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser import chromium, firefox
from tests.browser.chromium import ARGUMENTS, program
from tests.browser.person import PHONE, Person
from tests.browser_js.browsers import SAFER, Chromium, Firefox, Window
from tests.support.canary import Canary
from tests.support.picture_samples import EXIF, bare_exif, exif, into_jpeg, photo, saved, segment
from tests.support.server import Server, inspectorate_of_today, wait_until

_OFFLINE = "Services.io.manageOfflineStatus = false; Services.io.offline = true; return Services.io.offline"


@dataclass
class Table:
    """A browser without network, and what lies beside it."""

    window: Window
    folder: Path
    requests: list[str]  # that Chromium tells of

    def open(self, language: str = "") -> None:
        self.window.open((self.folder / "pengunci.html").as_uri() + language)
        self.window.wait("#keyring")

    def saved(self) -> Path:
        """The container, once it is whole."""
        found: list[Path] = []

        def is_whole() -> bool:
            found[:] = [path for path in self.folder.glob("laporan*.dbx") if path.stat().st_size]
            return bool(found) and not list(self.folder.glob("*.part"))

        wait_until("the container is saved", is_whole, 60)
        return found[0]


Lay = Callable[[str], Table]


def download(server: Server, folder: Path) -> None:
    """What the page /kunci offers."""
    for path, name in (("/pengunci.html", "pengunci.html"), ("/data/kunci-lengkap", "kunci.dbxk")):
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
            (folder / name).write_bytes(answer.read())


@pytest.fixture
def lay(server: Server, playwright: Playwright, tmp_path: Path) -> Iterator[Lay]:
    """Lays a table for `chromium`, `firefox` or `safer`."""
    download(server, tmp_path)
    ends: list[Callable[[], None]] = []

    def begin(name: str) -> Table:
        requests: list[str] = []
        if name == "chromium":
            browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
            ends.append(browser.close)
            context = browser.new_context(offline=True, accept_downloads=True)
            page = context.new_page()
            page.on("request", lambda request: requests.append(request.url))
            page.on("download", lambda one: one.save_as(tmp_path / "laporan.dbx"))
            return Table(Chromium(page), tmp_path, requests)
        prefs = {"browser.download.folderList": 2, "browser.download.dir": str(tmp_path)}
        window = Firefox(tmp_path / "gecko.log", {**(SAFER if name == "safer" else {}), **prefs})
        ends.append(window.close)
        with window._driver.using_context("chrome"):
            assert window._driver.execute_script(_OFFLINE)
        return Table(window, tmp_path, requests)

    yield begin
    for end in ends:
        end()


@pytest.fixture
def person(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    """Somebody whose browser has JavaScript off."""
    started: list[Person] = []

    def begin(name: str) -> Person:
        where = tmp_path / "person"
        kind = chromium.Chromium(playwright, where, PHONE) if name == "chromium" else firefox.Firefox(where, PHONE)
        started.append(kind)
        return kind

    yield begin
    for one in started:
        if not one.gone:
            one.leave()


@pytest.mark.parametrize("name", ["chromium", pytest.param("firefox", marks=pytest.mark.soak), "safer"])
def test_sealed_without_network_sent_without_script(
    name: str, server: Server, lay: Lay, person: Callable[[str], Person]
) -> None:
    """Fill, save, upload, open at the desk byte for byte, and find it with code and words."""
    table = lay(name)
    window, text, body = table.window, Canary.fresh(), Canary.fresh()
    large, small = table.folder / "foto “bukti”.bin", table.folder / "kecil.txt"
    large.write_bytes(body.text.encode() + os.urandom(1_300_000))
    small.write_bytes(b"1")
    table.open()
    window.choose("#keyring", [table.folder / "kunci.dbxk"])
    window.fill_form(what=f"Setoran {text.text}\nTiap bulan")
    window.choose("#files", [large, small])
    code, words = window.review_report()
    window.click("[data-act=send]")
    window.wait("[data-part=save]")
    assert (window.hook("data-receipt-code"), window.hook("data-passphrase")) == ([code], [words])
    container = table.saved().read_bytes()
    for canary in (text, body, Canary(code), Canary(words), Canary(words.split()[3] + " " + words.split()[4])):
        assert canary.found_in(container) == []
    assert [url for url in table.requests if not url.startswith(("file:", "blob:"))] == []

    reader = person("chromium" if name == "chromium" else "firefox")
    reader.open(f"http://127.0.0.1:{server.port}/kirim-berkas")
    reader.choose('//input[@id="container"]', [table.saved()])
    reader.send("/kirim-berkas")
    assert (reader.hooks("data-kept"), reader.hooks("data-count"), reader.hooks("data-error")) == (["3"], ["3"], [])
    assert code not in reader.text()
    assert reader.overflow() <= 0

    (report,) = [held for held in server.held() if text.text in held.opened.message.fields.get("what", "")]
    assert report.opened.is_member
    assert report.opened.message.fields == {
        "channel": "wbs", "category": "pungli", "what": f"Setoran {text.text}\nTiap bulan",
        "who": "Kepala kantor", "where": "Kota Contoh", "when": "sejak Januari",
    }  # fmt: skip
    files = {
        held.opened.message.name: server.file_hash(held)
        for held in server.held()
        if held.kind == "file" and held.opened.message.thread == report.opened.message.thread
    }
    assert files == {path.name: hashlib.sha256(path.read_bytes()).digest() for path in (large, small)}

    reader.open(f"http://127.0.0.1:{server.port}/status")
    reader.write("code", code)
    reader.write("words", words)
    reader.send("/status")
    assert reader.hooks("data-status") == ["TERKIRIM"]


@pytest.mark.parametrize("name", ["chromium", pytest.param("firefox", marks=pytest.mark.soak)])
def test_photo_is_cleaned_without_network(name: str, server: Server, lay: Lay, person: Callable[[str], Person]) -> None:
    """The sealer has everything for it in itself; what its user wants as it is stays so."""
    table = lay(name)
    window, telling = table.window, saved(photo(), "JPEG", quality=90, exif=exif())
    files = [table.folder / "bersih.jpg", table.folder / "asli.jpg"]
    for path in files:
        path.write_bytes(telling)
    table.open()
    window.choose("#keyring", [table.folder / "kunci.dbxk"])
    text = Canary.fresh()
    window.fill_form(what=text.text)
    window.choose("#files", files)
    window.wait("[data-picture=found]", 2)
    assert "lokasi" in window.text("[data-picture=found]")
    window.click("label:has(#picture-1-keep)")
    window.review_report()
    window.click("[data-act=send]")
    window.wait("[data-part=save]")
    reader = person(name)
    reader.open(f"http://127.0.0.1:{server.port}/kirim-berkas")
    reader.choose('//input[@id="container"]', [table.saved()])
    reader.send("/kirim-berkas")
    (report,) = [held for held in server.held() if held.opened.message.fields.get("what") == text.text]
    sealed = {
        held.opened.message.name: b"".join(server.file_of(held))
        for held in server.held()
        if held.kind == "file" and held.opened.message.thread == report.opened.message.thread
    }
    cleaned = into_jpeg(saved(photo(), "JPEG", quality=90), segment(0xE1, EXIF + bare_exif()))
    assert sealed == {"bersih.jpg": cleaned, "asli.jpg": telling}
    assert [url for url in table.requests if not url.startswith(("file:", "blob:"))] == []


@pytest.mark.parametrize("name", ["chromium", pytest.param("firefox", marks=pytest.mark.soak)])
def test_what_is_refused_is_told(name: str, server: Server, lay: Lay) -> None:
    """No form stands there before a keyring is verified; faults are told at their fields, and nothing is saved."""
    table = lay(name)
    window, here = table.window, server.site.inspectorate
    late = inspectorate_of_today()
    late.root, late.anchor = here.root, here.anchor
    for desk in late.desks.values():
        desk.root, desk.anchor, desk.first, desk.last = here.root, here.anchor, desk.today - 40, desk.today - 10
        desk.today = desk.last
    bad = {
        "keyring-malformed": os.urandom(500),
        "keyring-forged": inspectorate_of_today().keyring(),
        "keys-expired": here.keyring([one.key_bundle() for one in late.desks.values()]),
    }
    table.open()
    for key, keyring in bad.items():
        (table.folder / f"{key}.dbxk").write_bytes(keyring)
        window.choose("#keyring", [table.folder / f"{key}.dbxk"])
        window.wait(f"[data-part=keyring-state][data-error={key}]")
        assert window.count("[data-act=review], [data-receipt-code]") == 0
    window.choose("#keyring", [table.folder / "kunci.dbxk"])
    window.wait("[data-act=review]")
    window.click("[data-act=review]")
    window.wait("[data-error=form]")
    assert window.hook("data-error-field") == ["what", "who", "where"]
    code, _ = window.fill_report()
    window.click("[data-act=edit]")
    window.write("#what", f"kode saya {code}")
    window.click("[data-act=review]")
    window.wait("#what-error")
    assert window.hook("data-error-field") == ["what"]
    assert list(table.folder.glob("*.dbx")) == []


@pytest.mark.parametrize("name", [pytest.param("chromium", marks=pytest.mark.soak), "firefox"])
def test_english_and_no_network(name: str, server: Server, lay: Lay) -> None:
    """The other language is in the same file, and its policy lets nothing be fetched."""
    table = lay(name)
    window = table.window
    table.open()
    assert "Pengunci tanpa internet" in window.text("h1")
    window.click("a.language")
    wait_until("the page is English", lambda: "Offline locker" in window.text("h1"), 60)
    assert window.look("document.documentElement.lang") == "en"
    assert not re.search(r"\b(Kunci|Laporan|berkas)\b", window.text("main"))
    window.look(
        "void (document.addEventListener('securitypolicyviolation',"
        " event => document.body.setAttribute('data-violated', event.effectiveDirective)),"
        f" fetch('http://127.0.0.1:{server.port}/').catch(() => 0))"
    )
    window.wait("[data-violated='connect-src']")
