"""What an officer sees: plain pixels and visible lines, a page at a time."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import samples
from PIL import Image
from pypdfium2 import PDFIUM_INFO
from triage_world import SETTINGS, TODAY

from dropbox.errors import ConfigurationError, DamagedError, NotFoundError, RefusedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence import jobs
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.preview import Viewer
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]
Memory = Callable[[bytes], int]


def drawn(memory: Memory, data: bytes, page: int = 1, side: int = 1600) -> Image.Image:
    """A page of a file as a picture."""
    source = memory(data)
    picture = jobs.picture(source, KINDS[jobs.identity(source).code], page, side)
    return Image.frombytes("RGB", (picture.width, picture.height), b"".join(picture.rows))


def open_memories() -> int:
    """How many nameless memories this process holds."""
    links = (path for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
    return sum("memfd:" in str(path.readlink()) for path in links)


def is_near(one: object, other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 16 for a, b in zip(one, other, strict=True))  # type: ignore[call-overload]


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_is_drawn(memory: Memory, image_format: str) -> None:
    """Red on the left, blue on the right, in each format."""
    image = drawn(memory, samples.photo(image_format))
    assert image.size == (60, 40)
    assert is_near(image.getpixel((5, 5)), (254, 0, 0))
    assert is_near(image.getpixel((55, 35)), (0, 0, 254))


def test_a_telephone_s_photo_is_drawn(memory: Memory) -> None:
    """HEIC, which desktops do not open."""
    image = drawn(memory, samples.heic())
    assert (image.size, is_near(image.getpixel((30, 30)), (254, 0, 0))) == ((64, 64), True)


def test_a_photo_stands_upright_and_fits(memory: Memory) -> None:
    """As the camera was held, and scaled down to the screen."""
    image = drawn(memory, samples.photo(size=(600, 400), turned=True), side=300)
    assert image.size == (200, 300)
    assert is_near(image.getpixel((100, 10)), (254, 0, 0))


def test_pages_one_by_one(memory: Memory) -> None:
    """Pages of a picture file, and none beyond the last."""
    data = samples.pages_of_pictures(3)
    assert [drawn(memory, data, page).getpixel((0, 0)) for page in (1, 3)] == [(0, 0, 0), (20, 20, 20)]
    for page in (0, 4):
        with pytest.raises(UnreadableError) as caught:
            drawn(memory, data, page)
        assert caught.value.reason == "no-page"


def test_a_document_is_looked_at(take_files: Take, vault: Vault) -> None:
    """PDF: the page as a PNG, the number of pages; the act is in the log, the file's name is not."""
    case = take_files(("surat.pdf", samples.pdf(pages=3)))
    with Viewer(Work(vault, SETTINGS, TODAY), case, 1) as viewer:
        page = viewer.page(2)
    assert (page.kind.code, page.number, page.pages, page.lines) == ("pdf", 2, 3, ())
    with Image.open(io.BytesIO(page.png)) as image:
        assert image.size[1] == 1600
        assert image.convert("L").getextrema() == (0, 255)  # letters on paper
    (line,) = [line for line in audit_log.lines(vault) if line.action == "file.preview"]
    assert (line.case, line.details) == (case.number, {"file": 1})


def test_an_office_document_is_looked_at(take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """By way of a PDF, made once for all its pages."""
    case = take_files(("surat.docx", samples.docx()))
    made = []
    document = jobs.document

    def counted(*arguments: object) -> object:
        made.append(1)
        return document(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "document", counted)
    memories = open_memories()
    with Viewer(Work(vault, SETTINGS, TODAY), case, 1) as viewer:
        first, again = viewer.page(), viewer.page(1)
        with pytest.raises(UnreadableError):
            viewer.page(2)
    assert (first.pages, first.png, len(made)) == (1, again.png, 1)
    assert open_memories() == memories


def test_texts_are_lines_that_command_nothing(take_files: Take, vault: Vault) -> None:
    """Web pages, drawings and mail show their words, archives their list; escapes are visible."""
    case = take_files(
        ("a.txt", b"satu\x1b[2J\ndua\ttiga"),
        ("a.html", samples.PAGE),
        ("a.svg", samples.DRAWING),
        ("a.eml", samples.MAIL),
        ("a.zip", samples.archive({"x\x1b.txt": "abc"})),
    )
    shown = []
    for number in range(1, 6):
        with Viewer(Work(vault, SETTINGS, TODAY), case, number) as viewer:
            shown.append(viewer.page())
    assert shown[0].lines == ("satu\\u{1b}[2J", "dua    tiga")
    assert shown[1].lines == ("Pungutan", "")
    assert shown[2].lines == ("", "")
    mail = "\n".join(shown[3].lines)
    assert "Subject: Pungutan" in mail
    assert "madrasah" in mail
    assert "evil" not in mail
    assert "bukti.png" in mail
    assert re.search(r" 3  \d{4}-\d\d-\d\d \d\d:\d\d  x\\u\{1b\}\.txt", shown[4].lines[0])
    assert all(page.png == b"" and page.pages == 1 for page in shown)


def test_what_has_no_preview_says_so(take_files: Take, vault: Vault) -> None:
    """Sound and programs."""
    case = take_files(("a.amr", samples.speech_note()), ("a.exe", samples.PROGRAM))
    for number in (1, 2):
        with Viewer(Work(vault, SETTINGS, TODAY), case, number) as viewer, pytest.raises(UnreadableError) as caught:
            viewer.page()
        assert caught.value.reason == "unsupported"


def test_rules_hold(take_files: Take, vault: Vault) -> None:
    """No such file; kept out of the case; no role; a file that rotted: nothing is opened, and no refusal is logged."""
    case = take_files(("a.txt", b"isi" * 50_000))
    before, memories = audit_log.head(vault), open_memories()
    for number in (0, 2):
        with pytest.raises(NotFoundError):
            Viewer(Work(vault, SETTINGS, TODAY), case, number)
    (file,) = casebook.files(vault, case)
    sealed = file.path.read_bytes()
    file.path.write_bytes(sealed[:-5000] + bytes(5000))
    with Viewer(Work(vault, SETTINGS, TODAY), case, 1) as viewer, pytest.raises(DamagedError):
        viewer.page()
    before = audit_log.head(vault)
    file.path.write_bytes(sealed)
    with transaction(vault.db):
        vault.db.execute("insert into exclusions (case_number, officer, reason) values (1, 'kepala', 'named')")
    with pytest.raises(NotFoundError):
        Viewer(Work(vault, SETTINGS, TODAY), case, 1)
    with transaction(vault.db):
        vault.db.execute("delete from exclusions")
    object.__setattr__(vault.officer, "roles", ("pengawas",))
    with pytest.raises(RefusedError):
        Viewer(Work(vault, SETTINGS, TODAY), case, 1)
    assert (audit_log.head(vault), open_memories()) == (before, memories)


def test_without_the_sandbox_there_is_no_preview(
    take_files: Take, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even of a plain text."""
    case = take_files(("a.txt", b"isi"))
    monkeypatch.setenv("PATH", "/nowhere")
    with Viewer(Work(vault, SETTINGS, TODAY), case, 1) as viewer, pytest.raises(ConfigurationError):
        viewer.page()


def test_pdfium_has_no_script_engine_and_no_dynamic_forms() -> None:
    """Forms may be drawn only by a build in which no script of theirs can run."""
    assert not {"V8", "XFA"} & {flag.upper() for flag in PDFIUM_INFO.flags}
