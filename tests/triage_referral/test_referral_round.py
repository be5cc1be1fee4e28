"""From the case to two receivers and back: what they get, what they cannot see, what the reporter reads."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import samples
from referral_world import STORY, SUMMARY, Office
from triage_world import PASSPHRASE, SETTINGS, TODAY, World, published

from dropbox.errors import (
    DamagedError,
    DropboxError,
    MalformedError,
    NotForThisKeyError,
    NotFoundError,
    RefusedError,
    StorageFullError,
    UntrustedError,
)
from dropbox.triage.cases import audit_log
from dropbox.triage.casework.outgoing import preview, withdrawal
from dropbox.triage.referral import answers, build, marks, receivers
from dropbox.triage.tables import events
from dropbox.triage.vault.work import Work
from dropbox.wire import json_schema
from dropbox.wire.dossier import PREFIX_BYTES
from tests.support.like_windows import like_windows

Make = Callable[..., Office]


def test_a_receiver_at_windows_opens_and_answers(office: Make, world: World) -> None:
    """With nothing of POSIX a dossier with a cleaned picture opens into a whole folder, and an answer is written."""
    here = office(("IMG Budi.jpg", samples.photo()))
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    body, receiver = here.body()
    dossier, _ = here.sealed(receiver.number, with_files=True)
    home = body.folder
    (home / "root.pub").write_bytes(world.anchor.encode())
    (home / "sandi").write_text(PASSPHRASE)
    known = ["--key", home / "kunci", "--root", home / "root.pub", "--passphrase-file", home / "sandi"]
    answer = ["--number", "R-1/2026", "--result", "received", "--to", home / "jawaban"]
    opened = ["referral", "open", dossier, *known, "--to", home / "kasus"]
    codes, said = like_windows(home, opened, ["referral", "answer", dossier, *known, *answer], opened, today=TODAY)
    assert codes == [0, 0, 1], said
    names = sorted(str(path.relative_to(home / "kasus")) for path in (home / "kasus").rglob("*") if path.is_file())
    assert names == ["SHA256SUMS", "bukti/001.png", "rujukan.json", "rujukan.pdf", "surat.pdf"]
    assert (home / "jawaban").is_file()


def test_two_receivers_read_and_answer(office: Make, world: World) -> None:
    """Each opens its own dossier alone, and both answers come back into the case and onto the board."""
    here = office(("IMG Budi.jpg", samples.photo()), ("rahasia.txt", b"Saya, Budi, menulis ini."))
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 2, marks.POINTS)
    kpk, at_kpk = here.body()
    ori, at_ori = here.body("ori", "ombudsman")
    first, made = here.sealed(at_kpk.number, with_files=True)
    second, _ = here.sealed(at_ori.number, request="koordinasi")
    assert made.sha256 == hashlib.sha256(first.read_bytes()).digest()
    assert STORY.encode() not in first.read_bytes()

    for body, wrong in ((kpk, second), (ori, first)):
        with pytest.raises(NotForThisKeyError):
            body.open(wrong, world)
    got = kpk.open(first, world)
    names = sorted(str(path.relative_to(got)) for path in got.rglob("*") if path.is_file())
    assert names == ["SHA256SUMS", "bukti/001.png", "rujukan.json", "rujukan.pdf", "surat.pdf"]
    facts = json_schema.parse((got / "rujukan.json").read_bytes())
    assert (facts["ringkasan"], facts["nomor_register"], facts["anonim"]) == (SUMMARY, here.case.agenda, True)
    assert facts["persetujuan_pelapor"] == {"jawaban": "belum", "bulan": ""}
    assert "kanal" not in facts
    (evidence,) = facts["bukti"]
    assert evidence["sha256"] == hashlib.sha256((got / evidence["nama"]).read_bytes()).hexdigest()
    assert evidence["sha256_asli"] == hashlib.sha256(samples.photo()).hexdigest()
    everything = b"".join(path.read_bytes() for path in got.rglob("*") if path.is_file())
    assert not any(word in everything for word in (b"Budi", STORY.encode(), samples.CANARY.encode(), b"wbs"))
    assert {path.stat().st_mode & 0o077 for path in got.rglob("*")} == {0}
    assert (ori.open(second, world) / "surat.pdf").read_bytes().startswith(b"%PDF-")

    case, is_new = answers.take(
        Work(here.vault, SETTINGS, TODAY), kpk.answer(first, world, number="B-7/2026", result="received")
    )
    assert (case.number, is_new) == (1, True)
    asked = ori.answer(second, world, result="returned", question="Tahun berapa?", remark="Bukan wewenang kami.")
    assert answers.take(Work(here.vault, SETTINGS, TODAY), asked)[1]
    (one,), (other,) = answers.of_referral(here.vault, 1), answers.of_referral(here.vault, 2)
    assert (one.reference, one.result) == ("B-7/2026", "received")
    assert (other.question, other.remark) == ("Tahun berapa?", "Bukan wewenang kami.")

    entries = published(world, here.vault).timeline(world, here.thread)
    assert entries is not None
    assert here.case.status == "DILIMPAHKAN"
    told = " ".join(entry.text for entry in entries)
    for sentence in ("kami teruskan ke instansi", "sudah menerima ringkasan", "mengembalikan laporan ini"):
        assert sentence in told
    assert not any(word in told for word in ("KPK", "Ombudsman", "B-7", "Tahun berapa", "wewenang kami"))
    lines = [line for line in audit_log.lines(here.vault, 1) if line.action.startswith("refer")]
    assert [line.details.get("did") for line in lines if "did" in line.details] == [
        *("mark", "mark", "sealing", "seal", "sealing", "seal", "answer", "answer"),
    ]
    assert SUMMARY not in json.dumps([line.details for line in lines])


def test_the_same_answer_comes_in_once_and_two_are_kept(office: Make, world: World) -> None:
    """A file that is brought twice changes nothing; what differs is added, the older stays."""
    here = office()
    kpk, receiver = here.body()
    dossier, _ = here.sealed(receiver.number)
    answer = kpk.answer(dossier, world, result="working")
    assert answers.take(Work(here.vault, SETTINGS, TODAY), answer)[1]
    before = here.board()
    for again in (answer, kpk.answer(dossier, world, result="working")):
        assert not answers.take(Work(here.vault, SETTINGS, TODAY), again)[1]
    assert here.board() == before
    assert answers.take(Work(here.vault, SETTINGS, TODAY), kpk.answer(dossier, world, result="found"))[1]
    assert [one.result for one in answers.of_referral(here.vault, 1)] == ["working", "found"]


def test_what_an_answer_told_is_taken_back(office: Make, world: World) -> None:
    """The message goes, the answer stays; what the sealing told stays with its reason, and the agenda number before."""
    here = office()
    work = Work(here.vault, SETTINGS, TODAY)
    kpk, receiver = here.body()
    dossier, _ = here.sealed(receiver.number)
    assert [code for _, _, code, _ in events.bound(here.vault.db, here.vault.officer.login)] == ["import", "sealed"]
    assert withdrawal.newest(work, here.case) is None
    before = here.board()
    answer = kpk.answer(dossier, world, result="working")
    shown = preview.told(work, lambda: answers.take(work, answer))
    assert answers.take(work, answer)[1]
    assert here.board() == [*before, *(entry.text for one in shown for entry in one.entries)]
    told = withdrawal.newest(work, here.case)
    assert told is not None
    withdrawal.withdraw(work, told)
    assert here.board() == before
    assert [one.result for one in answers.of_referral(here.vault, 1)] == ["working"]


def test_answers_that_do_not_count(office: Make, world: World) -> None:
    """About another dossier, altered, of a second key, dated ahead, of a retired receiver: nothing comes in."""
    here = office()
    kpk, receiver = here.body()
    other, at_other = here.body("lain", "lain")
    dossier, _ = here.sealed(receiver.number)
    theirs, _ = here.sealed(at_other.number, request="informasi")
    good = kpk.answer(dossier, world, result="received")
    bad: list[tuple[bytes, type[DropboxError]]] = [
        (b"", MalformedError),
        (good[:-1], MalformedError),
        (good[:-1] + bytes([good[-1] ^ 1]), DamagedError),
        (good[:5] + os.urandom(16) + good[21:], NotFoundError),
        (good[:5] + other.answer(theirs, world, result="found")[5:21] + good[21:], DamagedError),
        (kpk.answer(dossier, world, TODAY + 2, result="found"), UntrustedError),
    ]
    for untrusted, error in bad:
        with pytest.raises(error):
            answers.take(Work(here.vault, SETTINGS, TODAY), untrusted)
    receivers.retire(Work(here.vault, SETTINGS, TODAY), receiver.number)
    with pytest.raises(RefusedError, match="retired"):
        answers.take(Work(here.vault, SETTINGS, TODAY), good)
    assert answers.of_referral(here.vault, 1) == []


def test_a_broken_dossier_leaves_nothing_behind(office: Make, world: World) -> None:
    """Altered, cut, of an unknown schema, onto a full disk or an old folder: clear words, and no file of it."""
    here = office()
    kpk, receiver = here.body()
    dossier, _ = here.sealed(receiver.number)
    good = dossier.read_bytes()
    broken = here.folder / "rusak.dbx"
    for data in (good[:PREFIX_BYTES], good[:-1], good + b"\0", good[:-9] + bytes(9), b"PK" + good[2:]):
        broken.write_bytes(data)
        with pytest.raises((MalformedError, DamagedError)):
            kpk.open(broken, world)
    (kpk.folder / "lama").mkdir()
    with pytest.raises(RefusedError, match="already"):
        kpk.open(dossier, world, "lama")
    assert sorted(path.name for path in kpk.folder.iterdir()) == ["kunci", "lama"]


def test_a_full_disk_leaves_no_folder(office: Make, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written before the disk was full goes as well."""
    here = office()
    kpk, receiver = here.body()
    dossier, _ = here.sealed(receiver.number)

    def full(*_: object, **__: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dropbox.receiver.files.write_verified", full)
    with pytest.raises(StorageFullError, match="No space"):
        kpk.open(dossier, world)
    assert [path.name for path in kpk.folder.iterdir()] == ["kunci"]


@pytest.mark.parametrize(
    ("version", "words"), [("3", "newer program"), ('"1"', "newer program"), ("true", "newer program")]
)
def test_unknown_schema_versions_are_told(version: str, words: str) -> None:
    """A dossier of the future is not half-understood."""
    with pytest.raises(MalformedError, match=words):
        json_schema.parse(b'{"versi_skema": %s}' % version.encode())


def test_the_published_schema_has_no_word_that_is_not_checked() -> None:
    """Each keyword of the schema is one that the check knows, and every object forbids other names."""
    told = {"$schema", "$id", "title", "description", "additionalProperties"}

    def look(schema: dict[str, object]) -> None:
        assert set(schema) - told <= set(json_schema._KEYWORDS)
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
        for one in schema.get("properties", {}).values():  # type: ignore[attr-defined]
            look(one)
        if "items" in schema:
            look(schema["items"])  # type: ignore[arg-type]

    look(json.loads(json_schema.schema_bytes()))


def test_sealing_again_tells_nobody(office: Make) -> None:
    """A lost stick is made good without a second message; nothing in the folder is overwritten."""
    here = office()
    _, receiver = here.body()
    dossier, made = here.sealed(receiver.number)
    told = here.board()
    with pytest.raises(RefusedError, match="overwritten"):
        build.make(Work(here.vault, SETTINGS, TODAY), 1, here.out)
    dossier.unlink()
    again = build.make(Work(here.vault, SETTINGS, TODAY), 1, here.out)
    assert again.sha256 != made.sha256
    assert here.board() == told


def test_a_dossier_whose_note_failed_is_in_the_log(office: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file leaves without a trace: the line stands before the file does."""
    here = office()
    referral = here.approved(here.body()[1].number)
    monkeypatch.setattr(build, "tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build.make(Work(here.vault, SETTINGS, TODAY), referral.number, here.out)
    assert len(list(here.out.iterdir())) == 1
    assert list(audit_log.lines(here.vault))[-1].details == {"did": "sealing", "referral": referral.number}


def test_plaintext_never_lies_on_a_disk(office: Make, tmp_path: Path) -> None:
    """Beside the sealed file there is no file, whole or partial, when a dossier was made."""
    here = office(("a.txt", b"KENARIHIJAU"))
    marks.mark(Work(here.vault, SETTINGS, TODAY), here.case, 1, marks.GO)
    _, receiver = here.body()
    here.sealed(receiver.number, with_files=True)
    assert [path.suffix for path in here.out.iterdir()] == [".dbx"]
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"KENARIHIJAU" in path.read_bytes()]
    assert found == []


def test_a_receiver_is_told_apart_from_a_forger(office: Make, world: World) -> None:
    """A station that the pinned root did not certify makes no dossier that opens."""
    here = office()
    kpk, receiver = here.body()
    dossier, _ = here.sealed(receiver.number)
    elsewhere = World(here.folder / "lain")
    with pytest.raises((MalformedError, UntrustedError)):
        kpk.open(dossier, elsewhere)
