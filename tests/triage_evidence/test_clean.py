"""What leaves the vault: cleaned by default, the original on purpose and in the log."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import samples
from PIL import Image
from triage_world import SETTINGS, TODAY

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import copies, jobs
from dropbox.triage.evidence.clean import export_cleaned
from dropbox.triage.evidence.originals import export_original
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]


def acts(vault: Vault, action: str) -> list[dict[str, object]]:
    """Details of the log's lines of an act."""
    return [line.details for line in audit_log.lines(vault) if line.action == action]  # type: ignore[misc]


def test_a_photo_loses_what_it_tells(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """Pixels stay, place and camera go; the copy is private and has a name of ours."""
    case = take_files(("IMG Budi.jpg", samples.photo(turned=True)))
    done = export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out")
    assert (done.name, done.pages, done.notes) == ("ITJEN-0001-01.png", 1, ())
    path = tmp_path / "out" / done.name
    assert path.stat().st_mode & 0o777 == 0o600
    raw = path.read_bytes()
    assert samples.CANARY.encode() not in raw
    with Image.open(io.BytesIO(raw)) as image:
        assert (image.size, dict(image.getexif()), image.info) == ((40, 60), {}, {})
    (details,) = acts(vault, "file.export")
    (file,) = casebook.files(vault, case)
    assert details == {"file": 1, "kind": "jpeg", "sha256": file.sha256.hex()[:16]}


def test_documents_become_pictures_of_their_pages(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """PDF, Word and a picture of several pages: a PDF without text, author or script."""
    case = take_files(
        ("a.pdf", samples.pdf(pages=2, extra=samples.PDF_WITH_SCRIPT)),
        ("a.docx", samples.docx_with_remote_template()),
        ("a.tif", samples.pages_of_pictures(3)),
    )
    for number, pages in ((1, 2), (2, 1), (3, 3)):
        done = export_cleaned(Work(vault, SETTINGS, TODAY), case, number, tmp_path)
        assert (done.name, done.pages) == (f"ITJEN-0001-0{number}.pdf", pages)
        raw = (tmp_path / done.name).read_bytes()
        assert not any(word in raw for word in (samples.CANARY.encode(), b"JavaScript", b"http", b"Author"))
        document = pypdfium2.PdfDocument(raw)
        assert len(document) == pages
        assert document[0].get_textpage().get_text_bounded() == ""


def test_a_long_document_is_cut_and_says_so(
    take_files: Take, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that is not whole is called so."""
    monkeypatch.setattr(copies, "CLEAN_PAGES_MAX", 2)
    case = take_files(("a.tif", samples.pages_of_pictures(3)))
    done = export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path)
    assert (done.pages, done.notes) == (2, (("pages-cut", 2),))
    assert len(pypdfium2.PdfDocument((tmp_path / done.name).read_bytes())) == 2


@pytest.mark.parametrize("name", ["a.mp4", "a.mp3", "a.ogg", "a.m4a", "a.wav"])
def test_recordings_are_encoded_anew(take_files: Take, vault: Vault, tmp_path: Path, name: str) -> None:
    """The copy has film and sound of its own codecs, not the sender's; title, place and encoder's notes are gone."""
    case = take_files((name, samples.recording(tmp_path, name)))
    done = export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out")
    assert (done.name, done.notes) == ("ITJEN-0001-01.webm", ())
    raw = (tmp_path / "out" / done.name).read_bytes()
    assert samples.CANARY.encode() not in raw
    assert b"106" not in raw[:4096]
    assert b"x264" not in raw
    had, has = streams(tmp_path / name), streams(tmp_path / "out" / done.name)
    assert has == (["opus", "vp8"] if len(had) == 2 else ["opus"])


def test_a_copy_that_ends_before_its_recording_says_so(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """From a place on, nothing of the film can be decoded: the copy stops there, and both notes are with it."""
    path = tmp_path / "film.mp4"
    made = ("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=8", "-c:v", "mpeg4", "-movflags", "+faststart")
    subprocess.run(["ffmpeg", "-v", "error", *made, str(path)], check=True)
    whole = path.read_bytes()
    case = take_files(("film.mp4", whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2)))
    notes = dict(export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out").notes)
    assert 2 <= notes["copy-shorter"] <= 6
    assert notes["broken-places"] > 0


def streams(path: Path) -> list[str]:
    """Names of a recording's codecs, sorted."""
    options = ["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    done = subprocess.run(["ffprobe", *options, str(path)], capture_output=True, text=True, check=True)
    return sorted(done.stdout.split())


def test_a_speech_note_of_an_old_telephone(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """AMR goes the same way."""
    case = take_files(("a.amr", samples.speech_note()))
    assert export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path).name.endswith(".webm")


def test_texts_are_texts(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A web page comes out as the words that a browser shows; a mail as its words."""
    case = take_files(("a.html", samples.PAGE), ("a.eml", samples.MAIL))
    names = [export_cleaned(Work(vault, SETTINGS, TODAY), case, number, tmp_path).name for number in (1, 2)]
    assert names == ["ITJEN-0001-01.txt", "ITJEN-0001-02.txt"]
    assert (tmp_path / names[0]).read_bytes() == b"Pungutan\n"


@pytest.mark.parametrize(("data", "reason"), [(samples.PROGRAM, "unsupported"), (b"", "empty")])
def test_what_cannot_be_cleaned_is_refused(
    take_files: Take, vault: Vault, tmp_path: Path, data: bytes, reason: str
) -> None:
    """Programs and empty files: a sentence, no copy, no line in the log that says there was one."""
    case = take_files(("a", data))
    with pytest.raises(UnreadableError) as caught:
        export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out")
    assert caught.value.reason == reason
    assert not (tmp_path / "out").exists()
    assert acts(vault, "file.export") == []


def test_what_breaks_half_way_leaves_nothing(
    take_files: Take, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of three pages fails: no file, no part of one."""
    case = take_files(("a.tif", samples.pages_of_pictures(3)))
    picture = jobs.picture

    def failing(source: int, kind: object, page: int, side: int) -> object:
        if page == 2:
            raise UnreadableError("stopped")
        return picture(source, kind, page, side)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "picture", failing)
    with pytest.raises(UnreadableError):
        export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_overwritten_and_nothing_goes_into_the_vault(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A name that is taken, the vault, its copy."""
    case = take_files(("a.txt", b"isi"))
    export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path)
    for folder in (tmp_path, vault.folder / "out", vault.copy_folder):
        with pytest.raises(RefusedError):
            export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, folder)
    assert len(acts(vault, "file.export")) == 1


def test_originals_are_exported_on_purpose(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """Byte for byte; one or all; each with a line in the log that holds no name."""
    case = take_files(("foto.jpg", samples.photo()), ("Budi.txt", b"isi"))
    assert export_original(Work(vault, SETTINGS, TODAY), case, tmp_path / "one", 2).names == ["02-Budi.txt"]
    assert export_original(Work(vault, SETTINGS, TODAY), case, tmp_path / "all").names == ["01-foto.jpg", "02-Budi.txt"]
    assert (tmp_path / "all" / "01-foto.jpg").read_bytes() == samples.photo()
    hashes = [file.sha256.hex()[:16] for file in casebook.files(vault, case)]
    assert [(line["file"], line["sha256"]) for line in acts(vault, "file.original")] == [
        (2, hashes[1]),
        (1, hashes[0]),
        (2, hashes[1]),
    ]
    assert "Budi" not in str(list(audit_log.lines(vault)))
    with pytest.raises(NotFoundError):
        export_original(Work(vault, SETTINGS, TODAY), case, tmp_path / "one", 3)


@pytest.mark.parametrize(("roles", "cleaned", "original"), [("verifikator", 1, 0), ("petugas-penerima", 0, 0)])
def test_roles_decide(take_files: Take, vault: Vault, tmp_path: Path, roles: str, cleaned: int, original: int) -> None:
    """Who may take a cleaned copy may not take the original."""
    case = take_files(("a.txt", b"isi"))
    object.__setattr__(vault.officer, "roles", (roles,))
    acts_of = (
        (lambda: export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "a"), cleaned),
        (
            lambda: export_original(Work(vault, SETTINGS, TODAY), case, tmp_path / "b"),
            original,
        ),
    )
    for act, may in acts_of:
        if may:
            act()
        else:
            with pytest.raises(RefusedError, match="your roles"):
                act()
    assert not (tmp_path / "b").exists()


def test_a_copy_that_is_smaller_than_its_photo_says_so(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A photo of 200 million pixels, as phones take them."""
    case = take_files(("a.jpg", samples.photo(size=(16_320, 12_240))))
    done = export_cleaned(Work(vault, SETTINGS, TODAY), case, 1, tmp_path / "out")
    assert dict(done.notes)["smaller"] == 16_320
    with Image.open(tmp_path / "out" / done.name) as copy:
        assert 4_000 < copy.width <= 12_000
