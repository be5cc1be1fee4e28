"""axe-core on every page in every state: both languages, light and dark; and no page is wider than a small phone."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser import axe
from tests.browser.chromium import scripted
from tests.browser.person import PHONE
from tests.browser.settled import settle
from tests.browser.stage import Open
from tests.support.client import Client
from tests.support.server import SiteFolder, serving

_LONG = "panjangsekali" * 12  # a word that no line can hold


@pytest.fixture(scope="module")
def answered(site: Open) -> dict[str, str]:
    """Code and words of a report with files, a question with a date and long words on its board."""
    demo, client, marker = site.demo, Client(site.server.port), f"penanda {secrets.token_hex(8)}"
    sent = client.report(what=marker)
    assert sent.statuses == ["TERKIRIM"]
    demo.carry_out()
    (case,) = demo.cases(marker)
    demo.answer(case["case"], "TELAAH", "Laporan Anda sedang ditelaah.")
    demo.answer(case["case"], "BUTUH_INFO", f"Siapa saja yang membayar?\n{_LONG}")
    demo.carry_in()
    return sent.hidden


@pytest.fixture(scope="module")
def closed(site: Open, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a second server on the same store, with its intake closed."""
    folder = tmp_path_factory.mktemp("closed") / "site"
    folder.mkdir()
    (folder / "dropbox.toml").write_text(
        f'[server]\ndatabase = "sqlite:///{site.demo.folder}/server/dropbox.db"\n'
        f'root_pub = "{site.demo.folder}/keys/root.pub"\n[intake]\nopen = false\n'
    )
    with serving(SiteFolder(folder)) as server:
        yield f"http://127.0.0.1:{server.port}"


class Inspector:
    """Looks at pages as they come, and notes what is wrong instead of stopping at the first fault."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.states: list[str] = []
        self.faults: list[str] = []

    def see(self, state: str) -> None:
        """With axe, the colours in both schemes; then the width."""
        self.states.append(state)
        settle(self.page.evaluate)
        # axe counts what the bar at the top covers as too small: no page is judged while it is scrolling or scrolled
        self.page.emulate_media(reduced_motion="reduce")
        self.page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        for scheme, rules in axe.SCHEMES:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for fault in axe.violations(self.page, rules):
                for node in fault["nodes"]:
                    self.faults.append(f"{state}, {scheme}: {fault['id']} at {node['target']}: {node['html'][:200]}")
        root = "document.documentElement"
        if self.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
            self.faults.append(f"{state}: wider than {PHONE[0]} pixels")

    def press(self, selector: str) -> None:
        """Something that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()


@contextmanager
def inspecting(playwright: Playwright) -> Iterator[Inspector]:
    """A small phone with JavaScript, which axe needs."""
    with scripted(playwright, viewport={"width": PHONE[0], "height": PHONE[1]}) as context:
        inspector = Inspector(context.new_page())
        yield inspector
    assert inspector.faults == []


def _fill(page: Page) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    for name, value in (("channel", "dumas"), ("desk", "itjen"), ("category", "tidak-tahu")):
        page.locator(f"label:has(input[name={name}][value={value}])").click()
    for name in ("what", "who", "where"):
        page.fill(f"[name={name}]", f"Isian {_LONG}")


def _confirm(page: Page) -> None:
    words = page.locator("[data-passphrase]").get_attribute("data-passphrase") or ""
    number = int(page.locator("[data-part=confirm-number]").inner_text())
    page.fill("[name=confirm]", words.split()[number - 1])


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["id", "en"])
def test_every_page_and_state_is_accessible_and_fits(
    prefix: str, site: Open, answered: dict[str, str], closed: str, playwright: Playwright, tmp_path: Path
) -> None:
    """WCAG 2.2 AA as far as axe-core sees it, in both colour schemes, and no horizontal scrolling at 320 pixels."""
    paper = tmp_path / f"{_LONG}.txt"
    paper.write_text("kuitansi")
    send, status, add = (f'form[action="{prefix}{path}"] button.button' for path in ("/lapor", "/status", "/tambah"))
    with inspecting(playwright) as inspector:
        page = inspector.page
        for state, path in (
            ("home", "/"),
            ("keys", "/kunci"),
            ("done", "/selesai"),
            ("error", "/tidak-ada"),
            ("proof", "/bukti/server"),
        ):
            page.goto(site.address + prefix + path)
            if state == "keys":
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            inspector.see(state)

        page.goto(site.address + prefix + "/lapor/server")
        inspector.see("form")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        inspector.see("form with every group open")
        for name in ("when", "x-p1-name", "x-kabkota"):
            page.fill(f"[name={name}]", f"Siswi dilecehkan orang Itjen {_LONG}")
        inspector.press(send)
        assert page.locator("[data-error]").count()
        inspector.see("form with faults")
        _fill(page)
        inspector.press(send)
        assert page.locator("[data-part=conflict], [data-part=safeguarding]").count() == 2
        inspector.see("review with every warning")
        inspector.press(send)
        assert page.locator("[data-error]").count()
        inspector.see("review with a fault")
        _confirm(page)
        inspector.press(send)
        assert page.locator("[data-status=TERKIRIM]").count() == 1
        inspector.see("receipt")
        inspector.press(add)
        assert page.locator("[data-error]").count()
        inspector.see("empty addition")
        page.set_input_files("[name=files]", paper)
        page.fill("[name=what]", "Tambahan")
        inspector.press(add)
        assert page.locator("[data-added-file]").count() == 1
        inspector.see("addition acknowledged")

        page.goto(site.address + prefix + "/status/server")
        inspector.see("status")
        page.fill("[name=code]", answered["code"])
        page.fill("[name=words]", _LONG)
        inspector.press(status)
        assert page.locator("[data-error]").count()
        inspector.see("status with faults")
        page.fill("[name=words]", answered["words"])
        inspector.press(status)
        assert page.locator("[data-status=BUTUH_INFO]").count() == 1
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        inspector.see("thread with answers")
        inspector.press("form:has([name=act][value=withdraw]) button")
        assert page.locator("[data-error-field=sure]").count() == 1
        inspector.see("withdrawal with a fault")

        page.goto(site.address + prefix + "/lapor/server")
        _fill(page)
        inspector.press(send)
        page.evaluate("document.querySelector('input[name=mac]').value = 'x'")
        inspector.press(send)
        assert page.locator("[data-error]").count()
        inspector.see("late review")

        page.goto(f"{closed}{prefix}/")
        inspector.see("home while closed")
        page.goto(f"{closed}{prefix}/lapor")
        assert page.locator("[data-error]").count()
        inspector.see("closed")
    assert len(set(inspector.states)) == 20


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["id", "en"])
def test_a_report_that_comes_too_late_is_shown_again_accessibly(
    prefix: str, site: Open, closed: str, playwright: Playwright
) -> None:
    """The page that answers a report to a closed intake holds the text, is accessible and fits."""
    with inspecting(playwright) as inspector:
        page = inspector.page
        form = Client(site.server.port).get(prefix + "/lapor/server").text  # as if the intake had closed meanwhile
        address = f"{closed}{prefix}/lapor/server"
        page.route(address, lambda route: route.fulfill(body=form, content_type="text/html"), times=1)
        page.goto(address)
        _fill(page)
        inspector.press("main form .button")
        assert _LONG in page.locator("[data-typed]").input_value()
        inspector.see("closed with text")


def test_the_inspector_notices_planted_faults(site: Open, playwright: Playwright) -> None:
    """A nameless field, grey on black in the dark alone, and a wide field are noticed: silence means something."""
    with scripted(playwright, viewport={"width": PHONE[0], "height": PHONE[1]}) as context:
        inspector = Inspector(context.new_page())
        inspector.page.goto(site.address + "/")
        inspector.page.evaluate("""() => {
            const field = document.createElement('input'), text = document.querySelector('h1');
            document.querySelector('main').append(field);
            field.style.width = '400px';
            text.style.color = 'light-dark(#000, #333)';
        }""")
        inspector.see("planted")
    found = {fault.split(" at ")[0] for fault in inspector.faults}
    assert found == {
        "planted, light: label",
        "planted, dark: color-contrast",
        "planted: wider than 320 pixels",
    }
