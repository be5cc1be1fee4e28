"""A page that cannot seal shows no form: the reporter reads why and what to do, and nothing that was written leaves.

In Chromium and in Firefox, with JavaScript on.
"""

import time
import urllib.request
from collections.abc import Callable

import pytest

from dropbox.wire.bundle import pack_objects
from tests.browser_js.browsers import Window
from tests.browser_js.relay import Relay
from tests.support.canary import Canary
from tests.support.desks import FakeDesk, FakeInspectorate
from tests.support.server import PROJECT, Server, wait_until

STATIC = PROJECT / "dropbox" / "web" / "static"
BYTES = "application/octet-stream"
SCRIPT = "text/javascript"
RANDOM = "crypto.getRandomValues"


def forged(server: Server) -> bytes:
    """Everything right, but of another root."""
    return FakeInspectorate(today=server.site.inspectorate.today).keyring()


def expired(server: Server) -> bytes:
    """Of our root, and its days are over since last week."""
    ours = server.site.inspectorate
    past = ours.today - 60
    desks = (FakeDesk(name, ours.root, ours.anchor, past, ours.today - 7, today=past) for name in ("irjen", "itjen"))
    return ours.keyring([desk.key_bundle() for desk in desks])


def genuine(server: Server) -> bytes:
    """As the server gives it out."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/data/kunci", timeout=240) as answer:
        body: bytes = answer.read()
    return body


def damaged(server: Server) -> bytes:
    """One bit of a signature is wrong."""
    keyring = bytearray(genuine(server))
    keyring[-3] ^= 1  # of the root, under the list of revocations
    return bytes(keyring)


SCRIPTS: dict[str, tuple[int, str, Callable[[bytes], bytes]]] = {
    "missing": (404, "text/plain", lambda _: b""),
    "blocked": (403, "text/html", lambda _: b"<p>Diblokir"),
    "empty": (200, SCRIPT, lambda _: b""),
    "truncated": (200, SCRIPT, lambda script: script[: len(script) // 2]),
    "of another type": (200, "text/html", lambda _: b"<p>portal</p>"),
    "throws": (200, SCRIPT, lambda _: b"throw new Error('no')"),
}
KEYRINGS: dict[str, tuple[int, str, Callable[[Server], bytes], str]] = {
    "missing": (404, "text/plain", lambda _: b"", "belum terunduh"),
    "truncated": (200, BYTES, lambda server: genuine(server)[:-100], "tidak dapat dibuktikan asli"),
    "of a portal": (200, "text/html", lambda _: b"<p>portal</p>", "tidak dapat dibuktikan asli"),
    "forged": (200, BYTES, forged, "tidak dapat dibuktikan asli"),
    "damaged": (200, BYTES, damaged, "tidak dapat dibuktikan asli"),
    "expired": (200, BYTES, expired, "belum diperbarui"),
}


def assert_nothing_can_be_sent(window: Window, relay: Relay, page: str) -> None:
    """No field, no form; the ways that are left are named; and there were downloads only, without a query."""
    assert "Muat ulang halaman ini." in window.text("main")
    assert page == "status" or "Belum ada yang terkirim." in window.text("main")
    assert "Tor Browser" in window.text("main")
    assert window.count(f"main a[href='/{page}/server']") == 1
    assert_no_form(window, relay)


def assert_no_form(window: Window, relay: Relay) -> None:
    """No field, no form, and downloads only, without a query."""
    assert window.count("main textarea, main input, main form, main [role=form]") == 0
    assert {sent.method for sent in relay.sent} == {"GET"}
    assert [sent.path for sent in relay.sent if "?" in sent.path or sent.body] == []


def assert_script_never_ran(window: Window, relay: Relay, page: str) -> None:
    """What the page says before any script, and for good."""
    wait_until("the script was asked for", lambda: any(sent.path.startswith("/static/") for sent in relay.sent))
    assert window.look("document.readyState") == "complete"
    assert "menyiapkan" in window.text("main")
    assert "Tidak muncul juga?" in window.text("main")
    assert_nothing_can_be_sent(window, relay, page)


@pytest.mark.parametrize("fault", SCRIPTS)
def test_without_its_script_the_report_page_shows_no_form(fault: str, relay: Relay, window: Window) -> None:
    """Missing, blocked, truncated, another thing, or one that throws."""
    status, kind, change = SCRIPTS[fault]
    relay.canned["/static/report.js"] = (status, kind, change((STATIC / "report.js").read_bytes()))
    window.open(f"{relay.address}/lapor")
    assert_script_never_ran(window, relay, "lapor")


@pytest.mark.parametrize(
    ("page", "script", "share"),
    [("lapor", "report", 0), ("lapor", "report", 0.5), ("lapor", "keyring", 0.5), ("status", "status", 0.5)],
)
def test_a_line_that_dies_while_the_script_loads(
    page: str, script: str, share: float, relay: Relay, window: Window
) -> None:
    """Half a script is none."""
    relay.cut[f"/static/{script}.js"] = share
    window.open(f"{relay.address}/{page}")
    assert_script_never_ran(window, relay, page)


@pytest.mark.parametrize("fault", ["missing", "throws"])
def test_without_its_script_the_status_page_shows_no_form(fault: str, relay: Relay, window: Window) -> None:
    """The same for code and words."""
    status, kind, change = SCRIPTS[fault]
    relay.canned["/static/status.js"] = (status, kind, change(b""))
    window.open(f"{relay.address}/status")
    assert_script_never_ran(window, relay, "status")


@pytest.mark.parametrize("page", ["lapor", "status"])
@pytest.mark.parametrize("fault", KEYRINGS)
def test_without_genuine_keys_there_is_no_form(
    fault: str, page: str, server: Server, relay: Relay, window: Window
) -> None:
    """A keyring that is missing, broken, forged or old is told in a sentence; old keys still open answers."""
    status, kind, make, sentence = KEYRINGS[fault]
    relay.canned["/data/kunci"] = (status, kind, make(server))
    window.open(f"{relay.address}/{page}")
    if (page, fault) == ("status", "expired"):
        window.wait("[data-act=open]")
        return
    window.wait("[data-error]")
    if (page, fault) == ("status", "missing"):
        sentence = "Jawaban belum terunduh"
    assert sentence in window.text("[data-error]")
    assert_nothing_can_be_sent(window, relay, page)


@pytest.mark.parametrize("path", ["/data/kunci", "/data/papan"])
def test_a_line_that_dies_while_the_answers_load(path: str, relay: Relay, window: Window) -> None:
    """Half an answer is not shown."""
    relay.cut[path] = 0.5
    window.open(f"{relay.address}/status")
    window.wait("[data-error=boards-failed]")
    assert_nothing_can_be_sent(window, relay, "status")


def test_forged_answers_are_not_shown(server: Server, relay: Relay, window: Window) -> None:
    """A board that another station signed."""
    other = FakeInspectorate(today=server.site.inspectorate.today).desks["itjen"]
    relay.canned["/data/papan"] = (200, BYTES, pack_objects([other.packed_board(1, [])]))
    window.open(f"{relay.address}/status")
    window.wait("[data-error=boards-forged]")
    assert_nothing_can_be_sent(window, relay, "status")


@pytest.mark.parametrize(
    ("page", "days"), [("lapor", -4000), ("lapor", -700), ("lapor", 400), ("lapor", 4000), ("status", -700)]
)
def test_a_wrong_clock_is_told_kindly(page: str, days: int, relay: Relay, window: Window) -> None:
    """A device years off: the page names the date that it sees, and what to do."""
    script = "/static/report.js" if page == "lapor" else "/static/status.js"
    relay.before[script] = f"{{const now=Date.now;Date.now=()=>now.call(Date)+{days * 86_400_000}}}".encode()
    window.open(f"{relay.address}/{page}")
    window.wait("[data-error=clock]")
    assert "Tanggal di perangkat Anda tampaknya salah" in window.text("[data-error]")
    assert "Buka Setelan, lalu Tanggal dan waktu, lalu pilih otomatis." in window.text("[data-error]")
    assert str(time.gmtime(time.time() + 86_400 * days).tm_year) in window.text("[data-error]")
    assert window.count("main [data-error] ~ *") == 0  # advice on other ways, which do not help there
    assert_no_form(window, relay)


def test_a_script_that_fails_while_it_prepares_says_so(relay: Relay, window: Window) -> None:
    """A device without a random generator gets no form."""
    relay.before["/static/report.js"] = f"{RANDOM}=()=>{{throw new Error('no')}};".encode()
    window.open(f"{relay.address}/lapor")
    window.wait("[data-error=page-failed]")
    assert "tidak dapat bekerja di peramban Anda" in window.text("[data-error]")
    assert_nothing_can_be_sent(window, relay, "lapor")


@pytest.mark.parametrize("place", [RANDOM, "Object.entries"])
def test_a_script_that_fails_while_it_seals_keeps_the_text_and_sends_nothing(
    place: str, relay: Relay, window: Window
) -> None:
    """The reporter is told; nothing was sent; and once it works again the same form goes out."""
    relay.before["/static/report.js"] = (
        f"{{const whole={place};{place}=function(...given){{"
        "if(document.body.dataset.broken)throw new Error('no');"
        f"return whole.apply({place.rsplit('.', 1)[0]},given)}}}}"
    ).encode()
    canary = Canary.fresh()
    window.open(f"{relay.address}/lapor")
    code, words = window.fill_report(what=canary.text)
    window.look("void document.body.setAttribute('data-broken', '1')")
    window.click("[data-act=send]")
    window.wait("[data-error=form]")
    assert "Anggap kiriman tadi belum diterima" in window.text(".errors")
    assert window.look("document.querySelector('#what').value") == canary.text
    assert {sent.method for sent in relay.sent} == {"GET"}
    window.look("void document.body.removeAttribute('data-broken')")
    window.click("[data-act=send]")
    window.wait("[data-status=TERKIRIM]")
    assert window.hook("data-receipt-code") == [code]
    assert [canary.found_in(relay.raw()), Canary(words).found_in(relay.raw())] == [[], []]


def test_the_recorder_would_notice(relay: Relay, window: Window) -> None:
    """On the road on which the server seals, it sees text, code and words leave: silence means something."""
    canary = Canary.fresh()
    window.open(f"{relay.address}/lapor/server")
    code, words = window.fill_report(what=canary.text)
    window.click(".button[value=send]")
    window.wait("[data-status=TERKIRIM]")
    for secret in (canary, Canary(code), Canary(words)):
        assert secret.found_in(relay.raw())
