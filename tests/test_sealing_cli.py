"""`dropbox seal`: what it writes is what browsers upload and desks open, and it refuses before it writes."""

import datetime
import hashlib
import io
import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dropbox.cli import main
from dropbox.crypto.private.opening import Opened, check, file_pieces
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, form_nonce, parse_secret
from dropbox.wire.calendar import day_of, epoch_of
from dropbox.wire.container import ContainerReader
from tests.support.desks import INSTANCE, FakeInspectorate
from tests.support.refused import each_refusal, refused

__all__ = ["refused"]

TODAY = day_of(datetime.datetime.now(datetime.UTC).date())


@dataclass
class Desk:
    """What lies on the table of somebody who seals."""

    folder: Path
    inspectorate: FakeInspectorate

    def lay(self, keyring: bytes | None = None) -> None:
        (self.folder / "kunci.dbxk").write_bytes(self.inspectorate.keyring() if keyring is None else keyring)
        (self.folder / "root.pub").write_bytes(self.inspectorate.anchor.encode())
        (self.folder / "text.txt").write_text("Diminta setoran.\r\nTiap bulan — é\n", "utf-8")

    def seal(self, *more: object, desk: str = "itjen", report: bool = True) -> int:
        names = {"--keyring": "kunci.dbxk", "--root-pub": "root.pub", "--text-file": "text.txt", "--to": "laporan.dbx"}
        fixed = [word for name, file in names.items() for word in (name, self.folder / file)]
        told = ["--channel", "wbs", "--category", "pungli", "--who", "Kepala", "--where", "Kota"] if report else []
        return main([str(word) for word in ("seal", *fixed, *(("--desk", desk) if desk else ()), *told, *more)])

    def container(self) -> list[tuple[bytes, bytes]]:
        """(blob id, blob) of each."""
        reader = ContainerReader(io.BytesIO((self.folder / "laporan.dbx").read_bytes()).read, INSTANCE)
        return [(entry.id, b"".join(reader.pieces())) for entry in reader.entries()]

    def opened(self, blob: bytes, desk: str = "itjen") -> Opened:
        key = self.inspectorate.desks[desk].epochs[epoch_of(TODAY)]
        return check(io.BytesIO(blob).read, len(blob), INSTANCE, desk, key)


@pytest.fixture
def table(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, FakeInspectorate(today=TODAY))
    desk.lay()
    return desk


def secret_in(shown: str) -> ReporterSecret:
    lines = dict(line.split(": ", 1) for line in shown.splitlines())
    return parse_secret(lines["code"], lines["words"])


def test_report_with_files(table: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The desk opens text and files byte for byte; code and words on the screen find them."""
    small, large = table.folder / "kecil.pdf", table.folder / "foto “x”.bin"
    small.write_bytes(b"1")
    large.write_bytes(os.urandom(3_000_001))
    assert table.seal("--when", "Januari", "--file", small, "--file", large) == 0
    keys = secret_in(capsys.readouterr().out).keys(INSTANCE, "itjen")
    blobs = table.container()
    assert [blob_id for blob_id, _ in blobs] == [keys.blob_id(form_nonce(FIRST_FORM, index, 0)) for index in range(3)]
    report, *files = [table.opened(blob) for _, blob in blobs]
    assert report.is_member
    assert report.message.thread == keys.thread
    assert report.message.fields == {
        "channel": "wbs", "category": "pungli", "what": "Diminta setoran.\nTiap bulan — é",
        "who": "Kepala", "where": "Kota", "when": "Januari",
    }  # fmt: skip
    for path, opened, (_, blob) in zip((small, large), files, blobs[1:], strict=True):
        assert (opened.message.name, opened.is_member) == (path.name, True)
        pieces = file_pieces(io.BytesIO(blob).read, len(blob), INSTANCE, opened.file_key)
        assert b"".join(pieces) == path.read_bytes()
    assert stat.S_IMODE((table.folder / "laporan.dbx").stat().st_mode) == 0o600


def test_short_report_with_answers(table: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Reader, channel and kind are what no answer stands for; the place comes from the lists; who reads it is told."""
    answers = {"unit-type": "kua", "x-province": "32", "evidence": "photo,letter", "p1-name": "Ani", "when": "Januari"}
    options = [word for name, value in answers.items() for word in ("--answer", f"{name}={value}")]
    assert table.seal("--who", "Kepala", *options, desk="", report=False) == 0
    assert "read by: itjen (Petugas pengaduan" in capsys.readouterr().out
    ((_, blob),) = table.container()
    assert table.opened(blob).message.fields == {
        "channel": "tidak-disebut", "category": "tidak-tahu", "what": "Diminta setoran.\nTiap bulan — é",
        "who": "Kepala", "where": "KUA kecamatan, Jawa Barat", "when": "Januari",
        "x-evidence": "photo,letter", "x-p1-name": "Ani", "x-province": "32", "x-unit-type": "kua",
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["unit-type", "lain=x", "unit-type=x", "evidence=photo,lain", "province=Jawa Barat"])
def test_answer_that_the_form_does_not_take(table: Desk, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown question or code is refused, with what it takes, and nothing is written."""
    assert table.seal("--answer", answer) == 1
    assert "--answer takes" in (told := capsys.readouterr().err) or "takes one of" in told
    assert not (table.folder / "laporan.dbx").exists()
    assert table.seal("--answer", "court=no", "--answer", "x-court=no") == 1


def test_addition_to_an_earlier_report(table: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """With code and words the text joins its thread, under a form of its own, and they are not printed again."""
    assert table.seal() == 0
    secret = secret_in(capsys.readouterr().out)
    (table.folder / "laporan.dbx").unlink()
    (table.folder / "words.txt").write_text(secret.words.upper() + "\n")
    assert table.seal("--code", secret.code, "--words-file", table.folder / "words.txt", report=False) == 0
    shown = capsys.readouterr().out
    assert secret.words not in shown
    ((blob_id, blob),) = table.container()
    opened = table.opened(blob)
    assert (opened.message.kind, opened.message.thread) == ("addition", secret.keys(INSTANCE, "itjen").thread)
    assert blob_id != secret.keys(INSTANCE, "itjen").blob_id(bytes(16))


@pytest.mark.parametrize(
    ("more", "desk", "code"),
    [((), "lain", 1), (("--who", " "), "itjen", 1), (("--file", "/nonexistent"), "itjen", 1),
     (("--file", "/dev/null"), "itjen", 1),
     (("--channel", "x"), "itjen", 2), (("--code", "x"), "itjen", 2), (("--who", "x" * 100_001), "itjen", 1)],
)  # fmt: skip
def test_what_cannot_be_sealed(table: Desk, more: tuple[str, ...], desk: str, code: int) -> None:
    """A wrong use is 2, a refusal 1, and nothing is written."""
    assert table.seal(*more, desk=desk) == code
    assert [path.name for path in table.folder.iterdir() if "laporan" in path.name] == []


def test_nothing_is_overwritten(table: Desk) -> None:
    """A container that is there stays as it is."""
    assert table.seal() == 0
    before = hashlib.sha256((table.folder / "laporan.dbx").read_bytes()).digest()
    assert table.seal() == 1
    assert hashlib.sha256((table.folder / "laporan.dbx").read_bytes()).digest() == before


def bad_keyrings(here: FakeInspectorate) -> dict[str, bytes]:
    good = [desk.key_bundle() for desk in here.desks.values()]
    other = FakeInspectorate(today=TODAY)
    ahead = replace(here.desks["itjen"], today=TODAY + 3)
    late = FakeInspectorate(root=here.root, today=TODAY - 91)
    stations = sorted(desk.station.public for desk in here.desks.values())
    return {
        "forged": other.keyring(),
        "expired": here.keyring([desk.key_bundle() for desk in late.desks.values()]),
        "revoked": here.keyring(revocations=here.revocations(2, *stations)),
        "order": here.keyring(good[::-1]),
        "twice": here.keyring([good[0], good[0]]),
        "none": here.keyring([]),
        "longer": here.keyring() + b"x",
        "shorter": here.keyring()[:-1],
        "flipped": here.keyring([good[0][:-1] + bytes([good[0][-1] ^ 1]), good[1]]),
        "no list": here.keyring(revocations=b""),
        "forged list": here.keyring(revocations=other.revocations()),
        "old list": here.keyring(revocations=here.revocations(made=TODAY - 101)),
        "list to come": here.keyring(revocations=here.revocations(made=TODAY + 3)),
        "made ahead": here.keyring([good[0], ahead.key_bundle()]),
        "empty": b"",
    }


@pytest.mark.parametrize("bad", sorted(bad_keyrings(FakeInspectorate(today=TODAY))))
def test_keyrings_that_are_refused(table: Desk, bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Only the keyring that the pinned root stands for today is sealed under."""
    table.lay(bad_keyrings(table.inspectorate)[bad])
    assert table.seal() == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err.startswith("dropbox: ")) == ("", True)
    assert not (table.folder / "laporan.dbx").exists()


def test_a_saved_page_is_no_keyring(table: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A web page in place of the keyring is called a page, with the address of the right file."""
    table.lay(b"\n<!DOCTYPE html><title>Kunci</title>")
    assert table.seal() == 1
    assert "/data/kunci-lengkap" in capsys.readouterr().err


def test_a_revoked_desk_has_no_slot(table: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said to be closed before anything is sealed; the other desk moves up, as in the browser."""
    revoked = table.inspectorate.revocations(2, table.inspectorate.desks["irjen"].station.public)
    table.lay(table.inspectorate.keyring(revocations=revoked))
    assert table.seal(desk="irjen") == 1
    assert "irjen has no key" in capsys.readouterr().err
    assert not (table.folder / "laporan.dbx").exists()
    assert table.seal() == 0
    assert table.container()[0][1][5] == 1


@each_refusal
def test_a_place_that_refuses_is_named(
    table: Desk, refused: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container to, or a file from, a path that the system refuses ends with a sentence, and nothing is written."""
    monkeypatch.delenv("DROPBOX_DEBUG", raising=False)
    for option in ("--to", "--file", "--keyring"):
        assert table.seal(option, refused) == 1
        said = capsys.readouterr().err
        assert (bool(said), "internal error" in said) == (True, False), said
    assert not list(table.folder.glob("**/*.partial"))
