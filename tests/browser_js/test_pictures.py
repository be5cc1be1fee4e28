"""Chosen pictures lose what they tell before they are sealed, unless their sender wants them as they are."""

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import Route

from tests.browser_js.browsers import Chromium, Window
from tests.browser_js.conftest import Start
from tests.browser_js.relay import Relay
from tests.js.node_runs import ROOT, run
from tests.support.picture_samples import (
    CANARY,
    EXIF,
    bare_exif,
    exif,
    into_jpeg,
    photo,
    saved,
    segment,
    silent,
    telling,
)
from tests.support.server import Server, wait_until

TELLING = saved(photo(), "JPEG", quality=90, exif=exif())
CLEANED = into_jpeg(saved(photo(), "JPEG", quality=90), segment(0xE1, EXIF + bare_exif()))
PLAIN = dict(silent())["plain.jpg"]
BROKEN = TELLING[:-100]
LIBRARY = "/static/metadata.js"
FOUND = "[data-picture=found]"


def files_in(folder: Path, **contents: bytes) -> list[Path]:
    """Files named like `foto_jpg`."""
    for name, content in contents.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return [folder / name.replace("_", ".") for name in contents]


def reported(window: Window, relay: Relay, server: Server) -> bytes:
    """Send a report, so that files can be added; returns its thread."""
    window.open(f"{relay.address}/lapor")
    before = {held.opened.message.thread for held in server.held()}
    window.send_report()
    (thread,) = {held.opened.message.thread for held in server.held()} - before
    return thread


def received(server: Server, thread: bytes) -> dict[str, bytes]:
    """The files of a thread, by name, as the desk opens them."""
    return {
        held.opened.message.name: b"".join(server.file_of(held))
        for held in server.held()
        if held.kind == "file" and held.opened.message.thread == thread
    }


def library_requests(relay: Relay) -> int:
    return sum(sent.path == LIBRARY for sent in relay.sent)


@pytest.mark.parametrize("browser", ["chromium", pytest.param("firefox", marks=pytest.mark.soak), "safer"])
def test_cleaning_is_what_happens_without_a_choice(
    browser: str, server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """The page says what is in a photo and what is not cleaned; the desk gets the photo cleaned, the rest untouched."""
    window = start(browser)
    thread = reported(window, relay, server)
    pdf = b"%PDF-1.7\n" + CANARY.encode()
    window.choose("#files", files_in(tmp_path, foto_jpg=TELLING, polos_jpg=PLAIN, surat_pdf=pdf))
    window.wait(FOUND)
    assert window.count("[data-picture]") == 1
    told = window.text(FOUND)
    for word in ("foto.jpg", "lokasi", "jenis HP", "nama orang", "tanggal", "catatan"):
        assert word in told
    assert window.look(f"document.querySelector('{FOUND} input:checked').value") == "clean"
    assert "surat.pdf" in window.text("[data-telling]")
    assert "Komputer khusus kami membersihkan yang dapat dibersihkan" in window.text("[data-part=review]")
    assert received(server, thread) == {}
    window.click("[data-act=add]")
    window.wait("[data-added-file]", 3)
    assert received(server, thread) == {"foto.jpg": CLEANED, "polos.jpg": PLAIN, "surat.pdf": pdf}
    assert window.count("[data-picture], [data-telling]") == 0


@pytest.mark.parametrize("browser", ["chromium", pytest.param("firefox", marks=pytest.mark.soak)])
def test_one_choice_away_it_goes_as_it_is_or_not_at_all(
    browser: str, server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """Byte for byte; and what cannot be cleaned goes nowhere until its sender has chosen."""
    window = start(browser)
    thread = reported(window, relay, server)
    files = files_in(tmp_path, asli_jpg=TELLING, rahasia_jpg=TELLING, rusak_jpg=BROKEN)
    window.write("#what", "Keterangan")
    window.choose("#files", files)
    window.wait("[data-picture=broken]")
    assert window.count("[data-picture=broken] input[value=clean]") == 0
    window.click("label:has(#picture-0-keep)")
    window.click("label:has(#picture-1-leave)")
    window.click("[data-act=add]")
    window.wait("[data-error=form]")
    assert window.hook("data-error-field") == ["picture-2"]
    assert received(server, thread) == {}
    assert window.count("[data-added]") == 0
    window.click("label:has(#picture-2)")
    window.click("[data-act=add]")
    window.wait("[data-added-file]", 2)
    assert received(server, thread) == {"asli.jpg": TELLING, "rusak.jpg": BROKEN}


def test_library_is_asked_for_when_a_photo_tells_something(
    server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """Not before; from this site, like all else that the page asks for."""
    window = start("chromium")
    assert isinstance(window, Chromium)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    thread = reported(window, relay, server)
    window.choose("#files", files_in(tmp_path, polos_jpg=PLAIN, surat_pdf=b"%PDF-1.7\n"))
    window.click("[data-act=add]")
    window.wait("[data-added-file]", 2)
    assert library_requests(relay) == 0
    window.choose("#files", files_in(tmp_path, foto_jpg=TELLING))
    window.wait(FOUND)
    assert library_requests(relay) == 1
    window.click("[data-act=add]")
    window.wait("[data-added-file]", 3)
    assert received(server, thread)["foto.jpg"] == CLEANED
    assert [url for url in asked if not url.startswith((f"{relay.address}/", "blob:"))] == []
    assert window.faults == []


def test_photo_is_cleaned_where_the_library_does_not_come(
    server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """What it tells then has no name but that there is something."""
    window = start("firefox")
    thread = reported(window, relay, server)
    relay.canned[LIBRARY] = (404, "text/plain", b"")
    window.choose("#files", files_in(tmp_path, foto_jpg=TELLING))
    window.wait(FOUND)
    assert "keterangan lain" in window.text(FOUND)
    window.click("[data-act=add]")
    window.wait("[data-added-file]")
    assert received(server, thread) == {"foto.jpg": CLEANED}


def test_who_is_quicker_than_the_check_is_asked_again(
    server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """Nothing goes, not even the text, before what was found stood on the screen."""
    window = start("chromium")
    assert isinstance(window, Chromium)
    thread = reported(window, relay, server)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    window.page.route(f"**{LIBRARY}", hold)
    window.write("#what", "Keterangan")
    relay.forget()
    window.give("#files", files_in(tmp_path, foto_jpg=TELLING))
    window.click("[data-act=add]")
    wait_until("the library is asked for", lambda: window.look("0") or held)
    assert window.look("document.querySelector('#what').readOnly")
    held[0].continue_()
    window.wait("[data-error=form]")
    assert window.hook("data-error-field") == ["picture-0"]
    assert [sent.path for sent in relay.sent] == [LIBRARY]
    assert window.look("document.querySelector('#what').value") == "Keterangan"
    window.click("[data-act=add]")
    window.wait("[data-added-file]")
    assert received(server, thread) == {"foto.jpg": CLEANED}


def test_other_files_chosen_during_the_check_do_not_send_the_first(
    server: Server, relay: Relay, start: Start, tmp_path: Path
) -> None:
    """Pressed, then chosen anew: the photo that nobody has looked at yet does not go, and a document is told of."""
    window = start("chromium")
    assert isinstance(window, Chromium)
    thread = reported(window, relay, server)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    window.page.route(f"**{LIBRARY}", hold)
    relay.forget()
    window.give("#files", files_in(tmp_path, foto_jpg=TELLING))
    window.click("[data-act=add]")
    wait_until("the library is asked for", lambda: window.look("0") or held)
    window.give("#files", files_in(tmp_path, surat_pdf=b"%PDF-1.7\n"))
    window.wait("[data-telling]")
    held[0].continue_()
    window.wait("[data-error=form]")
    assert window.hook("data-error-field") == ["files"]
    assert "baru selesai diperiksa" in window.text("#files-error")
    assert [sent.path for sent in relay.sent] == [LIBRARY]
    window.click("[data-act=add]")
    window.wait("[data-added-file]")
    assert received(server, thread) == {"surat.pdf": b"%PDF-1.7\n"}


def test_name_that_tells_a_day_is_pointed_at(relay: Relay, server: Server, start: Start, tmp_path: Path) -> None:
    """A hint, and no other name behind the sender's back."""
    window = start("chromium")
    thread = reported(window, relay, server)
    file = tmp_path / "WhatsApp Image 2026-11-25 at 08.31.12.jpeg"
    file.write_bytes(PLAIN)
    window.choose("#files", [file])
    window.wait("[data-telling]")
    assert "nama aplikasi" in window.text("[data-telling]")
    window.click("[data-act=add]")
    window.wait("[data-added-file]")
    assert received(server, thread) == {file.name: PLAIN}


_DECODE = """async ([one, other]) => {
  const decoded = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    return [bitmap.width, bitmap.height, ...canvas.getImageData(0, 0, bitmap.width, bitmap.height).data].join();
  };
  return (await decoded(one)) === (await decoded(other));
}"""


def test_browser_shows_the_same_picture(relay: Relay, start: Start) -> None:
    """Every sample, decoded by Chromium: the same size, turned alike, the same pixels."""
    window = start("chromium")
    assert isinstance(window, Chromium)
    window.open(f"{relay.address}/lapor")
    samples = {name: picture for name, picture, _ in telling()}
    asked = [["check", {"picture": {"hex": picture.hex()}}] for picture in samples.values()]
    answers = json.loads(run("node", str(ROOT / "tests/js/interop.mjs"), stdin=json.dumps(asked)))
    for (name, picture), answer in zip(samples.items(), answers, strict=True):
        pair = [base64.b64encode(one).decode() for one in (picture, bytes.fromhex(answer["bytes"]["hex"]))]
        assert window.page.evaluate(_DECODE, pair), name
