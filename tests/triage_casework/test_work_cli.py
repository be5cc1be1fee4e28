"""The work on cases at the command line, as two officers do it."""

from pathlib import Path

import pytest
from triage_world import CHEAP, PASSPHRASE, SETTINGS, TODAY, World, new_thread

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import parse_secret
from dropbox.triage.access import officers
from dropbox.triage.cases import casebook
from dropbox.triage.cli import run
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.work import Work

OTHER = "enam kata lain untuk uji"


@pytest.fixture
def desk(world: World) -> World:
    """A vault with two officers and one report; passphrase files `kepala` and `budi`."""
    with world.open() as vault:
        officers.add(Work(vault, SETTINGS, TODAY), NewOfficer("budi", "Budi", ("irjen",), OTHER), CHEAP)
        world.take(vault, [world.report(new_thread(), record={"protection": b"career", "identity": b"Siti"})])
    for login, words in (("kepala", PASSPHRASE), ("budi", OTHER)):
        path = world.folder / login
        path.write_text(words + "\n")
        path.chmod(0o600)
    return world


def _run(world: World, *words: str, who: str = "kepala") -> int:
    return run([*words, "--vault", str(world.path()), "--officer", who, "--passphrase-file", str(world.folder / who)])


def _file(world: World, name: str, data: bytes) -> str:
    path = world.folder / name
    path.write_bytes(data)
    return str(path)


def test_two_officers_refuse(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Proposed, listed, declined once, proposed again, approved by the other."""
    assert _run(desk, "refuse", "1", "--reason", "court") == 1
    assert "court's case" in capsys.readouterr().err
    court = ["refuse", "1", "--reason", "court", "--reference", "12/Pid/2026"]
    assert _run(desk, *court) == 0
    assert _run(desk, "approve", "1") == 1
    assert _run(desk, "proposals", who="budi") == 0
    assert "refuse  ITJEN-0001  reason=court reference=12/Pid/2026" in capsys.readouterr().out
    assert _run(desk, "decline", "1", who="budi") == 0
    assert _run(desk, *court) == 0
    assert _run(desk, "approve", "2", who="budi") == 0
    assert _run(desk, "approve", "2", who="budi") == 1
    with desk.open() as vault:
        assert casebook.find_case(vault, "1").status == "DITOLAK"


def test_protection_and_identity(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The request is listed and answered; two passphrases open the name, one does not."""
    assert _run(desk, "protect", "list") == 0
    assert "ITJEN-0001  career" in capsys.readouterr().out
    assert _run(desk, "protect", "answer", "1", "--outcome", "granted") == 0
    assert _run(desk, "protect", "open", "1", "--kind", "legal") == 0
    assert _run(desk, "protect", "say", "2", "--text-file", _file(desk, "say.txt", b"Kami urus.")) == 0
    assert _run(desk, "protect", "answer", "x") == 1
    assert _run(desk, "identity", "open", "1", "--reason", "consent") == 1
    both = ["--with", "budi", "--second-passphrase-file", str(desk.folder / "budi")]
    assert _run(desk, "identity", "open", "1", "--reason", "consent", *both) == 0
    assert capsys.readouterr().out == "Siti\n"
    assert _run(desk, "identity", "share", *both) == 0
    assert _run(desk, "identity", "seal", "1", "--text-file", _file(desk, "who.txt", b"Amir")) == 0


def test_a_walk_in_and_their_claim(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Code and words are printed once; with them a claim is made that the desk checks."""
    what, scan = _file(desk, "what.txt", b"Ada setoran"), _file(desk, "surat.pdf", b"%PDF-1.7")
    paper = desk.folder / "receipt.pdf"
    entry = ["--what-file", what, "--scan", scan, "--channel", "wbs", "--receipt", str(paper)]
    assert _run(desk, "enter", "--origin", "langsung", *entry) == 0
    assert paper.read_bytes().startswith(b"%PDF-")
    code, words = capsys.readouterr().out.splitlines()
    assert _run(desk, "claim-challenge", "2") == 0
    challenge = bytes.fromhex(capsys.readouterr().out)
    made = make_claim(parse_secret(code, words), desk.anchor.instance, "itjen", challenge, "Saya yang menulis.")
    assert _run(desk, "claim-check", "2", _file(desk, "claim", made)) == 0
    assert capsys.readouterr().out == "Saya yang menulis.\n"
    assert _run(desk, "claim-check", "2", _file(desk, "claim", made)) == 1


def test_a_register_and_what_is_due(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad rows are named and make the exit code 1; what came long ago is overdue at once."""
    rows = b"tanggal;uraian\n2026-01-05;Satu\nkemarin;Dua\n"
    assert _run(desk, "import-csv", _file(desk, "lama.csv", rows), "--origin", "lapor") == 1
    assert "row 3 was left out" in capsys.readouterr().err
    assert _run(desk, "due") == 0
    assert "ITJEN-0002  DITERIMA" in capsys.readouterr().out
    assert _run(desk, "service", "2") == 0
    assert _run(desk, "delete") == 0
    assert _run(desk, "delete", "2") == 1
    assert _run(desk, "delete", "--epoch", "1") == 1
    with desk.open() as vault:
        assert casebook.find_case(vault, "2").category == "pelayanan"
        assert casebook.find_case(vault, "2").sent < TODAY


def test_a_letter_for_whom_nothing_was_proven(desk: World) -> None:
    """After the end, not before."""
    letter = desk.folder / "surat.pdf"
    names = ("name", "position", "unit", "number", "signer", "signer-title")
    fields = [word for name in names for word in (f"--{name}", "Uji")]
    assert _run(desk, "clear", "1", str(letter), *fields) == 1
    assert _run(desk, "answer", "1", "--status", "SELESAI_TIDAK", "--text-file", _file(desk, "a.txt", b"Selesai.")) == 0
    assert _run(desk, "clear", "1", str(letter), *fields) == 0
    assert letter.read_bytes().startswith(b"%PDF-")


def test_wrong_use_is_two(desk: World, tmp_path: Path) -> None:
    """With the usage on stderr."""
    assert _run(desk, "protect", "fly") == 2
    assert _run(desk, "enter", "--what-file", "x") == 2
    assert _run(desk, "approve", "x") == 2


def test_two_officers_forget_the_newest_export(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """An unsigned export and an older one are said in words; proposed by one and approved by another, it counts."""
    export = _file(desk, "unsigned", desk.export([], number=9, sign=lambda _: bytes(64)))
    assert _run(desk, "import", export) == 1
    assert "the server's key did not sign it" in " ".join(capsys.readouterr().err.split())
    (desk.folder / "older").write_bytes(desk.export([], number=9, day=TODAY - 1))
    older = str(desk.folder / "older")
    assert _run(desk, "import", older) == 0
    assert "not newer than number 1 of" in capsys.readouterr().err
    assert _run(desk, "reset-export") == 0
    assert _run(desk, "approve", "1") == 1
    assert _run(desk, "proposals", who="budi") == 0
    assert "export-reset" in capsys.readouterr().out
    assert _run(desk, "approve", "1", who="budi") == 0
    capsys.readouterr()
    assert _run(desk, "import", older) == 0
    assert "not newer" not in capsys.readouterr().err
