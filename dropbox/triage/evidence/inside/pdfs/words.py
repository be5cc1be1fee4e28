"""Reads the text of a PDF, page by page, with what is typed in its fields and written in signatures and comments.

Rule: what a page shows is read where it is shown: the appearances of fields and annotations become content of the page
(FPDFPage_Flatten, in memory only) before its text is read.
"""

from collections.abc import Iterator

from pypdfium2 import raw

from dropbox.triage.evidence.inside import pdf
from dropbox.triage.evidence.inside.reading import Reading


def pieces(_reading: Reading) -> Iterator[str]:
    """Yield the text of the PDF on standard input, page by page.

    Raises:
        CannotError: `locked` or `damaged`.
    """
    for number in range(1, pdf.count() + 1):
        page = pdf.load(number)
        if page is None:
            continue
        if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
            page.close()
            page = pdf.load(number)
            if page is None:
                continue
        read = page.get_textpage()
        yield read.get_text_bounded()
        read.close()
        page.close()
