"""An officer's day: take 20 reports from the stick, sort them, answer 10, propose a refusal, approve it, publish.

Rule: every key and every click is counted; the table of dropbox/triage/PETUGAS.md holds these numbers.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright
from triage_world import SETTINGS, TODAY

from dropbox.wire.calendar import date_of
from tests.browser.chromium import scripted
from tests.browser_desk.office import FIRST, PASSPHRASE, REPORTS, SCREEN, SECOND, Office
from tests.browser_js.browsers import Firefox
from tests.support.server import PROJECT

ANSWERED = 10
PROPOSED = "Pungutan liar"  # the subject that the desk proposes
SHOWN = "[data-look={}][data-state=shown]"  # what the reporter will read stands beside the form
ROWS_WANTED = 9  # of the inbox, without scrolling
ROWS = "[...document.querySelectorAll('tr[data-row]')]"
ROWS_SEEN = f"{ROWS}.filter((one) => one.getBoundingClientRect().bottom <= innerHeight).length"
KEYS = {
    "unlock": len(FIRST) + 1 + len(PASSPHRASE) + 1,
    "import": 3,
    "begin a list": 8,
    "sort": 1 + REPORTS * 2,
    "answer": ANSWERED * 2,
    "propose a refusal": 5,
    "change officers": 2 + len(SECOND) + 1 + len(PASSPHRASE) + 1,
    "approve": 5,
    "publish": 4,
}
# Letters that are typed between the clicks (names, passphrases, subjects) are not counted.
CLICKS = {
    "unlock": 3,
    "import": 2,
    "begin a list": 4,
    "sort": REPORTS * 2,
    "answer": ANSWERED * 3,
    "propose a refusal": 3,
    "change officers": 4,
    "approve": 2,
    "publish": 2,
}


class Keyboard:
    """Somebody who has no mouse; counts what they press."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counts: Counter[str] = Counter()
        self.step = ""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.counts[self.step] += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.counts[self.step] += len(text)
        self.page.keyboard.type(text)

    def go(self, *keys: str) -> None:
        """Keys of which the last leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])

    def unlock(self, login: str) -> None:
        assert self.page.evaluate("document.activeElement.id") == "officer"
        self.type(login)
        self.press("Tab")
        self.type(PASSPHRASE)
        self.go("Enter")

    def said(self) -> str:
        """What the desk said last; it has the focus."""
        assert self.page.evaluate("document.activeElement.id === 'kabar'")
        return self.page.locator("#kabar").inner_text()


def _check_reporters(office: Office) -> None:
    """The boards tell each reporter status, message and next date."""
    returned = office.returned()
    timelines = [returned.timeline(office.world, thread) for thread in office.threads]
    statuses = Counter(timeline[-1].status for timeline in timelines if timeline)
    assert statuses == {"VERIFIKASI": ANSWERED, "DITOLAK": 1, "DITERIMA": REPORTS - ANSWERED - 1}
    due = SETTINGS.after_working_days(date_of(TODAY), SETTINGS.service_days["VERIFIKASI"])
    for timeline in timelines:
        assert timeline
        last = timeline[-1]
        if last.status == "VERIFIKASI":
            assert "kelengkapan laporan" in last.text
            assert date_of(last.next) == due
            assert str(due.year) in last.text
        if last.status == "DITOLAK":
            assert "belum cukup" in last.text


@pytest.mark.parametrize("name", ["PETUGAS.md", "OFFICER.md"])
def test_the_guides_have_these_numbers(name: str) -> None:
    """Keys and clicks in the officers' guides are those that are counted here, for one list and for one report."""
    page = (PROJECT / "dropbox" / "triage" / name).read_text("utf-8")
    rows = re.findall(r"^\| [^|]+ \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    single = {"begin a list": 2, "answer": ANSWERED}
    wanted = [
        (2, 2) if step == "sort" else (KEYS[step] // single.get(step, 1), CLICKS[step] // single.get(step, 1))
        for step in KEYS
        if step != "change officers"
    ]
    assert KEYS["sort"] == 2 * REPORTS + 1, "one key leads to the form of the first"
    assert CLICKS["sort"] == 2 * REPORTS
    assert [(int(keys), int(clicks)) for keys, clicks in rows] == wanted


def test_a_day_by_keyboard_alone(office: Office, playwright: Playwright) -> None:
    """Every step is done with keys, in as many as PETUGAS.md says, and each reporter then reads what was answered."""
    office.bring_reports()
    with office.open() as desk, scripted(playwright, viewport={"width": SCREEN[0], "height": SCREEN[1]}) as context:
        page = context.new_page()
        page.goto(desk.link)
        keys = Keyboard(page)

        keys.step = "unlock"
        keys.unlock(FIRST)
        keys.step = "import"
        keys.go("g", "x")
        keys.go("Enter")
        assert str(REPORTS + REPORTS // 5) in page.locator("[data-imported] li").first.inner_text()

        keys.step = "begin a list"
        keys.go("g", "i")
        assert page.evaluate(ROWS_SEEN) >= ROWS_WANTED
        keys.go("j", "Enter")
        keys.step = "sort"
        keys.press("s")
        for number in range(1, REPORTS + 1):
            assert page.url.split("#")[0].endswith(f"/kasus/{number}")
            assert page.locator("#q-subject").input_value() == PROPOSED
            keys.press("2")
            assert page.evaluate("document.activeElement.value") == "inspektorat-1"
            keys.go("Enter")
            assert "tersortir: Inspektorat I." in page.locator("#kabar").inner_text()

        keys.step = "begin a list"
        keys.go("g", "i")
        keys.go("j", "Enter")
        keys.step = "answer"
        for number in range(1, ANSWERED + 1):
            assert page.url.split("#")[0].endswith(f"/kasus/{number}")
            keys.press("1")
            page.wait_for_selector(SHOWN.format("jawab"))
            assert "kelengkapan laporan" in page.locator("[data-look=jawab] blockquote").inner_text()
            keys.go("Control+Enter")  # opens the next case
            assert f"{number:04d} tersimpan" in keys.said()

        keys.step = "propose a refusal"
        keys.press("r", *["ArrowDown"] * 3)
        assert page.locator("input[name=reason]:checked").get_attribute("value") == "evidence"
        page.wait_for_selector(SHOWN.format("tolak"))
        keys.go("Control+Enter")
        assert "Petugas kedua" in keys.said()
        keys.step = "change officers"
        keys.go("g", "k")
        keys.unlock(SECOND)
        keys.step = "approve"
        keys.go("g", "p")
        keys.press("j", "Tab")
        assert page.evaluate("document.activeElement.value") == "1"
        keys.go("Enter")
        assert page.locator("#kabar").inner_text()
        keys.step = "publish"
        keys.go("g", "x")
        keys.press("Tab")
        keys.go("Enter")
        assert page.locator("[data-published]").count() == 1
    assert keys.counts == KEYS, f"counted: {dict(keys.counts)}"
    _check_reporters(office)


class Mouse:
    """Somebody who clicks; letters are not counted."""

    def __init__(self, window: Firefox) -> None:
        self.window = window
        self.counts: Counter[str] = Counter()
        self.step = ""

    def click(self, selector: str) -> None:
        self.counts[self.step] += 1
        self.window.click(selector)

    def type(self, selector: str, text: str) -> None:
        self.click(selector)
        self.window.write(selector, text)

    def choose(self, selector: str, value: str) -> None:
        """Open a list and click on an entry."""
        self.click(selector)
        self.click(f"{selector} option[value={value!r}]")

    def go(self, selector: str, arrived: str) -> None:
        """Click on what leads to a page that has such an element; the old page must be gone."""
        self.window.look("void (document.body.dataset.old = '1')")
        self.click(selector)
        self.window.wait(f"body:not([data-old]) {arrived}")

    def unlock(self, login: str) -> None:
        self.type("#officer", login)
        self.type("#passphrase", PASSPHRASE)
        self.go("button.main", "[data-officer]")


def test_a_day_with_the_mouse(office: Office, tmp_path: Path) -> None:
    """The same in Firefox, by clicking, in as many clicks as PETUGAS.md says."""
    office.bring_reports()
    with office.open() as desk:
        window = Firefox(tmp_path / "gecko.log", {}, SCREEN)
        try:
            window.open(desk.link)
            mouse = Mouse(window)
            _work_with_mouse(mouse)
        finally:
            window.close()
    assert mouse.counts == CLICKS, f"counted: {dict(mouse.counts)}"
    _check_reporters(office)


def _work_with_mouse(mouse: Mouse) -> None:
    mouse.step = "unlock"
    mouse.unlock(FIRST)
    mouse.step = "import"
    mouse.go('.side a[href="/kurir"]', "[action='/kurir/ambil'] button")
    mouse.go("[action='/kurir/ambil'] button", "[data-imported]")
    mouse.step = "begin a list"
    mouse.go("[data-imported] a", "[data-row]")
    mouse.go("[data-open]", "#status")
    mouse.step = "sort"
    for _ in range(REPORTS):
        mouse.click("[data-letter='2']")
        mouse.go("[data-sorting] button.main", "#kabar > .flash")
    mouse.step = "begin a list"
    mouse.go('.side a[href="/"]', "[data-row]")
    mouse.go("[data-open]", "#status")
    mouse.step = "answer"
    for _ in range(ANSWERED):
        mouse.choose("#status", "VERIFIKASI")
        mouse.window.wait(SHOWN.format("jawab"))
        mouse.go("[data-answer-form] button.main", "#kabar > .flash")
    mouse.step = "propose a refusal"
    mouse.click("details:has([data-jump=refuse]) > summary")
    mouse.click("input[name=reason][value=evidence]")
    mouse.window.wait(SHOWN.format("tolak"))
    mouse.go("[action$='/tolak'] button", "#kabar > .flash")
    mouse.step = "change officers"
    mouse.go(".lock button", "#passphrase")
    mouse.unlock(SECOND)
    mouse.step = "approve"
    mouse.go('.side a[href="/persetujuan"]', "button[name=approve]")
    mouse.go("button[name=approve][value='1']", "#kabar > .flash")
    mouse.step = "publish"
    mouse.go('.side a[href="/kurir"]', "[action='/kurir/terbit']")
    mouse.go("[action='/kurir/terbit'] button", "[data-published]")
