"""From the first page to the last: a report, its files, an answer and an addition, with JavaScript switched off."""

import hashlib
import secrets
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.browser.conftest import Start
from tests.browser.person import DESKTOP, PHONE, Exchange, Person, Remains
from tests.browser.stage import Evidence, Open
from tests.support.server import wait_until

QUESTION = "Bulan apa saja setoran itu diminta?\nTerima kasih atas laporan Anda."
ANSWER = "Setiap bulan, sejak Januari.\nSaya tidak tahu siapa yang menyimpan uangnya."

SITE_WORDS = {"kunci", "tambah"}  # of the word list, and of the site's own addresses


def fill(person: Person, what: str, channel: str = "wbs", desk: str = "itjen") -> tuple[str, str]:
    """Fill the report form as a person would, and go on to the review; returns the code and the words that it shows."""
    person.write("what", what)
    person.write("who", "Kepala kantor")
    person.write("where", "Kankemenag Kota Contoh")
    person.click('//details[@data-group="place"]/summary')
    person.write("when", "sejak Januari")
    person.pick("desk", desk)
    for name, value in (("channel", channel), ("category", "pungli")):
        person.click(f'//details[@data-group="{name}"]/summary')
        person.pick(name, value)
    person.go('(//button[@name="step"][@value="review"])[1]')
    return confirm(person)


def confirm(person: Person) -> tuple[str, str]:
    """Note the code and the words that the review shows, and write the word that it asks for; returns them."""
    code, words = person.hooks("data-receipt-code"), person.hooks("data-passphrase")
    assert len(code) == len(words) == 1, "code and words are shown once, before anything is sent"
    shown = "".join(person.texts("[data-receipt-code]")[0].split())
    assert shown == code[0]
    assert all(word in person.texts("[data-passphrase]")[0] for word in words[0].split())
    (number,) = person.texts("[data-part=confirm-number]")
    person.write("confirm", words[0].split()[int(number) - 1])
    return code[0], words[0]


def sloppy(code: str, words: str) -> tuple[str, str]:
    """How people type what they have on paper."""
    loose = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    return loose, "  ".join(word[:4].upper() if at % 2 else word[:4] for at, word in enumerate(words.split()))


def open_thread(person: Person, address: str, code: str, words: str, prefix: str = "") -> None:
    """Come back another day with code and words."""
    person.open(f"{address}{prefix}/")
    person.follow(f"{prefix}/status")
    person.write("code", code)
    person.write("words", words)
    person.send(f"{prefix}/status")


def do_acts(person: Person) -> None:
    """Say that the answers were read, ask for protection, and withdraw."""
    for act, ticks in (("read", []), ("protect", [("protection", "physical")]), ("withdraw", [("sure", "1")])):
        form = f'//form[.//input[@name="act" and @value="{act}"]]'
        if ticks:
            person.click(f"//details[.{form}]/summary")
        for tick in ticks:
            person.pick(*tick)
        person.go(f"{form}//button")
        assert len(person.hooks("data-added")) == 1
        assert person.hooks("data-error") == []
        assert person.overflow() <= 0


def noted_by_the_desk(person: Person, address: str, code: str, words: str) -> bool:
    """Whether the next board answers the request for protection and the withdrawal; the status is an officer's."""
    open_thread(person, address, *sloppy(code, words))
    text = " ".join(person.texts("[data-answer]"))
    assert "SELESAI_TIDAK" not in person.hooks("data-status")
    return "Permintaan pelindungan Anda sudah kami catat" in text and "Anda menarik laporan" in text


def hashes(paths: Iterable[Path]) -> list[bytes]:
    """SHA-256 of each file, sorted."""
    found = []
    for path in paths:
        with path.open("rb") as file:
            found.append(hashlib.file_digest(file, "sha256").digest())
    return sorted(found)


def assert_no_trace(remains: Remains, exchanges: list[Exchange], address: str, code: str, words: str) -> None:
    """No cookie, no other host, and neither code nor word in an address or a title that the browser keeps."""
    assert remains.cookies == []
    assert exchanges
    assert [exchange.url for exchange in exchanges if not exchange.url.startswith(f"{address}/")] == []
    assert [exchange.url for exchange in exchanges if "set-cookie" in exchange.headers] == []
    addresses = {exchange.url for exchange in exchanges} | {url for url, _ in remains.history}
    assert [url for url in addresses if "?" in url] == []
    kept = " ".join(addresses | {title for _, title in remains.history}).lower()
    assert remains.history
    assert [group for group in code.lower().split("-") if group in kept] == []
    titles = " ".join(title for _, title in remains.history).lower().split()
    leaked = [word for word in words.split() if word in titles or f"/{word}" in kept]
    assert [word for word in leaked if word not in SITE_WORDS] == []


def assert_sends_what_it_shows(person: Person) -> None:
    """A browser that fills a form anew from memory must not put old secrets below new ones."""
    for name, hook in (("code", "data-receipt-code"), ("words", "data-passphrase")):
        assert person.hooks(hook) == [person.look(f"document.querySelector('input[name={name}]').value")]


# The others in the long runs; Firefox is also in the English journey, and in the one through Tor.
@pytest.mark.parametrize(
    ("browser", "size"),
    [
        pytest.param("chromium", PHONE, id="chromium-phone"),
        pytest.param("chromium", DESKTOP, id="chromium-desktop", marks=pytest.mark.soak),
        pytest.param("firefox", PHONE, id="firefox-phone", marks=pytest.mark.soak),
        pytest.param("firefox", DESKTOP, id="firefox-desktop", marks=pytest.mark.soak),
    ],
)
def test_report_files_answer_and_addition_travel_both_ways(
    browser: str, size: tuple[int, int], site: Open, evidence: Evidence, start: Start, tmp_path: Path
) -> None:
    """A reporter sends a report and files, reads the answer and adds to it; the desk gets every byte."""
    demo, person, marker = site.demo, start(browser, size), f"penanda {secrets.token_hex(8)}"
    what = f"Setiap bulan ada setoran ({marker}).\nYang tidak membayar dipindahkan."
    files = [evidence.photo, evidence.paper]
    if (browser, size) == ("chromium", PHONE):
        files.append(evidence.video)

    # the report
    person.open(site.address + "/")
    assert person.width() == size[0]
    assert person.overflow() <= 0
    person.follow("/lapor")
    assert person.overflow() <= 0
    code, words = fill(person, what)
    person.send("/lapor")
    assert person.hooks("data-status") == ["TERKIRIM"]
    assert (person.hooks("data-receipt-code"), person.hooks("data-passphrase")) == ([code], [words])
    assert person.overflow() <= 0

    # the files, by the form that follows
    person.choose('//input[@name="files"]', files)
    person.send("/tambah")
    assert person.texts("[data-added-file]") == [file.name for file in files]
    assert person.hooks("data-error") == []
    assert person.overflow() <= 0

    # the same evening: nobody has collected it yet
    open_thread(person, site.address, *sloppy(code, words))
    assert person.hooks("data-status") == ["TERKIRIM"]
    assert person.hooks("data-answer") == []

    # the courier, the desks
    demo.carry_out()
    (case,) = demo.cases(marker)
    assert demo.cases(marker, "irjen") == []
    assert (case["status"], case["desk"]) == ("DITERIMA", "itjen")
    shown = demo.case(case["case"])
    assert shown["fields"] == {
        "channel": "wbs",
        "category": "pungli",
        "what": what,
        "who": "Kepala kantor",
        "where": "Kankemenag Kota Contoh",
        "when": "sejak Januari",
    }
    assert sorted(file["name"] for file in shown["files"]) == sorted(file.name for file in files)
    extracted = demo.extract(case["case"], tmp_path / "extracted")
    assert hashes(extracted) == hashes(files)
    for path in extracted:
        path.unlink()
    demo.answer(case["case"], "BUTUH_INFO", QUESTION)
    demo.carry_in()

    # some days later: the question, and what the reporter says to it
    def is_asked() -> bool:
        open_thread(person, site.address, *sloppy(code, words))
        return person.hooks("data-status") == ["TERKIRIM", "DITERIMA", "BUTUH_INFO"]

    wait_until("the question is on the page", is_asked)
    assert person.texts("[data-answer]") == [QUESTION]
    assert person.overflow() <= 0
    person.write("what", ANSWER)
    person.send("/tambah")
    assert len(person.hooks("data-added")) == 1
    assert person.hooks("data-status") == ["TERKIRIM", "DITERIMA", "BUTUH_INFO"]
    if size == PHONE:
        do_acts(person)
    person.follow("/selesai")
    assert person.overflow() <= 0

    # the addition reaches the case
    demo.carry_out()
    shown = demo.case(case["case"])
    said = [message["fields"] for message in shown["messages"]]
    assert [one["what"] for one in said if one["what"]] == [what, ANSWER]
    demo.carry_in()
    if size == PHONE:
        assert shown["withdrawn"]
        assert sorted(one.get("act", "") + one.get("protection", "") for one in said if not one["what"]) == [
            "physical", "read", "withdraw"
        ]  # fmt: skip
        wait_until("both are answered", lambda: noted_by_the_desk(person, site.address, code, words))

    # what stays behind in the browser
    exchanges = person.exchanges()
    (done,) = [exchange for exchange in exchanges if exchange.url == site.address + "/selesai"]
    assert set(done.headers["clear-site-data"].split(", ")) == {'"cache"', '"cookies"', '"storage"'}
    assert_no_trace(person.leave(), exchanges, site.address, code, words)


def test_english_journey_ends_at_the_inspector_general_alone(site: Open, start: Start) -> None:
    """In English and about the inspectorate itself: the other desk cannot open it, and the answer comes back."""
    demo, person, marker = site.demo, start("firefox", DESKTOP), f"marker {secrets.token_hex(8)}"
    person.open(site.address + "/")
    person.go('//a[@hreflang="en"]')
    assert person.look("document.documentElement.lang") == "en"
    person.follow("/en/lapor")
    assert "Inspectorate General" in person.text()
    code, words = fill(person, marker, "dumas", "irjen")
    person.send("/en/lapor")
    assert person.hooks("data-status") == ["TERKIRIM"]
    assert person.look("document.documentElement.lang") == "en"

    demo.carry_out()
    assert demo.cases(marker) == []
    (case,) = demo.cases(marker, "irjen")
    assert (case["channel"], case["desk"]) == ("dumas", "irjen")
    demo.answer(case["case"], "TELAAH", "We are reading your report.", "irjen")
    demo.carry_in()

    def is_answered() -> bool:
        open_thread(person, site.address, *sloppy(code, words), "/en")
        return person.texts("[data-answer]") == ["We are reading your report."]

    wait_until("the answer is on the page", is_answered)
    assert person.hooks("data-status") == ["TERKIRIM", "DITERIMA", "TELAAH"]
    person.follow("/en/selesai")
    exchanges = person.exchanges()
    assert_no_trace(person.leave(), exchanges, site.address, code, words)


@pytest.mark.parametrize("browser", [pytest.param("chromium", marks=pytest.mark.soak), "firefox"])
def test_double_click_and_reload_make_one_report(browser: str, site: Open, start: Start) -> None:
    """Pressing twice and loading review and acknowledgement anew give one report and one code."""
    demo, person, marker = site.demo, start(browser, PHONE), f"penanda {secrets.token_hex(8)}"
    person.open(site.address + "/lapor")
    fill(person, marker)
    person.reload()
    assert_sends_what_it_shows(person)
    code, _ = confirm(person)
    person.send("/lapor", twice=True)
    assert (person.hooks("data-status"), person.hooks("data-receipt-code")) == (["TERKIRIM"], [code])
    person.reload()
    assert (person.hooks("data-status"), person.hooks("data-receipt-code")) == (["TERKIRIM"], [code])
    person.open(site.address + "/lapor")
    person.send("/lapor")
    assert person.hooks("data-error") == ["form"]  # a new form, empty
    posts = [exchange for exchange in person.exchanges() if exchange.method == "POST"]
    assert len(posts) >= 3  # Firefox sends the double click twice, Chromium once
    demo.carry_out()
    assert len(demo.cases(marker)) == 1
    demo.carry_in()
