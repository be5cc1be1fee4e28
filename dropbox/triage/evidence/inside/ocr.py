"""Reads what is written in pictures: photos, scanned pages, pictures in documents (Tesseract, optical recognition).

    reply: as a text (inside.reply); facts `ocr-pages`: read, `ocr-cut`: left out, `no-ocr`: 1 where it is not installed

Rule: what a machine reads may be wrong, so it is never mixed with the text of a file. At most so many pages and
seconds; what was left out is noted. A page that cannot be read takes only itself.
"""

import functools
import io
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageOps
from pypdfium2 import raw

from dropbox.triage.evidence.inside import office, pdf, pictures
from dropbox.triage.evidence.inside.photos import decoding
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import DONE, CannotError, facts_block, write

_Page = Callable[[], Image.Image]
_LANGUAGES: Final[tuple[str, ...]] = ("ind", "eng", "ara")
_TURNED: Final = "osd"  # orientation and script: no language
_SIDE: Final = 2400  # pixels: A4 at 200 dots per inch; letters of a photo are large enough at this size
_SMALL: Final = 1200  # pixels: letters of smaller pictures are enlarged
_SMALLEST: Final = 40  # pixels: no line of letters is lower
_PAGE_SECONDS: Final = 45
_SURE: Final = 30.0  # percent: less sure words are mostly none
_FEW_LETTERS: Final = 200  # of a page whose text may be a scanner's stamp alone
_PICTURE_SHARE: Final = 0.15  # of a page: more than a letterhead
_WHOLE_SHARE: Final = 0.9  # of a page: a scan; with many letters, somebody recognised them already
_MEDIA: Final = re.compile(r"(?:word|xl|ppt)/media/[^/]+|(?:Pictures|media)/[^/]+")
_MEDIA_MAX: Final = 64 << 20  # bytes of a document's pictures, unpacked


def words(reading: Reading, pages: int, seconds: int) -> None:
    """Write what is written in the pictures of the file on standard input as the reply.

    Args:
        reading: the file.
        pages: that are read at most.
        seconds: after which the remaining pages are left out.

    Raises:
        CannotError: the file is damaged, locked or too large when unpacked.
    """
    until = time.monotonic() + seconds
    command = _command()
    found: list[str] = []
    reading.facts["ocr-pages" if command else "no-ocr"] = int(not command)
    for number, page in enumerate(_PAGES[reading.family](reading) if command else []):
        left = min(until - time.monotonic(), _PAGE_SECONDS)
        if number >= pages or left <= 0:
            reading.note("ocr-cut")
            continue
        try:
            found.append(_recognized(command, page(), left))
            reading.note("ocr-pages")
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  hostile bytes may raise anything
            reading.note("ocr-cut")
    kept = "\n".join(filter(None, found)).encode("utf-8", "replace")[: reading.most].decode("utf-8", "ignore")
    write(DONE + facts_block(reading.facts) + kept.encode())


def _command() -> list[str]:
    """Return Tesseract's command for a picture on its standard input, or [] where it or every language is missing."""
    if shutil.which("tesseract") is None:
        return []
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout
    there = listed.split("\n")[1:]
    languages = [one for one in _LANGUAGES if one in there] or [one for one in there if one and one != _TURNED]
    mode = "1" if _TURNED in there else "3"  # with or without finding out how the page is turned
    options = ["--psm", mode, "-c", "tessedit_create_tsv=1", "-c", "tessedit_create_txt=0"]
    return ["tesseract", "stdin", "stdout", "-l", "+".join(languages), *options] if languages else []


def _recognized(command: list[str], page: Image.Image, seconds: float) -> str:
    """Return the words of a page, line by line; raises subprocess.TimeoutExpired."""
    grey = ImageOps.autocontrast(page.convert("L"), cutoff=1)
    if max(grey.size) < _SMALL:
        grey = grey.resize((2 * grey.width, 2 * grey.height), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    grey.save(made, "PPM")
    done = subprocess.run(
        command,
        input=made.getvalue(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        timeout=seconds,
        check=True,
    )
    return _lines(done.stdout.decode("utf-8", "replace"))


def _lines(table: str) -> str:
    """Return the sure words of a TSV: level, page, block, paragraph, line, word, 4 of its place, conf, text."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip() and float(cells[10]) >= _SURE:
            lines.setdefault(tuple(cells[1:5]), []).append(cells[11])
    joined = (" ".join(line) for line in lines.values())
    return "\n".join(line for line in joined if re.search(r"\w\w", line))


def _picture_pages(_: Reading) -> list[_Page]:
    return [functools.partial(pictures.image, number, _SIDE) for number in range(1, pictures.count() + 1)]


def _pdf_pages(_: Reading) -> list[_Page]:
    return [functools.partial(pdf.image, number, _SIDE) for number in range(1, pdf.count() + 1) if _is_drawn(number)]


def _is_drawn(number: int) -> bool:
    """Return whether the words of a PDF's page (1-based) are drawn, or may be: it has no text, or a large picture."""
    page = pdf.load(number)
    if page is None:
        return False
    letters = len("".join(page.get_textpage().get_text_bounded().split()))
    width, height = page.get_size()
    share = 0.0
    for one in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = one.get_bounds()
        share += max(0.0, right - left) * max(0.0, top - bottom) / (width * height)
    if letters >= _FEW_LETTERS and share >= _WHOLE_SHARE:
        return False
    return share >= _PICTURE_SHARE or not letters


def _office_pages(_: Reading) -> list[_Page]:
    archive = office.open_archive()
    budget = [_MEDIA_MAX]
    names = [name for name in archive.namelist() if _MEDIA.fullmatch(name)]
    return [lambda name=name: _member(b"".join(office.unpack(archive, name, budget))) for name in names]  # type: ignore[misc]


def _member(data: bytes) -> Image.Image:
    with decoding.open_picture(io.BytesIO(data)) as opened:
        decoding.measure(opened, opened.width * opened.height)
        opened.thumbnail((_SIDE, _SIDE))
        upright = ImageOps.exif_transpose(opened)
    if min(upright.size) < _SMALLEST:
        raise CannotError("unsupported")
    if upright.has_transparency_data:
        layered = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    return upright.convert("RGB")


_PAGES: Final[dict[str, Callable[[Reading], list[_Page]]]] = {
    "picture": _picture_pages,
    "pdf": _pdf_pages,
    "office": _office_pages,
}
