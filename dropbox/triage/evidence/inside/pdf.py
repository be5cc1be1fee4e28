"""Renders pages of a PDF to pixels, and reads its text (PDFium, built without a script engine).

Rule: forms, scripts, links and attachments of a PDF are never run or followed.
"""

import sys
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium

from dropbox.triage.evidence.inside.reply import CannotError, write_picture

_POINTS_PER_INCH: Final = 72
_DOTS_PER_INCH: Final = 200  # enough for small print; more only makes the files larger


def _open() -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(sys.stdin.buffer)
    except pdfium.PdfiumError as error:
        raise CannotError("locked" if "assword" in str(error) else "damaged") from None


def picture(page: int, side: int) -> None:
    """Write a page (1-based) of the PDF on standard input as a picture of at most `side` pixels a side.

    Raises:
        CannotError: `no-page`, `locked` (it has a password) or `damaged`.
    """
    document = _open()
    pages = len(document)
    if not 1 <= page <= pages:
        raise CannotError("no-page")
    opened = document[page - 1]
    width, height = opened.get_size()
    if not (width > 0 and height > 0):
        raise CannotError("damaged")
    scale = min(side / max(width, height), _DOTS_PER_INCH / _POINTS_PER_INCH)
    drawn = opened.render(scale=scale, may_draw_forms=False, maybe_alpha=False).to_pil().convert("RGB")
    drawn.thumbnail((side, side))
    write_picture(pages, drawn.width, drawn.height, drawn.tobytes())


def pieces() -> Iterator[str]:
    """Yield the text of the PDF on standard input, page by page.

    Raises:
        CannotError: `locked` or `damaged`.
    """
    document = _open()
    for number in range(len(document)):
        page = document[number]
        read = page.get_textpage()
        yield read.get_text_bounded()
        read.close()
        page.close()


def count() -> int:
    """Return the number of pages of the PDF on standard input; raises CannotError (`locked`, `damaged`)."""
    return len(_open())
