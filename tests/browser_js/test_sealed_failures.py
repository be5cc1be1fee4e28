"""Whatever fails, nothing leaves unsealed, the reporter reads what to do, and what was typed is still there."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from tests.browser_js.browsers import Chromium
from tests.browser_js.conftest import Start
from tests.browser_js.relay import Relay
from tests.browser_js.test_fails_closed import assert_no_form, expired
from tests.browser_js.test_sealed_journey import BOARDS, publish_answer
from tests.support.canary import Canary
from tests.support.server import Server, wait_until


def test_old_answers_can_be_read_when_the_keys_are_over(server: Server, relay: Relay, chromium: Chromium) -> None:
    """With an expired keyring nothing can be sealed, and code and words still open what is there."""
    chromium.open(f"{relay.address}/lapor")
    code, words = chromium.send_report()
    relay.canned["/data/kunci"] = (200, "application/octet-stream", expired(server))
    chromium.ask(relay.address, code, words)
    chromium.wait("[data-error=keys-expired]")
    assert chromium.count("[data-act=add]") == 0
    assert chromium.count("h1[tabindex]") == 1


def test_a_clock_that_is_a_week_off_seals_nothing_and_reads(relay: Relay, chromium: Chromium) -> None:
    """The key of that day did not come: the report page doubts the clock, the status page still opens answers."""
    chromium.open(f"{relay.address}/lapor")
    code, words = chromium.send_report()
    chromium.page.clock.set_fixed_time(time.time() + 86_400 * 10)
    relay.forget()
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-error=clock]")
    assert_no_form(chromium, relay)
    chromium.ask(relay.address, code, words)
    chromium.wait("[data-error=clock]")
    assert chromium.count("[data-act=add]") == 0
    assert chromium.count("h1[tabindex]") == 1


def test_faults_of_the_form_keep_what_was_typed(relay: Relay, chromium: Chromium) -> None:
    """Missing answers, and code or words in a text, are told at their fields; nothing is sent."""
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-act=review]")
    chromium.click("[data-act=review]")
    assert chromium.hook("data-error-field") == ["what", "who", "where"]
    code, words = chromium.fill_report()
    first = " ".join(word[:4] for word in words.split()[2:6])
    chromium.write("#confirm", "xyzzy")
    chromium.click("[data-act=send]")
    assert chromium.hook("data-error-field") == ["confirm"]
    chromium.click("[data-act=edit]")
    assert chromium.count("#confirm, .errors") == 0
    chromium.write("#what", f"Kode saya {code.lower()}")
    chromium.write("#who", f"kata {first.upper()}")
    chromium.write("#where", "é" * 100_001)
    chromium.click("[data-act=add-person]")
    chromium.write("#x-p1-name", words)
    chromium.look("void document.querySelectorAll('main details').forEach(one => { one.open = false })")
    chromium.click("[data-act=review]")
    assert chromium.hook("data-error-field") == ["what", "who", "where", "x-p1-name"]
    assert "memuat kode atau frasa sandi" in chromium.text("#what-error")
    assert "100.000" in chromium.text("#where-error")
    assert chromium.look("document.getElementById('who').value") == f"kata {first.upper()}"
    chromium.click("[data-error-field=x-p1-name] a")
    assert chromium.look("document.activeElement.id") == "x-p1-name"
    assert {sent.method for sent in relay.sent} == {"GET"}
    chromium.page.keyboard.press("Enter")
    assert chromium.look("location.href") == f"{relay.address}/lapor"


def test_a_report_survives_a_dead_network_and_a_lost_answer(server: Server, relay: Relay, chromium: Chromium) -> None:
    """The page says that it tries again, keeps the text, and arrives once."""
    canary = Canary.fresh()
    chromium.open(f"{relay.address}/lapor")
    chromium.fill_report(what=canary.text)
    relay.down, relay.lose_answers = True, 1
    chromium.click("[data-act=send]")
    wait_until("it is told", lambda: "mencoba lagi" in chromium.text(".review [data-part=state]"))
    assert chromium.look("document.getElementById('what').value") == canary.text
    relay.down = False
    chromium.wait("[data-status=TERKIRIM]")
    assert len([sent for sent in relay.sent if sent.method == "POST"]) == 2
    held = [held for held in server.held() if held.opened.message.fields.get("what") == canary.text]
    assert len(held) == 1
    assert canary.found_in(relay.raw()) == []


def test_a_refusal_keeps_the_text_and_says_why(server: Server, relay: Relay, chromium: Chromium) -> None:
    """A server that refuses is told, with the text still there; then it can be sent again."""
    canary = Canary.fresh()
    chromium.open(f"{relay.address}/lapor")
    chromium.fill_report(what=canary.text)
    chromium.page.route(
        "**/unggah", lambda route: route.fulfill(status=507, headers={"Dropbox-Error": "storage-full"}, body="")
    )
    chromium.click("[data-act=send]")
    chromium.wait("[data-error=form]")
    assert "penuh" in chromium.text(".errors")
    assert chromium.look("document.getElementById('what').value") == canary.text
    chromium.page.unroute("**/unggah")
    chromium.click("[data-act=send]")
    chromium.wait("[data-status=TERKIRIM]")
    assert len([held for held in server.held() if held.opened.message.fields.get("what") == canary.text]) == 1


def sha256_of(server: Server, name: str) -> list[bytes]:
    """The files of that name, as the desk gets them."""
    return [
        server.file_hash(held) for held in server.held() if held.kind == "file" and held.opened.message.name == name
    ]


@pytest.mark.parametrize("browser", [pytest.param("chromium", marks=pytest.mark.soak), "firefox"])
def test_a_file_goes_on_where_the_network_was_lost(
    browser: str, server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """Broken off in the middle of a part: the same upload is resumed, and little is sent twice."""
    file = tmp_path / f"putus-{browser}.bin"
    file.write_bytes(os.urandom(7_000_000))
    window = start(browser)
    window.open(f"{relay.address}/lapor")
    window.send_report()
    relay.forget()
    relay.break_at = 4
    window.choose("#files", [file])
    window.click("[data-act=add]")
    window.wait("[data-upload=retrying]")
    assert "mencoba lagi" in window.text(".upload [data-part=state]")
    wait_until("it was tried in vain", lambda: relay.turned_away > 0)
    relay.down = False
    window.wait("[data-added-file]")
    assert sha256_of(server, file.name) == [hashlib.sha256(file.read_bytes()).digest()]
    assert len([sent for sent in relay.sent if sent.method == "POST"]) == 1
    assert [sent for sent in relay.sent if sent.method == "HEAD"]
    patched = [sent for sent in relay.sent if sent.method == "PATCH"]
    blob = 8 * 1024 * 1024
    assert sum(len(sent.body) for sent in patched) < blob + 2.2 * 1024 * 1024
    assert server.unfinished() == 0


def test_a_file_is_paused_resumed_and_cancelled(
    server: Server, relay: Relay, chromium: Chromium, tmp_path: Path
) -> None:
    """Pause holds it where it is, continue goes on, cancel forgets it on the server too."""
    one, two = tmp_path / "jeda.bin", tmp_path / "batal.bin"
    one.write_bytes(os.urandom(6_000_000))
    two.write_bytes(os.urandom(6_000_000))
    chromium.open(f"{relay.address}/lapor")
    chromium.send_report()
    relay.break_at = 3
    chromium.choose("#files", [one, two])
    chromium.click("[data-act=add]")
    chromium.wait("[data-upload=retrying]")
    chromium.click("[data-upload=retrying] [data-act=pause]")
    chromium.wait("[data-upload=paused]")
    chromium.click("li.upload:nth-child(2) [data-act=cancel]")
    chromium.wait("[data-upload=cancelled]")
    relay.down = False
    chromium.click("[data-act=resume]")
    chromium.wait("[data-added-file]")
    assert chromium.hook("data-upload") == ["done", "cancelled"]
    assert sha256_of(server, one.name) == [hashlib.sha256(one.read_bytes()).digest()]
    assert sha256_of(server, two.name) == []
    assert server.unfinished() == 0


def test_what_cannot_go_is_said_and_all_of_it_stays(
    server: Server, relay: Relay, chromium: Chromium, tmp_path: Path
) -> None:
    """A file whose name holds the code keeps the text back too, without it the text goes; an empty form is refused."""
    chromium.open(f"{relay.address}/lapor")
    code, _ = chromium.send_report()
    chromium.click("[data-act=add]")
    chromium.wait("[data-error=form]")
    assert "Belum ada yang dikirim" in chromium.text(".errors")
    telling = tmp_path / f"{code}.txt"
    telling.write_bytes(b"isi")
    chromium.write("#what", "Ini lagi")
    chromium.choose("#files", [telling])
    chromium.click("[data-act=add]")
    chromium.wait("#files-error")
    assert "Nama berkas memuat kode" in chromium.text("#files-error")
    assert chromium.look("document.getElementById('what').value") == "Ini lagi"
    assert chromium.look("document.getElementById('files').files.length") == 1
    assert chromium.count("[data-added]") == 0
    chromium.choose("#files", [])
    chromium.click("[data-act=add]")
    chromium.wait("[data-added]")
    assert chromium.count("[data-added] li") == 1
    assert chromium.look("document.getElementById('what').value") == ""


def test_a_question_is_answered_by_all_files_of_its_desk(
    server: Server, relay: Relay, chromium: Chromium, tmp_path: Path
) -> None:
    """A refused text and the first of two files answer none; a file that comes later answers its own desk."""
    files = [tmp_path / f"{name}.txt" for name in ("satu", "dua", "tiga")]
    for file in files:
        file.write_bytes(os.urandom(99))
    chromium.open(f"{relay.address}/lapor")
    code, words = chromium.send_report()
    for desk in ("itjen", "irjen"):
        publish_answer(server, code, words, next(BOARDS), desk)
    chromium.ask(relay.address, code, words)
    chromium.wait("[data-part=question]", 2)

    chromium.click("label:has(input[name=desk][value=irjen])")
    chromium.write("#what", f"Kode saya {code}")
    chromium.choose("#files", files[:1])
    chromium.click("[data-act=add]")
    chromium.wait("#what-error")
    assert (chromium.count("[data-added-file]"), chromium.count("[data-part=question]")) == (0, 2)

    chromium.write("#what", "")
    answers = iter(["go", "refuse"])
    chromium.page.route(
        "**/unggah",
        lambda route: (
            route.fulfill(status=507, headers={"Dropbox-Error": "storage-full"}, body="")
            if next(answers, "") == "refuse"
            else route.continue_()
        ),
    )
    chromium.choose("#files", files[1:])
    chromium.click("[data-act=add]")
    chromium.wait("[data-upload=failed]")
    assert (chromium.count("[data-added-file]"), chromium.count("[data-part=question]")) == (1, 2)

    chromium.click("label:has(input[name=desk][value=itjen])")
    chromium.click("[data-upload=failed] [data-act=retry]")
    chromium.wait("[data-added-file]", 2)
    chromium.wait("[data-desk=irjen] [data-part=answered]:not([hidden])")
    assert chromium.count("[data-desk=irjen] [data-part=question]") == 0
    assert chromium.count("[data-desk=itjen] [data-part=question]") == 1


def test_an_empty_file_is_asked_for_again(server: Server, relay: Relay, chromium: Chromium, tmp_path: Path) -> None:
    """With a file of 0 bytes among the chosen ones nothing is sent, the page names it, and the text stays."""
    chromium.open(f"{relay.address}/lapor")
    chromium.send_report()
    empty, photo = tmp_path / "IMG_1.jpg", tmp_path / "catatan.txt"
    empty.write_bytes(b"")
    photo.write_bytes(b"isi")
    held = len(server.held())
    chromium.write("#what", "Ini fotonya")
    chromium.choose("#files", [photo, empty])
    chromium.click("[data-act=add]")
    chromium.wait("#files-error")
    assert "Berkas kosong (0 byte): IMG_1.jpg." in chromium.text("#files-error")
    assert (chromium.count("[data-added]"), len(server.held())) == (0, held)
    assert chromium.look("document.getElementById('what').value") == "Ini fotonya"
    chromium.choose("#files", [photo])
    chromium.click("[data-act=add]")
    chromium.wait("[data-added-file]")


@pytest.mark.parametrize("prefix", ["", pytest.param("/en", marks=pytest.mark.soak)])
def test_the_deliberate_choice_still_works_with_scripts(
    prefix: str, server: Server, relay: Relay, chromium: Chromium
) -> None:
    """The page of the other road says what it changes, and its form goes to the server."""
    canary = Canary.fresh()
    relay.canned["/static/report.js"] = (404, "text/plain", b"")
    chromium.open(f"{relay.address}{prefix}/lapor")
    chromium.click(f"main a[href='{prefix}/lapor/server']")
    chromium.wait("main form")
    assert {"": "Server membaca laporan Anda sebentar", "/en": "sees your report for a moment"}[
        prefix
    ] in chromium.text("main")
    chromium.fill_report(what=canary.text)
    chromium.click(".button[value=send]")
    chromium.wait("[data-status=TERKIRIM]")
    assert [held for held in server.held() if held.opened.message.fields.get("what") == canary.text]
