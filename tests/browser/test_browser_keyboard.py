"""Without a mouse: the way out comes first, and a report can be sent by keys alone."""

import secrets

from playwright.sync_api import Page

from tests.browser.chromium import Chromium
from tests.browser.conftest import Start
from tests.browser.person import DESKTOP
from tests.browser.stage import Open

_STEPS = 80  # more Tab stops than any page has


def focused(page: Page, expression: str) -> str:
    """What the automation reads of the element that has the focus."""
    return str(page.evaluate(f"document.activeElement.{expression}"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus; every stop on the way must show itself."""
    for _ in range(_STEPS):
        page.keyboard.press("Tab")
        assert is_marked(page), focused(page, "outerHTML")
        if page.evaluate(f"document.activeElement.matches('{selector}')"):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def is_marked(page: Page) -> bool:
    """Whether the focus (or the label around it) has an outline and lies within the page."""
    return bool(
        page.evaluate("""() => {
            const here = document.activeElement, box = here.getBoundingClientRect();
            const marked = [here, here.closest('label')].filter(Boolean).map(e => getComputedStyle(e));
            return box.right > 0 && box.width > 0
                && marked.some(s => s.outlineStyle != 'none' && parseFloat(s.outlineWidth) >= 2);
        }""")
    )


def test_quick_exit_and_skip_link_come_first_on_every_page(site: Open, start: Start) -> None:
    """The first Tab reaches the quick exit, a plain link with its limits told; the second the link past the menu."""
    person = start("chromium", DESKTOP)
    assert isinstance(person, Chromium)
    page = person.page
    for path in ("/", "/lapor", "/status", "/kunci", "/selesai", "/en/lapor", "/tidak-ada"):
        page.goto(site.address + path)
        assert page.locator("a.exit").get_attribute("href") == "https://www.bmkg.go.id/"
        assert "Back button" in person.texts("footer")[0] or "Riwayat dan tombol Kembali" in person.texts("footer")[0]
        page.keyboard.press("Tab")
        assert focused(page, "className") == "exit"
        assert is_marked(page)
        page.keyboard.press("Tab")
        assert focused(page, "className") == "skip"
        assert is_marked(page)
        page.keyboard.press("Enter")
        assert focused(page, "localName") == "main"


def test_faults_have_the_focus_and_lead_to_their_fields(site: Open, start: Start) -> None:
    """An incomplete report brings the focus to the list of faults, whose links lead to the fields."""
    person = start("chromium", DESKTOP)
    assert isinstance(person, Chromium)
    page = person.page
    page.goto(site.address + "/lapor")
    tab_to(page, "form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert focused(page, "dataset.error") == "form"
    for name in person.hooks("data-error-field"):
        tab_to(page, f'a[href="#{name}"]')
        page.keyboard.press("Enter")
        assert page.url.endswith(f"/lapor#{name}")
        assert page.evaluate("document.querySelector(':target').id") == name
        page.keyboard.press("Tab")
        page.evaluate("document.querySelector('.errors').focus()")


def test_a_report_is_sent_by_keyboard_alone(site: Open, start: Start) -> None:
    """From the first page to the acknowledgement with Tab, Space, arrows, Enter and letters."""
    person = start("chromium", DESKTOP)
    assert isinstance(person, Chromium)
    page, marker = person.page, f"penanda {secrets.token_hex(8)}"
    page.goto(site.address + "/")
    tab_to(page, 'main a[href="/lapor"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for name in ("what", "who", "where"):
        tab_to(page, f"textarea[name={name}]")
        page.keyboard.type(marker)
    tab_to(page, "[data-group=category] summary")
    page.keyboard.press("Space")
    tab_to(page, "input[name=category]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[data-group=place] summary")
    page.keyboard.press("Space")
    tab_to(page, "textarea[name=when]")
    page.keyboard.type("Januari")
    tab_to(page, "form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    (code,), (words,) = person.hooks("data-receipt-code"), person.hooks("data-passphrase")
    (number,) = person.texts("[data-part=confirm-number]")
    tab_to(page, "input[name=confirm]")
    page.keyboard.type(words.split()[int(number) - 1])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert person.hooks("data-receipt-code") == [code]
    assert person.hooks("data-status") == ["TERKIRIM"]
