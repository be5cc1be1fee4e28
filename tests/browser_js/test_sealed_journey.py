"""From the form to the answer and back, sealed in the browser: the server sees no word, the desk every byte."""

import base64
import hashlib
import itertools
import os
from pathlib import Path

import pytest

from dropbox.crypto.answers import seal_timeline
from dropbox.crypto.claims import verify_claim
from dropbox.crypto.secret import new_secret, parse_secret
from dropbox.errors import UntrustedError, WrongWordsError
from dropbox.wire.board import MESSAGE, RECEIVED, STATUS, Entry
from tests.browser.person import DESKTOP, PHONE
from tests.browser_js.browsers import Window
from tests.browser_js.conftest import Start
from tests.browser_js.relay import Relay
from tests.support.canary import Canary
from tests.support.desks import INSTANCE
from tests.support.server import Server, wait_until

QUESTION = "Bulan apa saja setoran itu diminta?\nTerima kasih."
BOARDS = itertools.count(1)  # a board's number is higher than those before


def publish_answer(server: Server, code: str, words: str, number: int, name: str = "itjen") -> None:
    """What the desk of that name would publish."""
    desk = server.site.inspectorate.desks[name]
    keys = parse_secret(code, words).keys(INSTANCE, name)
    today = desk.today
    entries = (
        Entry(today - 1, STATUS, status="DITERIMA"),
        Entry(today - 1, RECEIVED, texts=1, files=2),
        Entry(today, STATUS, status="BUTUH_INFO", text=QUESTION, next=today + 30),
        Entry(today, MESSAGE, text="Satu lagi."),
    )
    cells = seal_timeline(keys.tag_key, keys.answer_key, INSTANCE, name, number, entries)
    with server.site.store() as store, store.transaction() as tx:
        store.published.put(tx, "board", name, number, desk.packed_board(number, cells))


def do_acts(window: Window, relay: Relay, text: str) -> None:
    """Press each button of the thread's page; what is not ticked is not sent, and a dead network takes nothing away."""
    window.click("[data-act=read]")
    window.wait("[data-added=read]")
    for act, label, field in (("protect", "career", "protection"), ("withdraw", "1", "sure")):
        window.click(f"details:has([data-part=form-{act}]) > summary")
        window.write(f"#{act}-text", f"Saya {text}")
        window.click(f"[data-act={act}]")
        window.wait(f"[data-error-field={field}]")
        window.click(f"label:has(input[value='{label}'])")
        if act == "protect":
            window.click("label:has(input[value=legal])")
            relay.down, relay.lose_answers = True, 1
        window.click(f"[data-act={act}]")
        if relay.down:
            wait_until(
                "it is told", lambda: "mencoba lagi" in window.text("[data-part=form-protect] [data-part=state]")
            )
            assert window.look("document.getElementById('protect-text').value") == f"Saya {text}"
            relay.down = False
        window.wait(f"[data-added={act}]")


def prove(window: Window, relay: Relay, code: str, words: str, text: str) -> None:
    """The proof of authorship is made on the device: no request after the page, and the desk accepts it."""
    challenge = bytes(range(32))
    window.open(f"{relay.address}/bukti")
    window.wait("[data-act=make]")
    window.click("[data-act=make]")
    assert window.hook("data-error-field") == ["code", "words", "desk", "challenge", "statement"]
    asked = len(relay.sent)
    window.write("#code", code)
    window.write("#words", words)
    window.click("label:has(input[name=desk][value=itjen])")
    window.write("#challenge", challenge.hex(" ", 8).upper())
    window.write("#statement", f"Saya penulisnya.\n{text}")
    window.click("[data-act=make]")
    window.wait("[data-part=save][href^='blob:']")
    assert len(relay.sent) == asked
    made = base64.b64decode(window.look("document.getElementById('pasted').value"))
    key = parse_secret(code, words).keys(INSTANCE, "itjen").claim
    assert verify_claim(made, key, INSTANCE, "itjen", challenge) == f"Saya penulisnya.\n{text}"
    with pytest.raises(UntrustedError):
        verify_claim(made, new_secret().keys(INSTANCE, "itjen").claim, INSTANCE, "itjen", challenge)


def canaries_of(code: str, words: str, *texts: Canary) -> list[Canary]:
    """What must not be found: texts, code, and pairs of words (single ones are words like others)."""
    pairs = [" ".join(pair) for pair in itertools.pairwise(words.split())]
    return [*texts, Canary(code), Canary(code.replace("-", "")), *map(Canary, pairs)]


# Each browser and each size once; all of them in the long runs.
@pytest.mark.parametrize(
    ("browser", "size"),  # "safer" changes how scripts run, not how wide the page is
    [
        pytest.param("chromium", PHONE, id="chromium-phone"),
        pytest.param("chromium", DESKTOP, id="chromium-desktop", marks=pytest.mark.soak),
        pytest.param("firefox", PHONE, id="firefox-phone", marks=pytest.mark.soak),
        pytest.param("firefox", DESKTOP, id="firefox-desktop"),
        pytest.param("safer", PHONE, id="safer-phone", marks=pytest.mark.soak),
    ],
)
def test_report_files_answer_and_addition(
    browser: str, size: tuple[int, int], server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """The whole journey; every byte that the browser sends is kept and holds none of what was written."""
    window: Window = start(browser, size)
    text, name, body, more = (Canary.fresh() for _ in range(4))
    large, small = tmp_path / f"{name.text}.bin", tmp_path / "kecil.txt"
    length = 9_000_000 if (browser, size) in {("chromium", PHONE), ("firefox", DESKTOP)} else 1_200_000
    large.write_bytes(body.text.encode() + os.urandom(length) + body.text.encode("utf-16-le"))
    small.write_bytes(body.text.encode() + f"{browser} {size}".encode())

    # the report
    window.open(f"{relay.address}/lapor")
    window.wait("[data-act=review]")
    window.assert_fits(size)
    code, words = window.send_report(what=f"Setoran {text.text}\nTiap bulan")
    window.assert_fits(size)
    assert (window.hook("data-receipt-code"), window.hook("data-passphrase")) == ([code], [words])
    (report,) = [held for held in server.held() if text.text in held.opened.message.fields.get("what", "")]
    assert report.kind == "report"
    assert report.opened.is_member
    assert report.opened.message.fields == {
        "channel": "wbs",
        "category": "pungli",
        "what": f"Setoran {text.text}\nTiap bulan",
        "who": "Kepala kantor",
        "where": "Kota Contoh",
        "when": "sejak Januari",
    }

    # its files
    window.choose("#files", [large, small])
    window.click("[data-act=add]")
    window.wait("[data-added-file]", 2)
    assert window.hook("data-upload") == ["done", "done"]
    window.assert_fits(size)
    thread = report.opened.message.thread
    files = {
        held.opened.message.name: server.file_hash(held)
        for held in server.held()
        if held.kind == "file" and held.opened.message.thread == thread
    }
    assert files == {file.name: hashlib.sha256(file.read_bytes()).digest() for file in (large, small)}
    assert server.unfinished() == 0

    # the answer
    publish_answer(server, code, words, next(BOARDS))
    window.ask(relay.address, code.lower().replace("-", " "), " ".join(word[:4].upper() for word in words.split()))
    window.wait("[data-status=BUTUH_INFO]")
    assert window.hook("data-status") == ["TERKIRIM", "DITERIMA", "BUTUH_INFO"]
    shown = window.look("Array.from(document.querySelectorAll('[data-answer]'), e => e.innerText)")
    assert shown == [QUESTION, "Satu lagi."]
    assert window.count("[data-error]") == 0
    window.assert_fits(size)

    # what the reporter says to it
    window.write("#what", f"Jawaban {more.text}")
    window.click("[data-act=add]")
    window.wait("[data-added]")
    additions = [held for held in server.held() if held.kind == "addition" and held.opened.message.thread == thread]
    assert [held.opened.message.fields for held in additions] == [{"what": f"Jawaban {more.text}"}]

    # what the reporter does besides writing
    do_acts(window, relay, more.text)
    window.assert_fits(size)
    acts = [held for held in server.held() if held.kind == "addition" and held.opened.message.thread == thread]
    assert sorted(held.opened.message.fields.get("act", "") for held in acts) == ["", "", "read", "withdraw"]
    (asked,) = [held.opened.message.fields for held in acts if "protection" in held.opened.message.fields]
    assert asked == {"what": f"Saya {more.text}", "protection": "career,legal"}
    assert all(held.opened.is_member for held in acts)
    assert len({held.info.length for held in acts}) == 1
    if browser == "chromium":
        prove(window, relay, code, words, more.text)

    # nothing of it was ever sent unsealed, and nothing stays
    sent = relay.raw()
    assert len(sent) > length
    for canary in canaries_of(code, words, text, name, body, more):
        assert canary.found_in(sent) == []
    assert window.stored() == {"cookie": "", "local": 0, "session": 0}


def test_requests_of_two_reporters_for_their_status_are_the_same(server: Server, relay: Relay, start: Start) -> None:
    """With an answer, with a stored report, and with none at all: the same requests, to the byte."""
    window = start("chromium")
    window.open(f"{relay.address}/lapor")
    answered = window.send_report()
    publish_answer(server, *answered, next(BOARDS))
    window.open(f"{relay.address}/lapor")
    unknown = window.fill_report()
    seen = []
    for code, words in (answered, unknown):
        relay.forget()
        window.ask(relay.address, code, words)
        window.wait("h1[tabindex]")
        seen.append(sorted(sent.raw for sent in relay.sent))
    assert seen[0] == seen[1]
    assert window.count("[data-part=fits]") == 1
    assert window.count("[data-error], [data-status]") == 0
    assert window.count("input[name=desk]") == 2


def _words_in_another_order(code: str, words: str) -> str:
    """An order that the checksum notices: one of 32 it does not."""
    for other in itertools.permutations(words.split()):
        try:
            parse_secret(code, " ".join(other))
        except WrongWordsError:
            return " ".join(other)
    raise AssertionError("no order of the words is noticed")


def test_code_and_words_that_cannot_be_right_are_told_without_asking_the_server(relay: Relay, start: Start) -> None:
    """The faults are those of the server's page, and cause no request."""
    window = start("chromium")
    window.open(f"{relay.address}/lapor")
    code, words = window.fill_report()
    relay.forget()
    window.ask(relay.address, code, words)
    window.wait("[data-part=fits]")
    asked = len(relay.sent)
    for typed, fault, field in (
        (("", words), "Tulis kode tanda terima Anda.", "code"),
        ((code[:-1], words), "16 huruf dan angka", "code"),
        ((code, ""), "Tulis delapan kata", "words"),
        ((code, "xyzzy " + words.split(" ", 1)[1]), "Kata nomor 1", "words"),
        ((code, _words_in_another_order(code, words)), "tidak cocok", "words"),
    ):
        relay.forget()
        window.ask(relay.address, *typed)
        window.wait("[data-error=form]")
        assert fault in window.text(f"#{field}-error")
        assert len(relay.sent) == asked
