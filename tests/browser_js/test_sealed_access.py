"""axe-core on the states that only scripts bring about: both languages, light and dark, and a small phone's width."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.test_browser_access import inspecting
from tests.browser_js.browsers import Chromium
from tests.browser_js.relay import Relay
from tests.browser_js.test_sealed_journey import publish_answer
from tests.support.picture_samples import exif, photo, saved
from tests.support.server import Server

_LONG = "panjangsekali" * 12  # a word that no line can hold


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["id", "en"])
def test_every_scripted_state_is_accessible_and_fits(
    prefix: str, server: Server, relay: Relay, playwright: Playwright, tmp_path: Path
) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, and no horizontal scrolling at 320 pixels."""
    file = tmp_path / f"{_LONG}.bin"
    file.write_bytes(bytes(3_000_000))
    pictures = [tmp_path / f"{_LONG}.jpg", tmp_path / "IMG_20261125.png", tmp_path / "surat.pdf"]
    telling = saved(photo(), "PNG", exif=exif())
    for path, content in zip(pictures, (telling[:-9], telling, b"%PDF-1.7"), strict=True):
        path.write_bytes(content)
    with inspecting(playwright) as inspector:
        window = Chromium(inspector.page)
        relay.canned["/data/kunci"] = (404, "text/plain", b"")
        window.open(f"{relay.address}{prefix}/lapor")
        window.wait("[data-error]")
        inspector.see("no keys")
        relay.canned.clear()
        window.open(f"{relay.address}{prefix}/lapor")
        window.wait("[data-act=send]")
        inspector.see("form")
        window.click("[data-act=send]")
        inspector.see("form with faults")
        code, words = window.send_report(what=_LONG)
        inspector.see("receipt")
        window.choose("#files", pictures)
        window.wait("[data-picture]", 2)
        inspector.see("pictures that tell something")
        window.click("[data-act=add]")
        window.wait("[data-error=form]")
        inspector.see("pictures with a choice that is open")
        relay.break_at = 1
        window.write("#what", "Tambahan")
        window.choose("#files", [file])
        window.click("[data-act=add]")
        window.wait("[data-upload=retrying]")
        inspector.see("upload waiting")
        relay.down = False
        window.wait("[data-added-file]")
        inspector.see("upload done")
        publish_answer(server, code, words, 2 if prefix else 1)
        window.ask(f"{relay.address}{prefix}", code, f"{_LONG} {words}")
        window.wait("[data-error]")
        inspector.see("status with faults")
        window.write("#words", words)
        window.click("[data-act=open]")
        window.wait("[data-status=BUTUH_INFO]")
        inspector.see("thread with answers")
        window.open(f"{relay.address}{prefix}/lapor")
        window.ask(f"{relay.address}{prefix}", *window.fill_report())
        window.wait("[data-part=fits]")
        inspector.see("no answer yet")
    assert len(inspector.states) == 11
