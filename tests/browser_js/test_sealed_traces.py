"""What the sealed pages leave on the reporter's own device, in memory and on disk; and the way out of them."""

from pathlib import Path

from playwright.sync_api import Playwright

from tests.browser.chromium import ARGUMENTS, program
from tests.browser_js.browsers import Chromium, Firefox, Window
from tests.browser_js.relay import Relay
from tests.support.canary import Canary
from tests.support.server import wait_until

STORED = """Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()])
.then(found => found.flat().length + localStorage.length + sessionStorage.length + document.cookie.length)
.then(count => document.body.setAttribute('data-stored', count))"""

REMEMBERED = """[...document.querySelectorAll('main :is(input, select, textarea)')]
.filter(one => one.getAttribute('autocomplete') !== 'off').length"""  # a browser's session file holds ticks as well


def leave_traces(window: Window, address: str, marker: Canary, file: Path) -> list[Canary]:
    """A report, an addition, a file, a look-up and a form that was never sent; returns what must not be found."""
    file.write_text(f"isi {marker.text}")
    window.open(f"{address}/lapor")
    code, words = window.send_report(what=f"Laporan {marker.text}")
    window.write("#what", f"Tambahan {marker.text}")
    window.choose("#files", [file])
    window.click("[data-act=add]")
    window.wait("[data-added-file]")
    window.ask(address, code, words)
    window.wait("h1[tabindex]")
    assert window.look(REMEMBERED) == 0
    window.open(f"{address}/lapor")
    window.fill_report(what=f"Belum {marker.text}")
    assert window.look(REMEMBERED) == 0
    return [marker, Canary(code), Canary(words), *(Canary(" ".join(words.split()[at : at + 2])) for at in range(7))]


def kept_in(folder: Path, secrets: list[Canary]) -> list[str]:
    """Which files of a profile tell of them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 10
    contents = [(path, unpacked(path.read_bytes())) for path in files]
    return [f"{path.name}: {name}" for path, data in contents for one in secrets for name in one.found_in(data)]


def sessions(profile: Path) -> list[bytes]:
    """What Chromium has written about open pages."""
    return [path.read_bytes() for path in (profile / "Default/Sessions").glob("*")]


def unpacked(data: bytes) -> bytes:
    """A file's content; Firefox packs its session files."""
    return bytes(lz4(data[12:])) if data.startswith(b"mozLz40\0") else data


def lz4(block: bytes) -> bytearray:
    """A block of LZ4 (lz4_Block_format.md)."""
    out, at = bytearray(), 0

    def more(length: int) -> int:
        nonlocal at
        if length == 15:
            while block[at] == 255:
                length, at = length + 255, at + 1
            length, at = length + block[at], at + 1
        return length

    while at < len(block):
        token, at = block[at], at + 1
        literals = more(token >> 4)
        out += block[at : at + literals]
        at += literals
        if at < len(block):
            back, at = int.from_bytes(block[at : at + 2], "little"), at + 2
            for _ in range(more(token & 15) + 4):
                out.append(out[-back])
    return out


def test_chromium_keeps_nothing_of_a_sealed_report_on_its_disk(
    relay: Relay, playwright: Playwright, tmp_path: Path
) -> None:
    """After a report, an addition, a look-up and a form that was never sent, no file of the profile tells of them."""
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program(),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        viewport={"width": 900, "height": 1200},
    )
    window = Chromium(context.pages[0])
    secrets = leave_traces(window, relay.address, Canary.fresh(), tmp_path / "catatan.txt")
    window.back()
    # Session files are written with a delay: the one that names the form has been when it is looked at.
    wait_until("the session is written", lambda: any(b"/lapor" in kept for kept in sessions(profile)))
    context.close()
    assert kept_in(profile, secrets) == []


def test_firefox_keeps_nothing_of_a_sealed_report_on_its_disk(relay: Relay, tmp_path: Path) -> None:
    """The same; its session file, which is written while the form stands there, names the page and nothing in it."""
    window = Firefox(tmp_path / "gecko.log", {"browser.sessionstore.interval": 500})
    try:
        secrets = leave_traces(window, relay.address, Canary.fresh(), tmp_path / "catatan.txt")
        session = window.profile / "sessionstore-backups" / "recovery.jsonlz4"
        wait_until(
            "the session is written",
            lambda: session.exists() and f"{relay.address}/lapor" in unpacked(session.read_bytes()).decode(),
        )
        assert kept_in(window.profile, secrets) == []
    finally:
        window.close()


def test_nothing_is_stored_in_the_browser(relay: Relay, window: Window, tmp_path: Path) -> None:
    """No cookie, storage, database, cache or worker after everything that a reporter does."""
    leave_traces(window, relay.address, Canary.fresh(), tmp_path / "catatan.txt")
    window.look(f"void {STORED}")
    window.wait("[data-stored]")
    assert window.hook("data-stored") == ["0"]
    assert window.cookies() == []


def test_a_page_that_is_left_is_empty(relay: Relay, window: Window) -> None:
    """Nothing of a report is in the document once it is left, nor when the back button brings the page again."""
    canary = Canary.fresh()
    window.open(f"{relay.address}/lapor")
    code, words = window.fill_report(what=canary.text)
    window.open(f"{relay.address}/kunci")
    window.back()
    wait_until("the page is back", lambda: window.look("location.pathname") == "/lapor")
    content = str(window.look("document.documentElement.outerHTML"))
    assert canary.text not in content
    assert code not in content
    assert words not in content
    window.open(f"{relay.address}/lapor")
    window.fill_report(what=canary.text)
    window.look("void window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert window.count("main textarea, main input, [data-receipt-code]") == 0
    assert "dikosongkan" in window.text("main")


def test_the_quick_exit_empties_the_page_and_leaves_no_way_back(relay: Relay, window: Window) -> None:
    """First in tab order, not bound to Escape; the page is replaced in the history, so back leads before it."""
    window.open(f"{relay.address}/kunci")
    window.open(f"{relay.address}/lapor")
    code, _ = window.fill_report()
    window.press("Escape")
    assert window.look("document.getElementById('what').value") != ""
    assert window.look("document.querySelector('a, button, input, [tabindex]').className") == "exit"
    assert (
        int(window.look('document.querySelectorAll(\'[tabindex]:not([tabindex="-1"]):not([tabindex="0"])\').length'))
        == 0
    )
    leave_quickly(window, relay)
    window.back()
    wait_until("before it", lambda: window.look("location.pathname") == "/kunci")
    assert code not in str(window.look("document.documentElement.outerHTML"))


def test_a_visit_is_one_entry_of_the_history(relay: Relay, window: Window) -> None:
    """Menu, language and a place on the page replace what was seen, so that back leads before the visit."""
    window.open(f"{relay.address}/kunci")
    window.open(f"{relay.address}/lapor")
    window.settle()
    entries = window.look("history.length")
    for link, here in ((".menu [href='/informasi']", "/informasi"), ("a.language", "/en/informasi")):
        window.click(link)
        window.wait(f".menu [aria-current][href='{here}']")
        window.settle()  # a link that is pressed before the scripts have run is a plain link
    window.look("void document.querySelector('a.skip').click()")
    wait_until("the place", lambda: window.look("location.hash + document.activeElement.id") == "#isiisi")
    assert window.look("history.length") == entries
    window.back()
    window.wait("[data-root-hex]")


def test_shift_three_times_leaves(relay: Relay, window: Window) -> None:
    """Not with another key, a click or the wheel in between, and without a question about what was typed."""
    relay.canned["/cuaca"] = (200, "text/html", b"<title>cuaca</title><p id=cuaca>cuaca")
    window.open(f"{relay.address}/lapor")
    window.fill_form("itjen")
    window.look("void document.querySelector('a.exit').setAttribute('href', '/cuaca')")
    for key in ("Shift", "Shift", "Escape", "Shift"):
        window.press(key)
    assert window.look("location.pathname") == "/lapor"
    for kind in ("pointerdown", "wheel"):
        for _ in range(3):
            window.press("Shift")
            window.look(f"void dispatchEvent(new Event('{kind}'))")
    assert window.look("location.pathname") == "/lapor"
    for _ in range(3):
        window.press("Shift")
    window.wait("#cuaca")


def test_the_quick_exit_works_when_the_large_script_does_not(relay: Relay, window: Window) -> None:
    """It is a script of its own."""
    relay.canned["/static/report.js"] = (404, "text/plain", b"")
    window.open(f"{relay.address}/lapor")
    leave_quickly(window, relay)


def test_the_quick_exit_does_not_ask_while_a_report_is_on_its_way(relay: Relay, window: Window) -> None:
    """The question about leaving, which a browser asks during an upload, would hold it up."""
    window.open(f"{relay.address}/lapor")
    window.fill_report()
    relay.down = True
    window.click("[data-act=send]")
    wait_until("it is told", lambda: "mencoba lagi" in window.text(".review [data-part=state]"))
    relay.down = False
    relay.canned["/unggah"] = (503, "text/plain", b"")
    leave_quickly(window, relay)


def leave_quickly(window: Window, relay: Relay) -> None:
    """By the quick exit, whose address leads here for the test to see: nothing but the address is changed."""
    relay.canned["/cuaca"] = (200, "text/html", b"<title>cuaca</title><p>cuaca")
    window.look("void document.querySelector('a.exit').setAttribute('href', '/cuaca')")
    window.click("a.exit")
    wait_until("elsewhere", lambda: window.look("location.pathname") == "/cuaca")
