"""PDF to pixels and to text (PDFium, built without a script engine).

Rule: forms, scripts, links and attachments of a PDF are never run or followed: pages are drawn and read, that is all.
"""

import sys
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium

from dropbox.triage.evidence.inside.reply import CannotError, write_picture

_POINTS_PER_INCH: Final = 72
_DOTS_PER_INCH: Final = 200  # enough for small print; more only makes files large


def _open() -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(sys.stdin.buffer)
    except pdfium.PdfiumError as error:
        raise CannotError("locked" if "assword" in str(error) else "damaged") from None


def picture(page: int, side: int) -> None:
    """Answer with a page (1-based) as a picture of at most `side` pixels a side."""
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
    """The text, page by page."""
    document = _open()
    for number in range(len(document)):
        page = document[number]
        read = page.get_textpage()
        yield read.get_text_bounded()
        read.close()
        page.close()


def count() -> int:
    """Pages."""
    return len(_open())
