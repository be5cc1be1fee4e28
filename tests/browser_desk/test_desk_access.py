"""axe-core on every page of the desk, both browsers, both languages, dark and light; nothing is too wide.

Rule: pages are found by the menu of an officer who may do everything, so that a new one cannot be forgotten.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright
from triage_world import SETTINGS, TODAY, take_raw

from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import casebook
from dropbox.triage.casework import handling, refusal, transitions
from dropbox.triage.vault.work import Work
from tests.browser import axe
from tests.browser.chromium import scripted
from tests.browser_desk.office import FIRST, PASSPHRASE, SCREEN, Office
from tests.browser_js.browsers import Chromium, Firefox, Window

_MENU = "Array.from(document.querySelectorAll('.side a'), link => link.getAttribute('href'))"
_FILES = "Array.from(document.querySelectorAll('a[href*=\"/berkas/\"]'), link => link.getAttribute('href'))"
_UNLABELLED = """Array.from(document.querySelectorAll('input:not([type=hidden]), select, textarea'))
.filter(e => !e.labels.length && !e.ariaLabel).map(e => e.outerHTML.slice(0, 120))"""
_SUBPAGES = (
    "/kasus/1", "/cari?q=setoran", "/cari?q=tidakada", "/kasus/999", "/?tag=x&status=AUDIT", "/catat/tabel",
    "/petugas/wakil", "/kasus/1/rujukan", "/templat/teks/verify", "/templat/baru", "/pembuktian/1", "/statistik/umum",
    "/statistik/pembanding",
)  # fmt: skip


@pytest.fixture
def busy(office: Office) -> Office:
    """Reports, an answer, a note, a merged case and a proposal: something on every page."""
    office.bring_reports(6)
    with office.world.open() as vault:
        take_raw(vault, (office.stick / "ekspor-1").read_bytes())
        one, two = (casebook.case_of(vault, number) for number in (1, 2))
        handling.note(Work(vault, SETTINGS, TODAY), one, "Catatan")
        handling.assign(Work(vault, SETTINGS, TODAY), one, office="dumas", text="Periksa")
        handling.tag(Work(vault, SETTINGS, TODAY), one, add={"segera"})
        transitions.answer(Work(vault, SETTINGS, TODAY), casebook.case_of(vault, 1), Draft("VERIFIKASI", "Baik."))
        refusal.propose(Work(vault, SETTINGS, TODAY), two, refusal.Refusal("evidence", grounds="Kurang"))
    return office


# The workstation has Firefox; the other one in the long runs.
@pytest.fixture(params=[pytest.param("chromium", marks=pytest.mark.soak), "firefox"])
def window(request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path) -> Iterator[Window]:
    """Each browser in its turn."""
    if request.param == "firefox":
        firefox = Firefox(tmp_path / "gecko.log", {}, SCREEN)
        yield firefox
        firefox.close()
    else:
        with scripted(playwright, viewport={"width": SCREEN[0], "height": SCREEN[1]}) as context:
            yield Chromium(context.new_page())


def _unlock(window: Window, link: str) -> None:
    window.open(link)
    window.write("#officer", FIRST)
    window.write("#passphrase", PASSPHRASE)
    window.click("button.main")
    window.wait("[data-officer]")


def _faults(window: Window, state: str, schemes: tuple[tuple[str, dict[str, Any]], ...] = axe.SCHEMES) -> list[str]:
    """What axe-core, the width and the labels have against the page as it is, in these schemes with their rules."""
    found = []
    window.look("void document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme, rules in schemes:
        window.use_scheme(scheme)
        found += [
            f"{state}, {scheme}: {fault['id']} at {node['target']}: {node['html'][:200]}"
            for fault in window.violations(rules)
            for node in fault["nodes"]
        ]
    if window.overflow() > 0:
        found.append(f"{state}: wider than {SCREEN[0]} pixels")
    return found + [f"{state}: no label for {html}" for html in window.look(_UNLABELLED)]


def test_every_page_is_accessible_and_fits(busy: Office, window: Window) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, labels for every field, and no horizontal scrolling at 1366 × 768."""
    with busy.open() as desk:
        window.open(desk.link)
        faults = _faults(window, "door")
        window.write("#officer", FIRST)
        window.write("#passphrase", "salah sama sekali")
        window.click("button.main")
        window.wait(".fault")
        faults += _faults(window, "door with a fault")
        window.open(f"{desk.address}/buka")
        window.write("#officer", FIRST)
        window.write("#passphrase", PASSPHRASE)
        window.click("button.main")
        window.wait("[data-officer]")
        pages = [*window.look(_MENU), *_SUBPAGES]
        window.open(f"{desk.address}/kasus/1")
        pages += window.look(_FILES)[:1]
        assert len(pages) == len(set(pages)) > len(_SUBPAGES) + 8
        # Colours do not depend on the language.
        for lang, scheme in zip(("en", "id"), axe.SCHEMES, strict=True):
            window.open(f"{desk.address}/bahasa/{lang}")
            for path in pages:
                window.open(desk.address + path)
                assert window.look("document.documentElement.lang") == lang
                faults += _faults(window, f"{lang} {path}", (scheme,))
        window.open(f"{desk.address}/kasus/1")
        window.click("[data-answer-form] button.main")
        window.wait(".fault")
        faults += _faults(window, "case with a fault")
        window.look("void document.getElementById('keys').showModal()")
        faults += _faults(window, "keys")
    assert faults == []


def test_print_leaves_menus_and_forms_away(busy: Office, playwright: Playwright) -> None:
    """On paper case and journal are text: no bar, menu, form or button; the name of the case is there."""
    with busy.open() as desk, scripted(playwright, viewport={"width": SCREEN[0], "height": SCREEN[1]}) as context:
        page = context.new_page()
        _unlock(Chromium(page), desk.link)
        page.emulate_media(media="print")
        for path, text in (("/kasus/1", "ITJEN-0001"), ("/kegiatan", "Meja kerja dibuka")):
            page.goto(desk.address + path)
            assert page.locator("main").get_by_text(text).first.is_visible()
            for selector in (".bar", ".side", "form", "button", ".skip", "dialog"):
                assert not any(one.is_visible() for one in page.locator(selector).all()), f"{path}: {selector}"


def test_the_page_hides_itself_when_the_desk_is_locked(busy: Office, playwright: Playwright) -> None:
    """When the desk was locked elsewhere, an open page drops what it shows and offers the door."""
    with busy.open() as desk, scripted(playwright, viewport={"width": SCREEN[0], "height": SCREEN[1]}) as context:
        page = context.new_page()
        page.clock.install()
        _unlock(Chromium(page), desk.link)
        page.goto(f"{desk.address}/kasus/1")
        assert page.get_by_text("setoran").count()
        other = context.new_page()
        other.goto(desk.address)
        other.click(".lock button")
        page.clock.fast_forward(21_000)
        page.locator("main [role=alert]").wait_for()
        assert page.get_by_text("setoran").count() == 0
        assert page.locator("main a").get_attribute("href") == "/buka"
