"""The form and its review in the browser: the same answers as on the server's road, and what a broken line leaves."""

from pathlib import Path

from tests.browser_js.browsers import WINDOW, Chromium
from tests.browser_js.phone import FORM_HEIGHT, SIZE
from tests.browser_js.relay import Relay
from tests.support.canary import Canary
from tests.support.server import Server, wait_until

BUTTON_NEAR = 64  # CSS pixels between the last required field and the first button
# Every field of every question: the second choice, every tick, and texts that would show in HTML.
_ANSWER_ALL = """void document.querySelectorAll('[data-question] [name]').forEach(field => {
  const text = `<b>${field.name}</b> & “é”\\n `;
  if (field.type === 'checkbox') field.checked = true;
  else if (field.type === 'radio') field.checked = !['irjen', 'tidak-disebut', 'tidak-tahu'].includes(field.value);
  else if (field.tagName === 'SELECT') field.value = [...field.options].filter(one => one.value)[1].value;
  else field.value = field.tagName === 'TEXTAREA' ? text : text.trim();
})"""
_LEAVES_FREELY = "dispatchEvent(new Event('beforeunload', {cancelable: true}))"  # or else the browser asks
_FIRST_BUTTON = (
    "document.querySelector('[data-act=review]').getBoundingClientRect().top"
    " - document.getElementById('where').getBoundingClientRect().bottom"
)
_READ_BACK = "Array.from(document.querySelectorAll('.answers > *'), one => one.textContent)"


def test_both_roads_seal_the_same_answers(server: Server, relay: Relay, chromium: Chromium) -> None:
    """Whatever is typed, ticked and picked: what is read back and sealed is the same, tags and blanks too."""
    roads = []
    for page in ("lapor", "lapor/server"):
        before = {held.info.id for held in server.held()}
        chromium.open(f"{relay.address}/{page}")
        chromium.wait("[data-act=review], button[value=review]")
        chromium.look(_ANSWER_ALL)
        chromium.review_report()
        read_back = chromium.look(_READ_BACK)
        chromium.click("[data-act=send], .button[value=send]")
        chromium.wait("[data-status=TERKIRIM]")
        (report,) = [held for held in server.held() if held.info.id not in before]
        roads.append((read_back, report.opened.message.fields, report.opened.message.desk))
    assert roads[0] == roads[1]
    fields = roads[0][1]
    assert fields["what"] == "<b>what</b> & “é”\n "
    assert len([name for name in fields if name.startswith("x-")]) > 40
    assert chromium.faults == []


def test_three_answers_make_a_report_and_the_rest_is_offered(server: Server, relay: Relay, chromium: Chromium) -> None:
    """On a phone the form is short. The review shows who reads and what was answered alone, under a title of its own.

    Persons come one by one, a regency tells its province.

    From the first letter until it is sent, nobody leaves by accident.
    """
    chromium.resize((SIZE["width"], SIZE["height"]))
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-act=review]")
    assert chromium.look("document.documentElement.scrollHeight") <= FORM_HEIGHT
    assert chromium.look(_FIRST_BUTTON) <= BUTTON_NEAR
    chromium.resize(WINDOW)
    title = chromium.look("document.title")
    assert chromium.look(_LEAVES_FREELY)
    for name in ("what", "who", "where"):
        chromium.write(f"#{name}", f"Irjen {name}")
        assert not chromium.look(_LEAVES_FREELY)
    chromium.click("[data-act=review]")
    chromium.wait("#confirm")
    shown = chromium.text("main")
    for text in ("Petugas pengaduan", "menyebut Inspektorat Jenderal"):
        assert text in shown
    assert chromium.count("[data-part=answers] dt") == len(("what", "who", "where"))
    assert chromium.look("document.title") == f"Periksa – {title.split(' – ')[1]}"
    chromium.click("[data-act=irjen]")
    assert "Hanya Inspektur Jenderal" in chromium.text("[data-part=reader]")
    assert chromium.count("[data-part=conflict]") == 0
    chromium.click("[data-act=edit]")
    assert chromium.look("document.activeElement.value") == "irjen"
    assert chromium.look("document.title") == title
    chromium.look("void document.querySelectorAll('main details').forEach(one => { one.open = true })")
    chromium.write("[data-kind=kabkota]", "kab. Bandung")
    chromium.press("Tab")
    province = "document.querySelector('[data-kind=province]').value"
    wait_until("the list of regencies has come", lambda: chromium.look(province) == "32")
    for number in range(1, 6):
        chromium.click("[data-act=add-person]")
        assert chromium.look("document.activeElement.name") == f"x-p{number}-name"
    assert chromium.look("document.querySelector('[data-act=add-person]').hidden")
    chromium.review_report()
    chromium.click("[data-act=send]")
    chromium.wait("[data-status=TERKIRIM]")
    assert chromium.look("document.title").startswith("Langkah berikutnya – ")
    assert chromium.look(_LEAVES_FREELY)
    (report,) = server.held("irjen")
    assert report.opened.message.desk == "irjen"
    assert report.opened.message.fields == {
        "channel": "tidak-disebut",
        "category": "tidak-tahu",
        "what": "Irjen what",
        "who": "Irjen who",
        "where": "Irjen where",
        "x-kabkota": "kab. Bandung",
        "x-province": "32",
    }


def test_a_line_that_breaks_at_any_step_takes_nothing(
    server: Server, relay: Relay, chromium: Chromium, tmp_path: Path
) -> None:
    """While it is read back, while it is sent, while it is left, and when what looks into files does not come."""
    canary, more, file = Canary.fresh(), Canary.fresh(), tmp_path / "bukti.bin"
    file.write_bytes(b"isi")
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-act=review]")
    relay.down = True
    chromium.fill_report(what=canary.text)
    asked: list[str] = []
    chromium.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    chromium.look("void history.back()")
    wait_until("the browser asks", lambda: chromium.look("0") or asked)
    assert asked == ["beforeunload"]
    assert canary.text in chromium.text(".answers")
    chromium.click("[data-act=send]")
    wait_until("it is told", lambda: "mencoba lagi" in chromium.text(".review [data-part=state]"))
    chromium.look("void document.querySelector('[data-act=send]').click()")
    assert "Masih dikerjakan" in chromium.text(".review [data-part=state]")
    assert chromium.look("document.querySelector('#what').value") == canary.text
    relay.canned["/static/files.js"] = (404, "text/plain", b"")
    relay.down = False
    chromium.wait("[data-status=TERKIRIM]")
    wait_until("it is told", lambda: "belum termuat" in chromium.text("[data-part=reviewed]"))
    chromium.write("#what", more.text)
    chromium.give("#files", [file])
    chromium.click("[data-act=add]")
    chromium.wait("#files-error")
    assert "belum termuat" in chromium.text("#files-error")
    assert chromium.look("document.getElementById('what').value") == more.text
    assert chromium.count("[data-added]") == 0
    relay.canned.clear()
    chromium.click("[data-act=again]")
    chromium.wait("[data-telling]")
    chromium.click("[data-act=add]")
    chromium.wait("[data-added-file]")
    kinds = [held.kind for held in server.held() if canary.text in held.opened.message.fields.get("what", "")]
    assert kinds == ["report"]
    assert [canary.found_in(relay.raw()), more.found_in(relay.raw())] == [[], []]
