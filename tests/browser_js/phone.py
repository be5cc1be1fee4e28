"""A small phone, 360 x 640, in somebody's hand: things are named by what is read on them, as people name them."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Locator, Page

from tests.browser.settled import settle, told

SIZE = {"width": 360, "height": 640}
FORM_HEIGHT = 3200  # CSS pixels of the folded form on this phone: five screens
# By CSS pixels: WCAG 2.5.8 for what is tapped (links within a sentence are exempt), and what an old phone shows well.
_TARGET_MIN = 24
_TEXT_MIN = 16
_LOOK = """([targetMin, textMin]) => {
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().right > 0;
  const faults = [];
  const root = document.documentElement;
  const wide = (when) => { if (root.scrollWidth > root.clientWidth) faults.push(`wider than the phone${when}`); };
  for (const one of document.querySelectorAll('a, button, select, textarea, input, summary')) {
    const target = one.closest('label') ?? one, box = target.getBoundingClientRect();
    if (!seen(target) || getComputedStyle(target).display === 'inline') continue;
    if (Math.min(box.width, box.height) < targetMin) faults.push(`small: ${target.outerHTML.slice(0, 90)}`);
    if (one.matches('select, textarea, input') && !one.labels.length) faults.push(`no label: ${one.outerHTML}`);
    if (one.tabIndex > 0) faults.push(`out of order: ${one.outerHTML.slice(0, 90)}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement;
    if (!node.data.trim() || !seen(around) || around.closest('svg')) continue;
    if (parseFloat(getComputedStyle(around).fontSize) < textMin) faults.push(`tiny: ${node.data.trim().slice(0, 40)}`);
  }
  wide('');
  root.style.fontSize = '200%';
  wide(' with doubled letters');
  root.style.fontSize = '';
  return faults;
}"""


class Phone:
    """One page, and a person who reads, taps and types."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: list[str] = []

    @property
    def main(self) -> Locator:
        """The page's own part."""
        return self.page.locator("main")

    def see(self, name: str) -> None:
        """A screen: everything can be tapped and read, and nothing is cut off, also when letters are doubled."""
        self.seen.append(name)
        settle(self.page.evaluate)
        faults = self.page.evaluate(_LOOK, [_TARGET_MIN, _TEXT_MIN])
        assert faults == [], f"{name}: {faults}; {told(self.page.evaluate)}"

    @contextlib.contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        """A person who finds something not says what they see instead."""
        try:
            yield
        except Error as error:
            raise AssertionError(f"{what}: {error.message}; {told(self.page.evaluate)}") from None

    def tap(self, name: str, *, on: Locator | None = None) -> None:
        """A button or a link of the page that reads so."""
        here = on or self.main
        button = here.get_by_role("button", name=name, exact=True)
        with self._telling(f"tap on {name}"):
            button.or_(here.get_by_role("link", name=name, exact=True)).first.click()

    def unfold(self, name: str) -> None:
        """Open what is folded below these words."""
        with self._telling(f"unfold {name}"):
            self.main.locator("summary", has_text=name).first.click()

    def write(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        with self._telling(f"write into {label}"):
            self.main.get_by_label(label, exact=True).fill(text)

    def tick(self, text: str) -> None:
        """Tap on a choice that reads so."""
        with self._telling(f"tick {text}"):
            self.main.locator("label.pick", has_text=text).first.click()

    def choose(self, label: str, file: Path) -> None:
        """Choose a file."""
        with self._telling(f"choose at {label}"):
            self.main.get_by_label(label, exact=True).set_input_files(file)

    def reads(self, text: str) -> None:
        """Wait until the page says this."""
        with self._telling(f"read {text}"):
            self.main.get_by_text(text).first.wait_for()

    def heading(self, text: str) -> None:
        """Wait for the page with this heading."""
        with self._telling(f"the page {text}"):
            self.page.get_by_role("heading", level=1, name=text, exact=True).wait_for()

    def screens_before(self, label: str) -> float:
        """How many times the phone's height stands above a field."""
        settle(self.page.evaluate)
        top: Any = self.main.get_by_label(label, exact=True).evaluate("e => e.getBoundingClientRect().top + scrollY")
        return float(top) / SIZE["height"]

    def report(self, what: str) -> tuple[str, str]:
        """Fill what is needed of the form, read the review and note the secret; only the last tap is missing."""
        self.tap("Buat laporan", on=self.page.locator("nav.menu"))
        self.main.get_by_label("Apa yang terjadi?", exact=True).wait_for()
        self.write("Apa yang terjadi?", what)
        self.write("Siapa yang Anda laporkan?", "Kepala kantor")
        self.write("Di mana terjadinya?", "Kota Contoh")
        self.tap("Periksa laporan")
        self.heading("Periksa sebelum mengirim")
        return self.note_secret()

    def look_up(self, code: str, words: str) -> None:
        """Type code and words where the answers are."""
        self.tap("Laporan saya", on=self.page.locator("nav.menu"))
        self.write("Kode tanda terima", code)
        self.write("Frasa sandi (8 kata)", words)
        self.tap("Buka laporan saya")

    def note_secret(self) -> tuple[str, str]:
        """Write down code and words, and write the word that the review asks for."""
        code, words = (
            self.main.locator(f"[{name}]").last.get_attribute(name) or ""
            for name in ("data-receipt-code", "data-passphrase")
        )
        number = int(self.main.locator("[data-part=confirm-number]").inner_text())
        self.main.locator("#confirm").fill(words.split()[number - 1])
        return code, words


Take = Callable[
    ..., Phone
]  # a fresh phone with JavaScript ("scripted") or without ("plain"), and a port if not the site's
