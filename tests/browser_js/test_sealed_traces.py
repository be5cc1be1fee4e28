"""What the sealed pages leave on the reporter's own disk."""

from pathlib import Path

from playwright.sync_api import Playwright

from tests.browser.chromium import ARGUMENTS, program
from tests.browser_js.browsers import Chromium
from tests.browser_js.relay import Relay
from tests.support.canary import Canary


def test_chromium_keeps_nothing_of_a_sealed_report_on_its_disk(
    relay: Relay, playwright: Playwright, tmp_path: Path
) -> None:
    """After a report, an addition, a look-up and a form that was never sent, no file of the profile tells of them."""
    marker = Canary.fresh()
    profile = tmp_path / "profile"
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program(),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        viewport={"width": 900, "height": 1200},
    )
    window = Chromium(context.pages[0])
    window.open(f"{relay.address}/lapor")
    code, words = window.send_report(what=f"Laporan {marker.text}")
    window.write("#what", f"Tambahan {marker.text}")
    window.click("[data-act=add]")
    window.wait("[data-added]")
    window.ask(relay.address, code, words)
    window.wait("h1[tabindex]")
    window.open(f"{relay.address}/lapor")
    window.fill_report(what=f"Belum {marker.text}")
    window.back()
    window.page.wait_for_timeout(1500)  # session files are written with a delay
    context.close()
    files = [path.read_bytes() for path in profile.rglob("*") if path.is_file()]
    assert len(files) > 10
    secret = [marker, Canary(code), Canary(words), *(Canary(" ".join(words.split()[at : at + 2])) for at in range(7))]
    assert [name for data in files for canary in secret for name in canary.found_in(data)] == []
