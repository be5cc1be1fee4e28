"""What the desk says to an Indonesian officer when something is wrong: no English sentence of the catalogue."""

import html
import io
import itertools
import re
from dataclasses import replace

import pytest
from desk_world import DeskClient, make_desk
from triage_world import World, new_thread

from dropbox.sentences.catalogue import sentences

_LETTERS_MIN = 12  # a shorter piece of a sentence may be in a page by chance


def english_in(page: str) -> list[str]:
    """The English sentences of the catalogue that a page holds, with any values."""
    text = html.unescape(re.sub(r"<[^>]*>", " ", page))
    found = []
    for code, texts in sentences().items():
        pieces = [re.escape(piece) for piece in re.split(r"\{\w+\}", texts["en"]) if piece]
        is_telling = len("".join(pieces)) >= _LETTERS_MIN and texts["en"] != texts["id"]
        if is_telling and re.search(".{1,300}?".join(pieces), text):
            found.append(code)
    return found


def with_stick(world: World) -> DeskClient:
    """A desk with an empty stick."""
    client = make_desk(world)
    stick = world.folder / "stick"
    stick.mkdir()
    workstation = replace(client.desk.settings.workstation, stick=stick)
    client.desk.settings = replace(client.desk.settings, workstation=workstation)
    return client


def test_english_is_found() -> None:
    """The search finds a sentence with values, so that an empty result says something."""
    page = "<p>unknown reason of refusal; the list has court, unclear</p>"
    assert english_in(page) == ["refusal.no-such-reason"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/kasus/1/tolak", {"reason": "no-such-reason"}),
        ("/kasus/1/tolak", {"reason": "court"}),
        ("/kasus/1/jawab", {"status": "NO_SUCH"}),
        ("/kasus/1/jawab", {"status": "DIPROSES", "text": "x" * 20000}),
        ("/kasus/1/jawab", {"status": "DIPROSES", "text": "x", "next": "kemarin"}),
        ("/kasus/1/catat", {"text": " "}),
        ("/kasus/1/klasifikasi", {"tags": "<b>"}),
        ("/kasus/1/klasifikasi", {"category": "no-such-category"}),
        ("/kasus/1/disposisi", {"office": "no-such-office"}),
        ("/kasus/1/gabung", {"into": "1"}),
        ("/kasus/999/catat", {"text": "x"}),
        ("/catat", {"origin": "surat", "day": "kemarin", "what": "x"}),
        ("/catat", {"origin": "no-such-origin", "day": "2026-03-02", "what": "x"}),
        ("/catat/tabel", {"origin": "no-such-origin"}),
        ("/kurir/ambil", {"number": "7"}),
    ],
)
def test_bad_input_is_refused_in_indonesian(world: World, path: str, form: dict[str, str]) -> None:
    """The page refuses, and has no English sentence."""
    with world.open() as vault:
        world.take(vault, [world.report(new_thread())])
    client = with_stick(world)
    client.get("/bahasa/id")
    refused = client.post(path, form)
    assert refused.status_code in (404, 409)
    assert english_in(refused.text) == []


def test_a_missing_case_is_said_in_indonesian(desk: DeskClient) -> None:
    """The page of a case that is not there, in both languages."""
    desk.get("/bahasa/id")
    page = desk.get("/kasus/999").text
    assert "Kasus itu tidak ada di sini." in page
    assert english_in(page) == []
    desk.get("/bahasa/en")
    assert "there is no case of that name here" in desk.get("/kasus/999").text


def test_a_bad_row_of_a_register_is_said_in_indonesian(world: World) -> None:
    """A register with a bad date, a row that is too short and a bad category names each row's fault."""
    client = with_stick(world)
    rows = b"tanggal;uraian;kategori\nkemarin;Satu;\n2026-03-02\n2026-03-02;Dua;no-such-category\n"
    table = {"origin": "lapor", "file": (io.BytesIO(rows), "register.csv")}
    page = client.post("/catat/tabel", table, content_type="multipart/form-data").text
    assert "tanggalnya tidak dikenali" in page
    assert english_in(page) == []


def test_a_damaged_export_is_said_in_indonesian(world: World) -> None:
    """A truncated export, and a file in it that was damaged on its way."""
    client = with_stick(world)
    whole = world.export([world.report(new_thread())])
    (client.desk.settings.workstation.stick / "export-1").write_bytes(whole[: len(whole) - 40])
    page = client.post("/kurir/ambil", {"number": "0"}).text
    assert "bagian rusak" in page
    assert english_in(page) == []


def test_a_number_that_no_database_takes_is_no_address(desk: DeskClient) -> None:
    """Each address with a number answers 404 for one of forty digits, of thousands, of other digits or below zero."""
    rules, form = [rule for rule in desk.app.url_map.iter_rules() if "<int:" in rule.rule], {"csrf_token": desk.token()}
    assert rules
    for rule, number in zip(rules, itertools.cycle(("9" * 40, "9" * 5000, "٣", "-1")), strict=False):
        path = re.sub("<int:[a-z]+>", number, re.sub("<[a-z]+>", "x", rule.rule))
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        assert desk.browser.open(path, method=method, data=form).status_code == 404, rule.rule
