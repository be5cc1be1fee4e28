"""Keying in reports: what arrives, what comes back when it is refused, and the receipt that is shown once."""

import io
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_world import DeskClient, let_in, make_desk
from triage_world import SETTINGS, TODAY, World, all_files, dump, published
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from dropbox.crypto.answers import open_timeline
from dropbox.crypto.secret import parse_secret
from dropbox.triage.cases import casebook
from dropbox.triage.casework import extract
from dropbox.wire.board import find_in
from dropbox.wire.calendar import date_of

WHAT = "Setoran <b>kenarimerah</b>\nsetiap bulan"
LETTER: dict[str, Any] = {
    "origin": "surat", "day": date_of(TODAY - 3).isoformat(), "channel": "dumas", "category": "pungli", "what": WHAT,
    "who": "Kepala Contoh", "where": "Kota Contoh", "when": "Januari", "lang": "id", "form": "f1",
}  # fmt: skip


def _cases(client: DeskClient) -> list[casebook.Case]:
    vault = client.desk.vault()
    assert vault
    return casebook.all_cases(vault)


def test_a_letter_becomes_a_case(world: World) -> None:
    """With its own date and words; the officer goes on in the case, and no code is shown."""
    client = make_desk(world)
    answer = client.post("/catat", LETTER)
    assert answer.headers["Location"] == "/kasus/1"
    (case,) = _cases(client)
    assert (case.origin, case.sent, case.channel, case.category) == ("surat", TODAY - 3, "dumas", "pungli")
    assert casebook.texts(client.desk.vault(), case)[0].fields["what"] == WHAT
    assert "data-code" not in client.get("/kasus/1").text
    assert client.get("/catat/tanda-terima/1").status_code == 410


def test_a_form_that_is_sent_twice_makes_one_case(world: World) -> None:
    """A double click, or going back: the second one leads to what the first has made."""
    client = make_desk(world)
    assert client.post("/catat", LETTER).headers["Location"] == client.post("/catat", LETTER).headers["Location"]
    assert len(_cases(client)) == 1
    client.post("/catat", LETTER | {"form": "f2"})
    assert len(_cases(client)) == 2


@pytest.mark.parametrize("changes", [{"origin": "langsung"}, {"receipt": "1"}])
def test_a_walk_in_takes_home_what_opens_their_answers(world: World, changes: dict[str, str]) -> None:
    """Code and words of the page open the cell of the next board; they are shown once."""
    client = make_desk(world)
    answer = client.post("/catat", LETTER | changes)
    assert answer.headers["Location"] == "/catat/tanda-terima/1"
    page = client.get("/catat/tanda-terima/1").text
    (code,) = re.findall(r"data-code>([0-9A-Z-]{19})<", page)
    words = re.findall(r"<li>([a-z]+)</li>", page)
    assert len(words) == 8
    again_ = client.get("/catat/tanda-terima/1")
    assert again_.status_code == 410
    assert code not in again_.text
    client.desk.close("end")
    keys = parse_secret(code, " ".join(words)).keys(world.anchor.instance, "itjen")
    with world.open() as vault:
        boards = published(world, vault).boards
        assert code not in repr(dump(vault))
    timeline = open_timeline(
        keys.tag_key, keys.answer_key, world.anchor.instance, "itjen", boards[0].head.number,
        lambda tag: find_in(boards, tag),
    )  # fmt: skip
    assert timeline is not None


def test_locking_the_desk_drops_a_receipt_that_nobody_looked_at(world: World) -> None:
    """The next officer does not find it."""
    client = make_desk(world)
    client.post("/catat", LETTER | {"origin": "langsung"})
    client.post("/kunci")
    client.unlock()
    assert client.get("/catat/tanda-terima/1").status_code == 410


_written: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Whatever this process opens to write, by whichever function (a hook that stays, and does nothing by itself)."""
    if event != "open" or _written is None or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    if arguments[2] & (os.O_WRONLY | os.O_RDWR):
        _written.append(os.fsdecode(arguments[0]))


def test_scans_arrive_byte_for_byte_and_touch_no_disk(world: World) -> None:
    """Two files with their names; nothing of them is written but into the vault, sealed."""
    global _written  # noqa: PLW0603  an audit hook cannot be taken away
    scans = {"surat.pdf": b"%PDF-1.4 kenarimerah" + os.urandom(1 << 20), "foto <b>.jpg": b"\xff\xd8kenarimerah"}
    client = make_desk(world)
    uploads = [FileStorage(io.BytesIO(data), name) for name, data in scans.items()]
    # By hand: for a large body the test client has a temporary file itself.
    boundary, body = encode_multipart(MultiDict(LETTER | {"csrf_token": client.token(), "scans": uploads}))
    kind = f"multipart/form-data; boundary={boundary}"
    sys.addaudithook(_watch)
    _written = []
    answer = client.browser.post("/catat", data=body, content_type=kind)
    written, _written = _written, None
    assert answer.status_code == 302
    assert written
    assert all(Path(path).is_relative_to(world.path()) for path in written)
    (case,) = _cases(client)
    vault = client.desk.vault()
    assert [one.name for one in casebook.files(vault, case)] == list(scans)
    client.desk.close("end")
    assert not any(b"kenarimerah" in path.read_bytes() for path in all_files(world.folder))
    target = world.folder / "out"
    with world.open() as opened:
        extract.extract(opened, casebook.case_of(opened, 1), target)
    assert set(scans.values()) <= {path.read_bytes() for path in target.iterdir()}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"what": "  "}, "Kepala Contoh"),
        ({"day": "kemarin"}, "kenarimerah"),
        ({"day": date_of(TODAY + 1).isoformat()}, "kenarimerah"),
        ({"origin": "online"}, "kenarimerah"),
        ({"origin": ""}, "kenarimerah"),
        ({"channel": "kotak"}, "kenarimerah"),
        ({"category": "sihir"}, "kenarimerah"),
        ({"lang": "jv"}, "kenarimerah"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(world: World, changes: dict[str, str], kept: str) -> None:
    """The sentence, all the words, and a word about the scans, which a browser does not send back."""
    client = make_desk(world)
    data = LETTER | changes | {"scans": [(io.BytesIO(b"x"), "a.pdf")]}
    answer = client.post("/catat", data, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert kept in answer.text
    assert "Pilih lagi pindaiannya." in answer.text
    assert "<b>kenarimerah" not in answer.text
    assert _cases(client) == []
    assert client.post("/catat", LETTER).status_code == 302  # the same form, mended


@pytest.mark.parametrize("role", ["penelaah", "pengawas"])
def test_others_key_in_nothing(world: World, role: str) -> None:
    """Neither forms nor pages."""
    let_in(world, "sari", role)
    client = make_desk(world, "sari")
    for path in ("/catat", "/catat/tabel", "/catat/tanda-terima/1"):
        assert client.get(path).status_code == 409
    assert client.post("/catat", LETTER).status_code == 409
    table = {"origin": "surat", "file": (io.BytesIO(b"tanggal;uraian\n2026-03-02;x\n"), "a.csv")}
    assert client.post("/catat/tabel", table, content_type="multipart/form-data").status_code == 409
    assert _cases(client) == []


TABLE = b"tanggal;uraian\n2026-03-02;Satu\nkemarin;Rahasia\n2026-03-03;Dua\n"


def test_a_table_is_read_and_bad_rows_are_named(world: World) -> None:
    """By number and reason, never by what they hold; the second time nothing is doubled."""
    client = make_desk(world)
    for entered in (2, 0):
        table = {"origin": "lapor", "file": (io.BytesIO(TABLE), "register.csv")}
        page = client.post("/catat/tabel", table, content_type="multipart/form-data").text
        assert f"<dd>{entered}</dd>" in page
        assert '<td class="number">3</td>' in page
        assert "Rahasia" not in page
        assert "kemarin" not in page
    assert [case.origin for case in _cases(client)] == ["lapor", "lapor"]


def test_a_table_is_read_from_the_stick(world: World, tmp_path: Path) -> None:
    """By its place in the list; a path that a form brings is none."""
    stick = tmp_path / "stick"
    (stick / "arsip").mkdir(parents=True)
    (stick / "arsip" / "lama.CSV").write_bytes(TABLE)
    client = make_desk(world)
    client.desk.settings = replace(SETTINGS, workstation=replace(SETTINGS.workstation, stick=stick))
    assert "arsip/lama.CSV" in client.get("/catat/tabel").text
    for wrong in ("1", "-1", "../arsip/lama.CSV", ""):
        assert client.post("/catat/tabel", {"origin": "surat", "number": wrong}).status_code == 409
    assert client.post("/catat/tabel", {"origin": "surat", "number": "0"}).status_code == 200
    assert len(_cases(client)) == 2


def test_what_is_no_table_is_said(world: World) -> None:
    """A spreadsheet that was not saved as CSV changes nothing, and the choice of before stays."""
    client = make_desk(world)
    table = {"origin": "email", "file": (io.BytesIO(b"PK\x03\x04" + bytes(99)), "a.xlsx")}
    answer = client.post("/catat/tabel", table, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert '<option value="email" selected' in answer.text
    assert _cases(client) == []
