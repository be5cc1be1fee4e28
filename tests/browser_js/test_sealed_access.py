"""axe-core, width and keyboard in every state that only scripts bring about, in Chromium and in Firefox.

Each in one browser and one language; in the long runs in both of them.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from dropbox.wire.bundle import pack_objects
from dropbox.wire.calendar import epoch_of
from dropbox.wire.container import SealedEntry, container_head
from tests.browser.chromium import scripted
from tests.browser_js.browsers import WINDOW, Chromium, Firefox, Window
from tests.browser_js.inspector import WindowInspector
from tests.browser_js.relay import Relay
from tests.browser_js.test_fails_closed import expired
from tests.browser_js.test_sealed_journey import publish_answer
from tests.browser_js.test_sealer import download
from tests.support.desks import INSTANCE, FakeInspectorate
from tests.support.picture_samples import exif, photo, saved
from tests.support.sealed import Browser, Sealed
from tests.support.server import Server, SiteFolder, serving, wait_until

_LONG = "panjangsekali" * 12  # a word that no line can hold

_BOARDS = itertools.count(1)  # the places share a server, whose boards rise
PLACES = [(name, prefix) for name in ("chromium", "firefox") for prefix in ("", "/en")]


def at(browser: str, prefix: str) -> pytest.MarkDecorator:
    """The place of a test; the other browser and the other language in the long runs."""
    here = (browser, prefix)
    places = [pytest.param(one, marks=() if one == here else pytest.mark.soak, id="".join(one)) for one in PLACES]
    return pytest.mark.parametrize("place", places, indirect=True, scope="module")


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A browser and the prefix of a language."""
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.fixture(scope="module")
def browser(
    place: tuple[str, str], playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """Started once for all tests of a place."""
    if place[0] == "firefox":
        window = Firefox(tmp_path_factory.mktemp("firefox") / "gecko.log", {})
        yield window
        window.close()
    else:
        with scripted(playwright, viewport={"width": WINDOW[0], "height": WINDOW[1]}) as context:
            yield Chromium(context.new_page())


@pytest.fixture
def inspector(browser: Window) -> Iterator[WindowInspector]:
    """Nothing that it noticed is left unsaid."""
    inspector = WindowInspector(browser)
    yield inspector
    assert inspector.faults == []


@at("chromium", "")
def test_every_scripted_state_is_accessible_and_fits(
    place: tuple[str, str], server: Server, relay: Relay, inspector: WindowInspector, tmp_path: Path
) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, light and dark; no horizontal scrolling; every control by keyboard."""
    files = [tmp_path / f"{_LONG}.bin", tmp_path / "dua.bin"]
    for at, file in enumerate(files):
        file.write_bytes(bytes(3_000_000 + at))
    window, address = inspector.window, relay.address + place[1]

    # before anything can be typed
    relay.canned["/static/report.js"] = (404, "text/plain", b"")
    window.open(f"{address}/lapor")
    inspector.see("not ready")
    relay.canned = {"/data/kunci": (404, "text/plain", b"")}
    window.open(f"{address}/lapor")
    window.wait("[data-error]")
    inspector.see("no keys")
    relay.canned.clear()

    # the report
    window.open(f"{address}/lapor")
    window.wait("[data-act=review]")
    inspector.see("form")
    window.click("[data-act=review]")
    inspector.see("form with faults")
    window.fill_form(what=f"{_LONG} itjen pelecehan")
    window.click("[data-act=add-person]")
    inspector.see("all unfolded")
    code, words = window.review_report()
    assert window.count("[data-part=conflict], [data-part=safeguarding], [data-part=hints]") == 3
    inspector.see("review")
    window.write("#confirm", "xyzzy")
    window.click("[data-act=send]")
    inspector.see("review with a fault")
    window.click("[data-act=irjen]")
    inspector.see("review for the other desk")
    window.click("[data-act=edit]")
    window.click("label:has(input[name=desk][value=itjen])")
    window.review_report()
    relay.down = True
    window.click("[data-act=send]")
    wait_until("it is sending", lambda: window.count("[data-act=send][aria-disabled=true]") == 1)
    inspector.see("sending")
    relay.down = False
    window.wait("[data-status=TERKIRIM]")
    inspector.see("receipt")

    # pictures that tell something
    pictures = [tmp_path / f"{_LONG}.jpg", tmp_path / "IMG_20261125.png", tmp_path / "surat.pdf"]
    telling = saved(photo(), "PNG", exif=exif())
    for path, content in zip(pictures, (telling[:-9], telling, b"%PDF-1.7"), strict=True):
        path.write_bytes(content)
    window.choose("#files", pictures)
    window.wait("[data-picture]", 2)
    inspector.see("pictures that tell something")
    window.click("[data-act=add]")
    window.wait("[data-error=form]")
    inspector.see("pictures with a choice that is open")

    # files on their way
    relay.break_at = 1
    window.write("#what", "Tambahan")
    window.choose("#files", files)
    window.click("[data-act=add]")
    window.wait("[data-upload=retrying]")
    inspector.see("uploads retrying and waiting")
    window.click("[data-upload=retrying] [data-act=pause]")
    window.wait("[data-upload=paused]")
    window.click("li.upload:nth-child(2) [data-act=cancel]")
    window.wait("[data-upload=cancelled]")
    inspector.see("uploads paused and cancelled")
    relay.down, relay.refuse = False, "storage-full"
    window.click("[data-act=resume]")
    window.wait("[data-upload=failed]")
    inspector.see("upload failed")
    relay.refuse = ""
    window.click("[data-act=retry]")
    window.wait("[data-added-file]")
    inspector.see("upload done")
    window.click("[data-act=add]")
    window.wait("[data-error=form]")
    inspector.see("empty addition")
    look_at_answers(inspector, place, server, relay, (code, words))
    assert len(set(inspector.states)) == 29


def look_at_answers(
    inspector: WindowInspector, place: tuple[str, str], server: Server, relay: Relay, secret: tuple[str, str]
) -> None:
    """The states of the status page."""
    window, address, (code, words) = inspector.window, relay.address + place[1], secret
    window.ask(address, code, words)
    window.wait("h1[tabindex]")
    inspector.see("no answer yet")
    board = next(_BOARDS)
    publish_answer(server, code, words, board)
    window.ask(address, code, f"{_LONG} {words.partition(' ')[2]}")
    window.wait("[data-error]")
    inspector.see("status with faults")
    window.write("#words", words)
    window.click("[data-act=open]")
    window.wait("[data-status=BUTUH_INFO]")
    window.look("void document.querySelectorAll('details').forEach(one => { one.open = true; })")
    inspector.see("thread with answers")
    window.click("[data-act=read]")
    window.wait("[data-added=read]")
    window.click("[data-act=withdraw]")
    window.wait("[data-error-field=sure]")
    inspector.see("an act done and one with a fault")
    relay.canned["/data/kunci"] = (200, "application/octet-stream", expired(server))
    window.ask(address, code, words)
    window.wait("[data-error=keys-expired]")
    inspector.see("thread without keys")
    relay.canned.clear()
    desk = server.site.inspectorate.desks["itjen"]
    earlier = replace(desk, first=desk.today - 30, last=desk.today + 60)
    old = earlier.packed_board(board, [], desk.today - 20)
    relay.canned["/data/papan"] = (200, "application/octet-stream", pack_objects([old]))
    window.ask(address, code, words)
    window.wait("[data-part=old]")
    inspector.see("old board")
    other = FakeInspectorate(today=desk.today).desks["itjen"]
    relay.canned["/data/papan"] = (200, "application/octet-stream", pack_objects([other.packed_board(1, [])]))
    window.open(f"{address}/status")
    window.wait("[data-error=boards-forged]")
    inspector.see("forged board")
    relay.canned.clear()
    window.open(f"{address}/lapor")
    unknown = window.fill_report()
    window.ask(address, *unknown)
    window.wait("[data-part=fits]")
    inspector.see("nothing known")
    window.open(f"{address}/lapor")
    window.fill_report()
    window.look("void window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    inspector.see("emptied")
    window.open(f"{address}/kunci")
    inspector.see("keys")
    window.open(f"{address}/bukti")
    window.wait("[data-act=make]")
    window.click("[data-act=make]")
    window.wait("[data-error=form]")
    inspector.see("proof with faults")
    for name, text in (("code", code), ("words", words), ("challenge", "0a" * 32), ("statement", _LONG)):
        window.write(f"#{name}", text)
    window.click("label:has(input[name=desk][value=itjen])")
    window.look("void (document.addEventListener('click', event => { event.preventDefault(); }))")  # nothing is saved
    window.click("[data-act=make]")
    window.wait("[data-part=save]")
    inspector.see("proof made")


@at("firefox", "/en")
def test_a_closed_intake_is_accessible_and_fits(
    server: Server, inspector: WindowInspector, place: tuple[str, str], tmp_path: Path
) -> None:
    """The page that stands where the form was."""
    folder = tmp_path / "closed"
    folder.mkdir()
    shut = SiteFolder(folder, server.site.inspectorate, "[intake]\nopen = false\n", server.site.folder, publish=False)
    with serving(shut.make()) as closed:
        inspector.window.open(f"http://127.0.0.1:{closed.port}{place[1]}/lapor")
        assert inspector.window.count("[data-error=closed]") == 1
        inspector.see("closed")


@at("firefox", "/en")
def test_the_off_line_sealer_is_accessible_and_fits(
    server: Server, inspector: WindowInspector, place: tuple[str, str], tmp_path: Path
) -> None:
    """From a file: before the keyring, with a wrong one, the form, with faults, and done."""
    download(server, tmp_path)
    (tmp_path / "salah.dbxk").write_bytes(b"salah")
    window = inspector.window
    window.open((tmp_path / "pengunci.html").as_uri() + place[1].replace("/", "#"))
    window.wait("#keyring")
    inspector.see("empty")
    window.choose("#keyring", [tmp_path / "salah.dbxk"])
    window.wait("[data-error=keyring-malformed]")
    inspector.see("wrong keyring")
    window.choose("#keyring", [tmp_path / "kunci.dbxk"])
    window.wait("[data-act=review]")
    inspector.see("form")
    window.click("[data-act=review]")
    window.wait("[data-error=form]")
    inspector.see("form with faults")
    window.fill_report(what=f"{_LONG} itjen pelecehan")
    inspector.see("review")
    window.click("[data-act=send]")
    window.wait("[data-part=save]")
    inspector.see("done")


@at("firefox", "/en")
def test_the_page_for_sealed_files_is_accessible_and_fits(
    server: Server, inspector: WindowInspector, place: tuple[str, str], tmp_path: Path
) -> None:
    """Empty, with nothing chosen, with a file that is none or damaged, with a part refused, and accepted."""
    here = server.site.inspectorate
    good, early = Browser(here).text(), Browser(here, epoch=epoch_of(here.today) + 2).text()
    whole = container_of(good)
    files = {"unknown": b"salah", "damaged": whole[:-40], "refused": container_of(good, early), "accepted": whole}
    window = inspector.window
    window.open(f"http://127.0.0.1:{server.port}{place[1]}/kirim-berkas")
    inspector.see("no file yet")
    submit(window)
    window.wait("[data-error=form]")
    inspector.see("nothing chosen")
    for state, content in files.items():
        (tmp_path / f"{state}.dbx").write_bytes(content)
        window.choose("#container", [tmp_path / f"{state}.dbx"])
        submit(window)
        window.wait({"accepted": "[data-kept='1']", "refused": "[data-refused]"}.get(state, "[data-error=form]"))
        inspector.see(state)


def test_the_inspector_notices_planted_faults(server: Server, window: Window) -> None:
    """A nameless field, grey on black in the dark alone, a wide field, and a button that no key reaches."""
    window.open(f"http://127.0.0.1:{server.port}/")
    inspector = WindowInspector(window)
    window.look(
        "void (['input', 'button'].forEach(n => document.querySelector('main').append(document.createElement(n))),"
        "document.querySelector('main > input').style.width = '400px',"
        "document.querySelector('main > button').append('x'), document.querySelector('main > button').tabIndex = -1,"
        "document.querySelector('h1').style.color = 'light-dark(#000, #333)')"
    )
    inspector.see("planted")
    found = {re.split(" at | <", fault)[0] for fault in inspector.faults}
    assert found == {
        "planted, light: label",
        "planted, dark: color-contrast",
        "planted: no key reaches",
        "planted: wider than 320 pixels",
    }


def container_of(*parts: Sealed) -> bytes:
    """The file laporan.dbx with these parts."""
    entries = (SealedEntry(part.id, part.digest, len(part.blob)).encode() + part.blob for part in parts)
    return container_head(INSTANCE, len(parts)) + b"".join(entries)


def submit(window: Window) -> None:
    """Send the form, and wait for the page that follows."""
    window.look("void document.body.setAttribute('data-before', '')")
    window.click("main form button")
    wait_until(
        "another page", lambda: window.look("document.readyState == 'complete' && !('before' in document.body.dataset)")
    )
