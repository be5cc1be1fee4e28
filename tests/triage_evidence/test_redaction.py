"""Redacted copies: what is covered is gone from the bytes, and a copy that fails its check does not leave."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import samples
from PIL import Image, ImageDraw
from triage_world import SETTINGS, TODAY

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.evidence.cover import Cover
from dropbox.triage.evidence.replies import Picture
from dropbox.triage.redaction import burning, leaving, saved
from dropbox.triage.redaction.burning import BLOCK, area, masked, painted
from dropbox.triage.redaction.recipe import Box, Recipe, parse, recipe
from dropbox.triage.redaction.saved import Draft, Saved
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Take = Callable[..., casebook.Case]
CHAT = (
    "Pak Budi Santoso: setor ke budisantoso@contoh.id\nwa +62 812-3456-7890\nＢＵＤＩ lagi, Bu\u00addi juga.\nselesai\n"
)


def keep(vault: Vault, case: casebook.Case, chosen: Recipe, place: str = "", name: str = "KPK") -> Saved:
    """The recipe of file 1, saved."""
    return saved.save(Work(vault, SETTINGS, TODAY), case, 1, place, Draft(name, chosen))


def exported(vault: Vault, case: casebook.Case, one: Saved, to: Path) -> bytes:
    """The bytes of the redacted copy in a folder."""
    return (to / leaving.export(Work(vault, SETTINGS, TODAY), case, 1, one, to).name).read_bytes()


def is_black(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether all pixels of an area are black."""
    return image.convert("RGB").crop(box).getextrema() == ((0, 0),) * 3


def test_a_box_on_a_photo_is_black_and_the_rest_stays(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """The PNG has black pixels exactly where the box is, the photo's own beside it, and no metadata."""
    case = take_files(("kuitansi.jpg", samples.photo(size=(600, 400))))
    one = keep(vault, case, recipe([Box(1, 100, 250, 300, 500)]))
    raw = exported(vault, case, one, tmp_path)
    with Image.open(io.BytesIO(raw)) as image:
        assert (image.format, image.size, image.info) == ("PNG", (600, 400), {})
        assert is_black(image, (60, 100, 240, 300))
        assert not any(is_black(image, edge) for edge in ((59, 100, 60, 300), (240, 100, 241, 300), (60, 99, 240, 100)))
    assert samples.CANARY.encode() not in raw
    assert casebook.files(vault, case)[0].sha256 == one.file_sha256


def test_words_under_a_box_are_gone_from_a_pdf(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """The copy has two pages without text; the box on the second is black, the first has its ink."""
    case = take_files(("surat.pdf", samples.pdf(pages=2)))
    one = keep(vault, case, recipe([Box(2, 0, 0, 1000, 300)]))
    raw = exported(vault, case, one, tmp_path)
    assert samples.WORDS.encode() not in raw
    document = pypdfium2.PdfDocument(raw)
    assert [page.get_textpage().get_text_bounded() for page in document] == ["", ""]
    first, second = (page.render(scale=1).to_pil() for page in document)
    assert is_black(second, (2, 2, first.width - 2, first.height * 3 // 10 - 2))
    low, high = first.convert("L").crop((0, 0, first.width, first.height * 3 // 10)).getextrema()
    assert low < 100 < high


def test_a_box_on_an_office_document(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A Word file becomes pictures of its pages, with the box burnt in."""
    case = take_files(("surat.docx", samples.docx_with_remote_template()))
    raw = exported(vault, case, keep(vault, case, recipe([Box(1, 0, 0, 1000, 1000)])), tmp_path)
    page = pypdfium2.PdfDocument(raw)[0].render(scale=1).to_pil()
    assert is_black(page, (3, 3, page.width - 3, page.height - 3))


def test_words_of_a_text_become_blocks_of_one_length(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A name is covered however it is written, inside an address too; a number however it is grouped."""
    case = take_files(("chat.txt", CHAT.encode()))
    one = keep(vault, case, recipe(phrases=["budi santoso", "Budi", "081234567890"], lines=[(4, 4)]))
    text = exported(vault, case, one, tmp_path).decode()
    assert text == f"Pak {BLOCK}: setor ke {BLOCK}@contoh.id\nwa {BLOCK}\n{BLOCK} lagi, {BLOCK} juga.\n{BLOCK}\n"


@pytest.mark.parametrize("typed", ["budi", "BUDI", " Budi ", "ｂｕｄｉ", "B\u200budi", "𝗕𝘂𝗱𝗶"])
@pytest.mark.parametrize("written", ["Budi", "BUDI", "ｂｕｄｉ", "B\u200budi", "𝗕𝘂𝗱𝗶", "Bu\u00addi", "B u d i"])
def test_one_name_in_many_letters(typed: str, written: str) -> None:
    """Whatever code points the officer and the reporter used, the name is found."""
    done = masked(f"kata {written}, lalu", Recipe(words=(typed,)))
    assert (done.text, done.counts) == (f"kata {BLOCK}, lalu", (1,))


def test_short_words_are_covered_as_words_alone() -> None:
    """`Ani` does not cover `manis`; a longer name is covered with the word that it is in."""
    assert masked("Ani manis, Anita", Recipe(words=("ani",))).text == f"{BLOCK} manis, Anita"
    assert masked("xSantoso99 dan santoso", Recipe(words=("santoso",))).text == f"{BLOCK} dan {BLOCK}"


def test_a_phrase_that_is_not_in_the_text_stops_the_copy(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A mistyped name would stay: nothing leaves, and the sentence names the phrase by its number alone."""
    case = take_files(("chat.txt", CHAT.encode()))
    one = keep(vault, case, recipe(phrases=["Budi", "Sutrisna"]))
    with pytest.raises(RefusedError, match="phrase 2") as caught:
        exported(vault, case, one, tmp_path / "out")
    assert "utrisna" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "broken", [Cover(), Cover(picture=lambda _, plain: painted(plain, [Box(1, 100, 100, 200, 198)]))]
)
def test_a_box_that_was_not_burnt_in_stops_the_copy(
    take_files: Take, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: Cover
) -> None:
    """A copy without its box, or with a box that is one row of pixels too small, is not written and not logged."""
    case = take_files(("a.jpg", samples.photo(size=(500, 500))))
    one = keep(vault, case, recipe([Box(1, 100, 100, 200, 200)]))
    monkeypatch.setattr(burning, "cover", lambda _: broken)
    with pytest.raises(RefusedError) as caught:
        exported(vault, case, one, tmp_path / "out")
    assert caught.value.code == "redaction.check-pixels"
    assert not (tmp_path / "out").exists()
    assert did(vault) == ["save"]


def test_a_word_that_was_not_covered_stops_the_copy(
    take_files: Take, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are looked for in the copy itself."""
    case = take_files(("chat.txt", CHAT.encode()))
    one = keep(vault, case, recipe(phrases=["Budi"]))
    monkeypatch.setattr(burning, "cover", lambda _: Cover())
    with pytest.raises(RefusedError) as caught:
        exported(vault, case, one, tmp_path)
    assert caught.value.code == "redaction.check-words"


def did(vault: Vault) -> list[object]:
    """What the log says was done with redacted copies."""
    return [line.details["did"] for line in audit_log.lines(vault) if line.action == saved.ACTION]


def test_a_box_on_a_page_that_is_not_there_stops_the_copy(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """It would cover nothing."""
    case = take_files(("a.pdf", samples.pdf()))
    one = keep(vault, case, recipe([Box(1, 0, 0, 9, 9), Box(3, 0, 0, 9, 9)]))
    with pytest.raises(RefusedError, match="page 3"):
        exported(vault, case, one, tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "chosen"),
    [
        ("a.jpg", samples.photo(), recipe(phrases=["Budi"])),
        ("a.txt", b"Budi", recipe([Box(1, 0, 0, 500, 500)], ["Budi"])),
        ("a.pdf", samples.pdf(), recipe([Box(1, 0, 0, 9, 9)], stretches=[(0, 1000)])),
    ],
)
def test_what_cannot_be_covered_in_that_kind_stops_the_copy(
    take_files: Take, vault: Vault, tmp_path: Path, name: str, data: bytes, chosen: Recipe
) -> None:
    """A word on a photo or a box on a text would cover nothing: the copy does not leave."""
    case = take_files((name, data))
    with pytest.raises(RefusedError) as caught:
        exported(vault, case, keep(vault, case, chosen), tmp_path / "out")
    assert caught.value.code == "redaction.other-kind"
    assert not (tmp_path / "out").exists()


def test_a_part_of_an_archive_has_copies_of_its_own(take_files: Take, vault: Vault, tmp_path: Path) -> None:
    """A text in a ZIP is redacted by its place; the file itself has no such copy."""
    case = take_files(("a.zip", samples.archive({"a.txt": "kosong", "b.txt": "nama Budi"})))
    one = keep(vault, case, recipe(phrases=["Budi"]), "2")
    assert exported(vault, case, one, tmp_path).decode() == f"nama {BLOCK}"
    with pytest.raises(NotFoundError):
        saved.of_number(vault, case, one.file_sha256, "", one.number)


def test_a_recipe_is_kept_whole_and_changes_its_hash(take_files: Take, vault: Vault) -> None:
    """Names are unique for a file; another box is another hash; each save is in the log."""
    case = take_files(("a.jpg", samples.photo()))
    chosen = recipe([Box(1, 1, 2, 3, 4)], ["b", "a  c"], [(2, 3)], [(1000, 2500)], is_black=True)
    one = keep(vault, case, chosen)
    assert (one.recipe, parse(chosen.encoded())) == (chosen, chosen)
    with pytest.raises(RefusedError, match="has the name"):
        keep(vault, case, chosen)
    draft = Draft("KPK", recipe([Box(1, 1, 2, 3, 5)], ["b", "a  c"], [(2, 3)], [(1000, 2500)], is_black=True))
    changed = saved.save(Work(vault, SETTINGS, TODAY), case, 1, "", draft, one.number)
    assert (changed.number, changed.sha256 == one.sha256) == (one.number, False)
    assert saved.of_file(vault, case, one.file_sha256) == [changed]
    saved.remove(Work(vault, SETTINGS, TODAY), case, 1, changed)
    assert saved.of_file(vault, case, one.file_sha256) == []
    assert did(vault) == ["save", "save", "remove"]


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("box", {"boxes": [Box(1, 900, 0, 101, 10)]}),
        ("box", {"boxes": [Box(1, 0, 0, 0, 10)]}),
        ("box", {"boxes": [Box(0, 0, 0, 10, 10)]}),
        ("word", {"phrases": ["…"]}),
        ("word", {"phrases": ["a" * 201]}),
        ("lines", {"lines": [(3, 2)]}),
        ("lines", {"lines": [(0, 2)]}),
        ("stretch", {"stretches": [(5, 5)]}),
    ],
)
def test_a_recipe_has_bounds(code: str, chosen: dict[str, list[object]]) -> None:
    """What cannot be covered is refused when it is typed."""
    with pytest.raises(RefusedError) as caught:
        recipe(**chosen)  # type: ignore[arg-type]
    assert caught.value.code == f"redaction.{code}"


def test_who_may_not_export_may_not_redact(take_files: Take, vault: Vault) -> None:
    """A receiving officer may look, not save a recipe."""
    case = take_files(("a.jpg", samples.photo()))
    object.__setattr__(vault.officer, "roles", ("petugas-penerima",))
    with pytest.raises(RefusedError, match="your roles"):
        keep(vault, case, recipe([Box(1, 0, 0, 10, 10)]))
    assert did(vault) == []


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (999, 1001), (2480, 1754)])
@pytest.mark.parametrize("box", [Box(1, 0, 0, 1, 1), Box(1, 333, 333, 334, 1), Box(1, 999, 999, 1, 1)])
def test_no_pixel_that_a_box_touches_stays(size: tuple[int, int], box: Box) -> None:
    """Edges are rounded outwards, on pages smaller and larger than a thousand pixels."""
    width, height = size
    white = Picture(1, width, height, iter([b"\xff" * 3 * width] * height))
    image = Image.frombytes("RGB", size, b"".join(painted(white, [box]).rows))
    expected = Image.new("RGB", size, "white")
    left, top, right, bottom = area(box, width, height)
    ImageDraw.Draw(expected).rectangle((left, top, right - 1, bottom - 1), "black")
    assert image.tobytes() == expected.tobytes()
    assert left * 1000 <= box.x * width
    assert right * 1000 >= (box.x + box.width) * width
    assert bottom * 1000 >= (box.y + box.height) * height
