"""The whole journey through real Tor: a v3 onion service, Firefox without JavaScript and with it, a file of 20 MB.

Whatever the browser's own parts try, the SOCKS port must be its only way out: each window is watched by strace.
"""

import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.person import PATIENCE_SECONDS
from tests.browser.settled import told
from tests.browser.test_browser_journey import ANSWER, QUESTION, fill, hashes, open_thread, sloppy
from tests.browser_js.browsers import Window
from tests.support.client import REPORT, Client, Multipart, Page, generated
from tests.support.server import wait_until
from tests.tor.conftest import Onion
from tests.tor.courier import make_pair, page
from tests.tor.network import reaches
from tests.tor.outside import Watched
from tests.tor.socks import get, request

WAY = ["TERKIRIM", "DITERIMA", "BUTUH_INFO"]


def marked() -> str:
    """A report that can be told from the others."""
    return f"Setiap bulan ada setoran (penanda {secrets.token_hex(8)})."


def collected(onion: Onion, what: str, film: Path, folder: Path) -> str:
    """Courier and desk: the report is there, the film is the film byte for byte, and a question goes back."""
    onion.demo.carry_out()
    (case,) = onion.demo.cases(what)
    (extracted,) = onion.demo.extract(case["case"], folder)
    assert extracted.name.endswith(film.name)
    assert hashes([extracted]) == hashes([film])
    onion.demo.answer(case["case"], "BUTUH_INFO", QUESTION)
    onion.demo.carry_in()
    return str(case["case"])


def messages(onion: Onion, case: str) -> list[str]:
    """What the reporter has written, once the courier has been again."""
    onion.demo.carry_out()
    return [message["fields"]["what"] for message in onion.demo.case(case)["messages"]]


def test_journey_without_javascript(onion: Onion, film: Path, tmp_path: Path) -> None:
    """Report, 20 MB by the form, answer and addition over the onion; the browser keeps and leaks nothing."""
    what = marked()
    with onion.person(tmp_path) as person:
        person.open(f"{onion.address}/")
        person.follow("/lapor")
        code, words = fill(person, what)
        person.send("/lapor")
        assert person.hooks("data-status") == ["TERKIRIM"]
        assert (person.hooks("data-receipt-code"), person.hooks("data-passphrase")) == ([code], [words])
        person.choose('//input[@name="files"]', [film])
        person.send("/tambah")
        assert person.texts("[data-added-file]") == [film.name]
        assert person.hooks("data-error") == []

        case = collected(onion, what, film, tmp_path / "extracted")

        def is_asked() -> bool:
            open_thread(person, onion.address, *sloppy(code, words))
            return person.hooks("data-status") == WAY

        wait_until("the question is on the page", is_asked, PATIENCE_SECONDS)
        assert person.texts("[data-answer]") == [QUESTION]
        person.write("what", ANSWER)
        person.send("/tambah")
        assert len(person.hooks("data-added")) == 1
        person.follow("/selesai")
        assert messages(onion, case) == [what, ANSWER]

        exchanges = person.exchanges()
        assert {urlsplit(exchange.url).hostname for exchange in exchanges} == {onion.network.host}
        assert [exchange.url for exchange in exchanges if "set-cookie" in exchange.headers] == []
        assert {exchange.method for exchange in exchanges} == {"GET", "POST"}
        remains = person.leave()
        assert (remains.history, remains.cookies) == ([], [])


def is_secure(window: Window) -> tuple[bool, bool]:
    """Whether the browser takes the page for secure, and whether it has WebCrypto."""
    secure, subtle = window.look("[isSecureContext, crypto.subtle !== undefined]")
    return secure, subtle


def upload(window: Window, file: Path) -> None:
    """Add a file that nobody looks into, and wait for its acknowledgement.

    The code that says so comes over Tor as well; pressing the button before it was read is answered by the page.
    """
    window.choose("#files", [file])
    window.wait("[data-part=review] > *")
    window.click("[data-act=add]")
    window.wait("[data-added-file]")
    window.wait("[data-upload=done]")
    assert (window.count("[data-added-file]"), window.hook("data-upload")) == (1, ["done"]), told(window.look)


def find_question(onion: Onion, window: Window, code: str, words: str) -> None:
    """Come back with code and words until the question is there."""

    def is_asked() -> bool:
        window.ask(onion.address, code, words)
        window.wait("h1[tabindex]")
        window.settle()
        return window.hook("data-status") == WAY

    wait_until("the question is on the page", is_asked, PATIENCE_SECONDS)


def test_journey_with_javascript(onion: Onion, film: Path, tmp_path: Path) -> None:
    """With Tor Browser's settings: sealed in the browser, 20 MB by tus, answer and addition over the onion."""
    what = marked()
    with onion.window(tmp_path, "tor-browser") as window:
        window.open(f"{onion.address}/lapor")
        code, words = window.send_report(what=what)
        assert is_secure(window) == (True, True)
        upload(window, film)

        case = collected(onion, what, film, tmp_path / "extracted")

        find_question(onion, window, code, words)
        assert window.look("Array.from(document.querySelectorAll('[data-answer]'), e => e.innerText)") == [QUESTION]
        window.write("#what", ANSWER)
        window.click("[data-act=add]")
        window.wait("[data-added]")
        assert messages(onion, case) == [what, ANSWER]
        assert window.stored() == {"cookie": "", "local": 0, "session": 0}
    assert onion.stored()[1] == 0


@pytest.mark.parametrize("settings", ["plain", "safer"])
def test_sealing_works_also_where_the_browser_is_poorer(onion: Onion, tmp_path: Path, settings: str) -> None:
    """Plain Firefox has no WebCrypto on http://….onion, Tor Browser's "Safer" no compiler: both verify and seal."""
    small = tmp_path / "kecil.bin"
    small.write_bytes(secrets.token_bytes(300_000))
    with onion.window(tmp_path, settings) as window:
        window.open(f"{onion.address}/lapor")
        code, words = window.send_report(what=marked())
        assert is_secure(window) == ((False, False) if settings == "plain" else (True, True))
        upload(window, small)
        window.ask(onion.address, code, words)
        # Whether the day's list of stored reports was made before this one or after it: the secret was understood.
        understood = "[data-part=fits], [data-now=TERKIRIM]"
        window.wait(f"{understood}, [data-error]")
        assert (window.count(understood), window.count("[data-error]")) == (1, 0), told(window.look)


def header(page: Page, name: str) -> list[str]:
    """The values of a header."""
    return [value for given, value in page.headers if given.lower() == name.lower()]


def test_onion_address_is_offered_to_those_who_come_without_it(onion: Onion) -> None:
    """The page's `Onion-Location` leads to the same page over Tor, which offers it no more."""
    plain = Client(onion.server.port).get("/batas")
    (offered,) = header(plain, "Onion-Location")
    assert offered == f"{onion.address}/batas"
    same = get(onion.network.socks_port, onion.network.host, offered.removeprefix(onion.address))
    assert (same.status, same.body) == (200, plain.body)
    assert header(same, "Onion-Location") == []


@pytest.mark.parametrize("proxy", [{"Host": "{host}.example"}, {"X-Tor2web": "1"}], ids=["host", "header"])
def test_nothing_is_taken_from_a_proxy_that_reads_along(onion: Onion, proxy: dict[str, str]) -> None:
    """A request of the tor2web kind, through the onion service itself: a warning, and no report, file or upload."""
    way = (onion.network.socks_port, onion.network.host)
    marks = {name: value.format(host=onion.network.host) for name, value in proxy.items()}
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    review = request(*way, "POST", "/lapor", urlencode(REPORT | {"step": "review"}).encode(), urlencoded)
    hidden, before = review.hidden, onion.stored()
    assert hidden["code"]
    warned = get(*way, "/lapor", marks)
    assert (warned.status, warned.error) == (403, "tor2web")
    assert warned.hidden == {}
    form = Multipart([*hidden.items(), ("what", "Ada setoran"), generated("foto.jpg", 100_000)])
    kind = {"Content-Type": form.content_type, "Content-Length": str(len(form))}
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "18819", "Upload-Metadata": "id AA==,digest AA=="}
    assert request(*way, "POST", "/tambah", form, marks | kind).error == "tor2web"
    assert request(*way, "POST", "/lapor", form, marks | kind).error == "tor2web"
    assert request(*way, "POST", "/unggah", None, marks | tus).error == "tor2web"
    assert onion.stored() == before


def test_the_couriers_page_is_reached_with_its_client_key_alone(
    onion: Onion, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With the guide's key Tor leads to the log-in; without a key, or with another, to nothing but the site."""
    network, host = onion.network, onion.network.courier_host
    right, wrong, other = (tmp_path_factory.mktemp(name) for name in ("right", "wrong", "other"))
    with page(right, onion.courier_port, host), network.client(right, onion.courier_keys.private) as port:
        wait_until("the page is reached", lambda: reaches(port, host, "/masuk", 200), PATIENCE_SECONDS)
        shown = get(port, host, "/masuk")
        assert {"csrf_token"} == set(shown.hidden)
        with pytest.raises(OSError, match="the proxy says"):
            get(network.socks_port, host, "/masuk")
        with network.client(wrong, make_pair(other).private) as without, pytest.raises(OSError, match="the proxy says"):
            get(without, host, "/masuk")
        assert get(port, host, "/masuk").status == 200


def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    """A connection that nobody answers and a look-up's UDP socket, in a child of the watched program, are both seen."""
    child = (
        "import socket\n"
        "socket.socket().connect_ex(('127.0.0.2', 9))\n"
        "asking = socket.socket(type=socket.SOCK_DGRAM)\n"
        "asking.connect(('127.0.0.3', 53))\n"
    )
    watched = Watched.make(sys.executable, tmp_path)
    parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}], check=True)"
    subprocess.run([str(watched.program), "-c", parent], check=True)
    assert watched.reached() == {("127.0.0.2", 9), ("127.0.0.3", 53)}
    assert len(watched.datagram_sockets()) == 1
    with pytest.raises(AssertionError):
        watched.assert_went_only_to(9)
