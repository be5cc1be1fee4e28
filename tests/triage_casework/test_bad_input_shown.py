"""What a hostile reporter wrote, as officers see it: text that can neither command a terminal nor turn a page."""

import html.parser
import re
import unicodedata

import pytest
from hostile import HOSTILE, SCRIPT
from triage_world import LOGIN, PASSPHRASE, SETTINGS, Blob, World, new_thread

from dropbox.triage.cli import run
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.session import Desk


def _hostile_blobs(world: World) -> list[Blob]:
    """Four reports with a file: one of them with all of it, and before and after it an honest one."""
    blobs = []
    hostile = {name: HOSTILE.encode() for name in ("what", "who", "where", "when", "channel", "category", "lang")}
    for number, record in enumerate(({"when": b"kemarin"}, hostile, {"when": b"dahulu"}, {"when": b"lama"})):
        thread = new_thread()
        name = "foto.jpg" if number != 1 else f"../{HOSTILE}"
        blobs += [
            world.report(thread, f"Laporan {number}", record=record),
            world.addition(thread, 2, HOSTILE if number == 1 else "Tambahan"),
            world.file(thread, 3, b"x", name, record={"type": HOSTILE.encode() if number == 1 else b"image/jpeg"}),
        ]
    return blobs


def _commands(text: str) -> set[str]:
    """The signs of a text that could command a terminal or turn what is read."""
    return {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign != "\n"}


def test_the_command_line_shows_it_inert(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """No control character, no direction sign and no NUL reaches a terminal, from any command that shows texts."""
    with world.open() as vault:
        world.take(vault, _hostile_blobs(world))
    secret = world.folder / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    for words in (
        ["list"], ["list", "--json"], ["show", "2"], ["show", "2", "--json"],
        ["extract", "2", "--to", str(world.folder / "out")],
    ):  # fmt: skip
        assert run([*words, "--vault", str(world.path()), "--passphrase-file", str(secret)]) == 0, words
        out, err = capsys.readouterr()
        assert out or err
        assert _commands(out + err) == set(), words


class _Structure(html.parser.HTMLParser):
    """A page's elements with the names of their attributes, in order, whatever is chosen in a list; its comments."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.comments: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs if name != "selected")))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def test_the_pages_show_it_inert(world: World) -> None:
    """A hostile report makes the very elements that an honest one makes: all of it is text."""
    with world.open() as vault:
        world.take(vault, _hostile_blobs(world))
    desk = Desk(SETTINGS, world.path())
    client = create_app(desk).test_client()
    base = {"base_url": "http://127.0.0.1:8400"}
    assert client.get(desk.start_path, **base).status_code == 302
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/buka", **base).text)
    assert token
    form = {"csrf_token": token[1], "officer": LOGIN, "passphrase": PASSPHRASE}
    assert client.post("/buka", data=form, **base).status_code == 302
    try:
        pages = [client.get(path, **base) for path in ("/", "/cari?q=alert", "/cari?q=laporan", "/kasus/2", "/kasus/3")]
        assert [page.status_code for page in pages] == [200] * len(pages)
        for page in pages:
            assert SCRIPT not in page.text
            assert _commands(page.text) == set()
            assert str(9119 * 9119) not in page.text
            assert _Structure(page.text).comments == []
        hostile, honest = pages[3], pages[4]
        assert "alert(1)" in hostile.text
        # The risk names the answers that it comes from: those that are codes, of which a hostile report has fewer.
        shown = [re.sub(r"Dari jawaban: .*", "", page.text) for page in (hostile, honest)]
        assert _Structure(shown[0]).tags == _Structure(shown[1]).tags
        rows = [_Structure(row).tags for row in re.findall(r"<tr data-row.*?</tr>", pages[0].text, re.DOTALL)]
        assert len(rows) == 4
        assert rows[0] == rows[2] == rows[3]
    finally:
        desk.close("end")
