"""Draws the pages of a PDF as a reader shows them: with form fields, visible signatures and comments (PDFium).

Rule: PDFium is built without a script engine and without XFA; scripts, links and attachments are never run or followed.
"""

import functools
import logging
import sys
from typing import Final

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from pypdfium2 import raw

from dropbox.triage.evidence.inside.reply import CannotError, write_picture

_POINTS_PER_INCH: Final = 72
_DOTS_PER_INCH: Final = 200  # enough for small print; more only makes the files larger
_A4: Final = (595, 842)  # points: of a page whose size cannot be read
_CROSS: Final = "#c0c0c0"

logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)


@functools.cache
def document() -> pdfium.PdfDocument:
    """Return the PDF on standard input, with its forms ready to be drawn; raises CannotError (`locked`, `damaged`)."""
    try:
        opened = pdfium.PdfDocument(sys.stdin.buffer)
    except pdfium.PdfiumError as error:
        raise CannotError("locked" if "assword" in str(error) else "damaged") from None
    # init_forms() does nothing for a file without /AcroForm, but readers draw the fields of its pages all the same.
    config = raw.FPDF_FORMFILLINFO(version=2)
    environment = raw.FPDFDOC_InitFormFillEnvironment(opened, config)
    if environment:
        opened.formenv = pdfium.PdfFormEnv(environment, config)
    return opened


def count() -> int:
    """Return the number of pages of the PDF on standard input; raises CannotError (`locked`, `damaged`)."""
    pages = len(document())
    if not pages:
        raise CannotError("damaged")
    return pages


def load(number: int) -> pdfium.PdfPage | None:
    """Return a page (1-based), or None for one that PDFium cannot read."""
    try:
        page = document()[number - 1]
    except pdfium.PdfiumError:
        return None
    return page if min(page.get_size()) > 0 else None


def image(page: int, side: int) -> Image.Image:
    """Return a page of the PDF on standard input, RGB; a crossed-out blank one for a page that cannot be read.

    Args:
        page: 1-based.
        side: longest side of the result, in pixels.

    Raises:
        CannotError: `no-page`, `locked` (it has a password) or `damaged`.
    """
    if not 1 <= page <= count():
        raise CannotError("no-page")
    opened = load(page)
    if opened is None:
        return blank(side)
    scale = min(side / max(opened.get_size()), _DOTS_PER_INCH / _POINTS_PER_INCH)
    try:
        drawn: Image.Image = opened.render(scale=scale, maybe_alpha=False).to_pil().convert("RGB")
    except (pdfium.PdfiumError, ValueError):
        return blank(side)
    drawn.thumbnail((side, side))
    return drawn


def blank(side: int) -> Image.Image:
    """Return a white page with a cross, as long as `side`, which nobody takes for an empty page of the file."""
    made = Image.new("RGB", (max(1, side * _A4[0] // _A4[1]), side), "white")
    draw = ImageDraw.Draw(made)
    right, bottom = made.width - 1, made.height - 1
    draw.line((0, 0, right, bottom), _CROSS, 3)
    draw.line((0, bottom, right, 0), _CROSS, 3)
    return made


def picture(page: int, side: int) -> None:
    """Write a page (1-based) as a picture of at most `side` pixels a side; raises as `image` does."""
    drawn = image(page, side)
    write_picture(count(), drawn.width, drawn.height, drawn.tobytes())
