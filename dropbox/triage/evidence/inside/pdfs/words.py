"""Reads the text of a PDF, page by page, then what is typed in its fields, signed and commented.

Rule: what a page shows is read where it is shown: the appearances of fields and annotations become content of the page
(FPDFPage_Flatten, in memory only) before its text is read. Words that the drawn page does not show are marked.
"""

import time
from collections.abc import Iterator
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from dropbox.triage.evidence.inside import pdf
from dropbox.triage.evidence.inside.pdfs import contents, hidden
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import CannotError

COVERED: Final = "tidak tampak/not visible"
_SECONDS: Final = 20  # for the search for covered words; the whole text has 60


def pieces(reading: Reading) -> Iterator[str]:
    """Yield the text of the PDF on standard input, page by page.

    Notes: `unread`, `covered` (letters), `text-layer`, `broken-pages` and `unchecked` (pages).

    Raises:
        CannotError: `locked` or `damaged`.
    """
    aside = _aside(reading)  # before the pages are changed
    end = time.monotonic() + _SECONDS
    for number in range(1, pdf.count() + 1):
        page = _flattened(number)
        if page is None:
            reading.note("broken-pages")
            continue
        read = page.get_textpage()
        yield read.get_text_range() + "\n"
        if time.monotonic() > end:
            reading.note("unchecked")
        else:
            found = hidden.find(page, read)
            if found.layer:
                reading.note("text-layer")
            if found.covered:
                reading.note("covered", sum(len(word) for word in found.covered))
                yield f"[{COVERED}: {' '.join(found.covered)}]\n"
        read.close()
        page.close()
    yield aside


def _aside(reading: Reading) -> str:
    try:
        return "".join(contents.words())
    except CannotError:
        raise
    except Exception:  # noqa: BLE001  hostile objects; the pages are read all the same
        reading.note("unread")
        return ""


def _flattened(number: int) -> pdfium.PdfPage | None:
    page = pdf.load(number)
    if page is not None and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = pdf.load(number)
    return page
