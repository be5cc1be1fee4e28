"""Attachments and members: each is looked at, cleaned and taken out alone, by its place and with its own hash."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import samples
from rows import mail as mails
from triage_world import PASSPHRASE, SETTINGS, TODAY, World, new_thread

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage import cli
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import findings
from dropbox.triage.evidence.clean import export_cleaned
from dropbox.triage.evidence.originals import export_original
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Listed
from dropbox.triage.evidence.source import Source
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]
NOTE = b"Rekening rahasia\n"


def nested() -> bytes:
    """A photo and a note in an archive, in a mail, in an archive."""
    inner = samples.archive({"foto.jpg": samples.photo(), "nota.txt": NOTE})
    letter = mails.multipart(b"mixed", mails.text(b"Lihat."), mails.attached(b"bukti.zip", inner))
    return samples.archive({"surat.eml": letter})


def test_a_part_is_shown_cleaned_and_taken_out_alone(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """Its pixels, its copy without metadata, its own bytes; each export is in the log with the hash of the part."""
    work = Work(vault, SETTINGS, TODAY)
    case = take_files(("bukti.zip", nested()))
    with Viewer(work, case, 1, "1.1.1") as viewer:
        assert viewer.page().png.startswith(b"\x89PNG")
    done = export_cleaned(work, case, 1, tmp_path, place="1.1.1")
    assert done.name == "ITJEN-0001-01-1.1.1.png"
    assert samples.CANARY.encode() not in (tmp_path / done.name).read_bytes()
    assert export_original(work, case, tmp_path, 1, "1.1.2").names == ["01-1.1.2-nota.txt"]
    assert (tmp_path / "01-1.1.2-nota.txt").read_bytes() == NOTE
    assert export_original(work, case, tmp_path, 1, "1.1.2").names == ["01-1.1.2-nota.txt"]  # it is there already
    logged = [line.details for line in audit_log.lines(vault) if line.action in ("file.export", "file.original")]
    hashes = [hashlib.sha256(data).hexdigest()[:16] for data in (samples.photo(), NOTE, NOTE)]
    assert [details["sha256"] for details in logged] == hashes
    assert [details.get("part") for details in logged[1:]] == ["1.1.2", "1.1.2"]


def test_a_part_has_its_own_hash_and_finds_its_double(take_files: Take, vault: Vault) -> None:
    """The attachment and the file that was sent alone have one hash."""
    work = Work(vault, SETTINGS, TODAY)
    case = take_files(
        ("surat.eml", mails.multipart(b"mixed", mails.attached(b"a.jpg", samples.photo()))), ("b.jpg", samples.photo())
    )
    findings.examine_files(work, case)
    file, double = casebook.files(vault, case)
    (part,) = findings.parts(vault, file)
    assert (part.place, part.sha256) == ("1", double.sha256)
    assert findings.same_files(vault, case, part) == [2]


@pytest.mark.parametrize("place", ["2", "1.2", "1.1.3", "0", "x", "1..1", "1.1.1.1"])
def test_a_place_that_is_not_there_is_refused(take_files: Take, vault: Vault, tmp_path: Path, place: str) -> None:
    """Nothing is written, and nothing is logged as taken out."""
    work = Work(vault, SETTINGS, TODAY)
    case = take_files(("bukti.zip", nested()))
    with pytest.raises(NotFoundError):
        export_original(work, case, tmp_path / "out", 1, place)
    assert not (tmp_path / "out").exists()
    assert not [line for line in audit_log.lines(vault) if line.action == "file.original"]


def test_who_is_kept_out_meanwhile_gets_no_original_part(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """While the sandbox takes the part out, other requests may use the vault: the permission is asked for again."""
    case = take_files(("bukti.zip", nested()))

    @contextlib.contextmanager
    def aside() -> Iterator[None]:
        with transaction(vault.db):
            vault.db.execute("insert into exclusions (case_number, officer, reason) values (1, 'kepala', 'named')")
        yield

    with pytest.raises(NotFoundError):
        export_original(Work(vault, SETTINGS, TODAY), case, tmp_path / "out", 1, "1.1.2", aside)
    assert not (tmp_path / "out").exists()
    assert not [line for line in audit_log.lines(vault) if line.action == "file.original"]


def test_one_locked_or_bursting_member_takes_only_itself(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A member of 80 MB in 80 kB is a bomb; its neighbour is read and taken out."""
    work = Work(vault, SETTINGS, TODAY)
    case = take_files(("a.zip", samples.archive({"besar": bytes(80 << 20), "kecil.txt": NOTE})))
    findings.examine_file(work, case, 1)
    (file,) = casebook.files(vault, case)
    assert [part.state for part in findings.parts(vault, file)] == ["bomb", findings.READ]
    with pytest.raises(UnreadableError) as caught:
        export_original(work, case, tmp_path, 1, "1")
    assert caught.value.reason == "bomb"
    assert export_original(work, case, tmp_path, 1, "2").names == ["01-2-kecil.txt"]


def test_beyond_the_limits_parts_are_counted(take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that are too many, too deep or too late are not examined, and the finding says how many."""
    work = Work(vault, SETTINGS, TODAY)
    monkeypatch.setattr(findings, "DEPTH_MAX", 2)
    case = take_files(("bukti.zip", nested()))
    findings.examine_file(work, case, 1)
    (file,) = casebook.files(vault, case)
    assert [(part.place, part.facts.get("parts-cut")) for part in findings.parts(vault, file)] == [
        ("1", None),
        ("1.1", 2),
    ]
    monkeypatch.setattr(findings, "PARTS_SECONDS", -1)
    late = take_files(("lain.zip", samples.archive({"a": "x", "b": "y"})))
    assert ("parts-cut", 2) in findings.examine_file(work, late, 1).notes


def test_the_command_line_names_parts_and_takes_one_out(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`examine` has place, name and hash of each; `extract --part` writes it; without a file it is refused."""
    thread = new_thread()
    with world.open() as vault:
        world.take(vault, [world.report(thread), world.file(thread, 1, nested(), "bukti.zip")])
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    vault_options = ("--vault", str(world.path()), "--passphrase-file", str(secret))
    assert cli.run(["examine", *vault_options]) == 0
    said = capsys.readouterr().err
    assert "ITJEN-0001, file 1, part 1.1.2: text" in said
    assert f"nota.txt, {len(NOTE)} bytes, SHA-256 {hashlib.sha256(NOTE).hexdigest()}" in said
    out = tmp_path / "out"
    assert cli.run(["extract", "1", "--file", "1", "--part", "1.1.2", "--to", str(out), *vault_options]) == 0
    assert (out / "01-1.1.2-nota.txt").read_bytes() == NOTE
    with world.open() as vault, pytest.raises(RefusedError, match="name the file"):
        case = casebook.find_case(vault, "1")
        export_original(Work(vault, SETTINGS, TODAY), case, out, place="1")


def test_what_a_container_states_as_empty_is_opened(
    take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are examined; a part without any is empty."""
    real = Source.parts

    def stated(source: Source) -> tuple[dict[str, int], list[Listed]]:
        facts, listed = real(source)
        return facts, [replace(one, size=0) for one in listed]

    monkeypatch.setattr(Source, "parts", stated)
    case = take_files(("bukti.zip", samples.archive({"a.txt": "Setoran", "b.txt": ""})))
    findings.examine_file(Work(vault, SETTINGS, TODAY), case, 1)
    found = findings.parts(vault, casebook.file_of(vault, case, 1))
    assert [(one.text, one.size, one.state) for one in found] == [("Setoran", 7, "read"), ("", 0, "empty")]


def test_nothing_is_kept_of_a_file_that_was_deleted_meanwhile(take_files: Take, vault: Vault) -> None:
    """No row is put for a hash that no message has."""
    case = take_files(("a.txt", b"Setoran"))
    file = casebook.file_of(vault, case, 1)
    found = findings.examine_stored(vault, file)
    with transaction(vault.db):
        vault.db.execute("delete from messages where file_sha256 = ?", (file.sha256,))
    findings.keep(vault, case.number, 1, file, found)
    assert findings.outlines(vault, file) == []
