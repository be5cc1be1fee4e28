"""Cases at the command line: registers from CSV, what follows from them, and reading a case."""

import json

import pytest
from cases_world import take
from triage_world import CHEAP, PASSPHRASE, SETTINGS, TODAY, World, announced, new_thread

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import parse_secret
from dropbox.errors import DropboxError, RefusedError
from dropbox.triage import decisions
from dropbox.triage.access import identity, officers
from dropbox.triage.access.identity import Credentials
from dropbox.triage.cases import casebook
from dropbox.triage.casework import claims, due, letters, merging, refusal, resetting, retention
from dropbox.triage.cli import run
from dropbox.triage.intake import manual_entry
from dropbox.triage.intake.manual_entry import Scan, Typed
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.vault import Vault
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


def test_identities_are_shared_with_a_new_officer(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Two passphrases open the name, one does not; the command shares it anew."""
    with desk.open() as vault:
        case = casebook.find_case(vault, "1")
        (number,) = identity.numbers(vault, case)
        work = Work(vault, SETTINGS, TODAY)
        both = (Credentials("kepala", PASSPHRASE), Credentials("budi", OTHER))
        with pytest.raises(RefusedError):
            identity.open_together(work, number, (both[0], both[0]), "consent")
        announced(vault, "consent")
        assert identity.open_together(work, number, both, "consent") == "Siti"
    assert _run(desk, "identity", "share") == 2
    second = ["--with", "budi", "--second-passphrase-file", str(desk.folder / "budi")]
    assert _run(desk, "identity", "share", *second) == 0
    assert "identities were shared anew" in capsys.readouterr().err


def test_a_walk_in_and_their_claim(desk: World) -> None:
    """Code and words are given once, on paper too; with them a claim is made that the desk checks once."""
    scan = desk.folder / "surat.pdf"
    scan.write_bytes(b"%PDF-1.7")
    with desk.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        scans = (Scan(scan, scan.name, "application/pdf"),)
        entered = manual_entry.enter(
            work, Typed("langsung", TODAY, "wbs", "tidak-tahu", {"what": "Ada setoran"}, scans=scans)
        )
        assert entered.secret.code in letters.receipt_page(SETTINGS, entered.secret, TODAY).code
        case = casebook.find_case(vault, "2")
        assert len(casebook.files(vault, case)) == 1
        secret = parse_secret(entered.secret.code, entered.secret.words)
        challenge = claims.challenge(work, case)
        made = make_claim(secret, desk.anchor.instance, "itjen", challenge, "Saya yang menulis.")
        assert claims.check(work, case, made) == "Saya yang menulis."
        with pytest.raises(DropboxError):
            claims.check(work, case, made)


def test_a_register_and_what_is_due(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad rows are named and make the exit code 1; what came long ago is overdue at once, and not yet to be deleted."""
    rows = b"tanggal;uraian\n2026-01-05;Satu\nkemarin;Dua\n"
    assert _run(desk, "import-csv", _file(desk, "lama.csv", rows), "--origin", "lapor") == 1
    assert "row 3 was left out" in capsys.readouterr().err
    with desk.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        assert [(case.name, case.status) for case in due.overdue(work)] == [("ITJEN-0002", "DITERIMA")]
        refusal.to_service(work, casebook.find_case(vault, "2"))
        assert retention.spent(work) == []
        with pytest.raises(RefusedError):
            retention.propose(work, casebook.find_case(vault, "2"))
        with pytest.raises(DropboxError):
            retention.propose_epoch(work, 1)
        assert casebook.find_case(vault, "2").category == "pelayanan"
        assert casebook.find_case(vault, "2").sent < TODAY


def test_a_letter_for_whom_nothing_was_proven(desk: World) -> None:
    """After the end, which the command `answer` may bring; not before."""
    letter = letters.Clearing("Uji", "Uji", "Uji", "Uji", "Uji", "Uji", "Jakarta")
    with desk.open() as vault, pytest.raises(RefusedError):
        letters.clear(Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1"), letter)
    assert _run(desk, "answer", "1", "--status", "SELESAI_TIDAK", "--text-file", _file(desk, "a.txt", b"Selesai.")) == 0
    with desk.open() as vault:
        made = letters.clear(Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "1"), letter)
    assert made.startswith(b"%PDF-")


def test_wrong_use_is_two(desk: World) -> None:
    """With the usage on stderr; a task that only a page does is no command."""
    assert _run(desk, "identity", "fly") == 2
    assert _run(desk, "import-csv") == 2
    assert _run(desk, "answer", "1") == 2
    assert _run(desk, "approve", "1") == 2


def test_two_officers_forget_the_newest_export(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """An unsigned export and an older one are said in words; proposed by one and approved by another, it counts."""
    export = _file(desk, "unsigned", desk.export([], number=9, sign=lambda _: bytes(64)))
    assert _run(desk, "import", export) == 1
    assert "the server's key did not sign it" in " ".join(capsys.readouterr().err.split())
    (desk.folder / "older").write_bytes(desk.export([], number=9, day=TODAY - 1))
    older = str(desk.folder / "older")
    assert _run(desk, "import", older) == 0
    assert "not newer than number 1-0001 of" in capsys.readouterr().err
    with desk.open() as vault:
        work = Work(vault, SETTINGS, TODAY)
        number = resetting.propose(work)
        with pytest.raises(RefusedError):
            decisions.approve(work, number)
    with Vault.open(desk.path(), "budi", OTHER) as vault:
        work = Work(vault, SETTINGS, TODAY)
        assert [one.action for one in decisions.waiting(work)] == ["export-reset"]
        decisions.approve(work, number)
    capsys.readouterr()
    assert _run(desk, "import", older) == 0
    assert "not newer" not in capsys.readouterr().err


def test_show_shows_what_it_marks_as_read(desk: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What was merged into a case is read with it, so that it must stand there too."""
    with desk.open() as vault:
        take(desk, vault, number=2, what="Uang seragam lima ratus ribu", who="Sutrisno")
        merging.merge(Work(vault, SETTINGS, TODAY), casebook.find_case(vault, "2"), casebook.find_case(vault, "1"))
    assert _run(desk, "show", "1") == 0
    assert "Uang seragam" in capsys.readouterr().out
    assert _run(desk, "show", "1", "--json") == 0
    assert [one["case"] for one in json.loads(capsys.readouterr().out)["merged"]] == ["ITJEN-0002"]
