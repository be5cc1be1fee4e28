"""Writes papers (PDF): a letterhead, paragraphs from the top, further pages as needed.

Rule: text that the printed font lacks is refused before anything is drawn; the same text gives the same bytes.
"""

import io
import unicodedata
from typing import Any, Final

from dropbox.errors import RefusedError
from dropbox.settings.installation import Settings

FIELD_MAX: Final = 200
LINE: Final = 15.0  # points
FONT, BOLD, FIXED = "Times-Roman", "Times-Bold", "Courier-Bold"
_MARGIN: Final = 70.0  # points


def printable(typed: str, most: int = FIELD_MAX) -> str:
    """Return typed text as one line.

    Raises:
        RefusedError: it does not have 1 to `most` characters, or has characters that the printed font lacks.
    """
    text = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not 0 < len(text) <= most:
        raise RefusedError("letter.length", most=most)
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        raise RefusedError("letter.font") from None
    if any(unicodedata.category(sign) in ("Cc", "Cf") for sign in text):
        raise RefusedError("letter.control-characters")
    return text


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """Return the lines of a text, none wider than `width`; a longer word is broken, never cut or drawn over the margin.

    Args:
        text: one paragraph.
        font: name of the font.
        size: of the font, in points.
        width: of a line, in points.
    """
    from reportlab.lib.utils import simpleSplit  # noqa: PLC0415  takes a second to load; only papers need it
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    lines: list[str] = []
    for line in simpleSplit(text, font, size, width):
        piece, used = "", 0.0
        for sign in line if stringWidth(line, font, size) > width else ():
            wide = stringWidth(sign, font, size)
            if piece and used + wide > width:
                lines.append(piece)
                piece, used = "", 0.0
            piece, used = piece + sign, used + wide
        lines.append(piece or line)
    return lines


class Paper:
    """Pages filled from the top; the first one has a letterhead if settings are given."""

    def __init__(self, head: Settings | None) -> None:
        from reportlab.lib.pagesizes import A4  # noqa: PLC0415  takes a second to load; only papers need it
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

        self._width, self._top = A4[0], A4[1] - _MARGIN
        self._at = self._top
        self._out = io.BytesIO()
        self._canvas: Any = Canvas(self._out, pagesize=A4, invariant=1, pageCompression=0)
        self._canvas.setTitle("")
        self._canvas.setAuthor("")
        if head is not None:
            self._letterhead(head)

    def _letterhead(self, settings: Settings) -> None:
        self._canvas.setFont(BOLD, 13)
        self._canvas.drawCentredString(self._width / 2, self._at, settings.office["id"])
        self._at -= LINE
        self._canvas.setFont(FONT, 11)
        self._canvas.drawCentredString(self._width / 2, self._at, settings.site_name["id"])
        self._at -= LINE / 2
        self._canvas.line(_MARGIN, self._at, self._width - _MARGIN, self._at)
        self._at -= 2 * LINE

    def paragraph(self, text: str, *, font: str = FONT, gap: float = LINE / 2) -> None:
        """Draw a paragraph; `gap` is the space below it, in points."""
        for line in wrapped(text, font, 11, self._width - 2 * _MARGIN):
            if self._at < _MARGIN:
                self._canvas.showPage()
                self._at = self._top
            self._canvas.setFont(font, 11)
            self._canvas.drawString(_MARGIN, self._at, line)
            self._at -= LINE
        self._at -= gap

    def skip(self, lines: int) -> None:
        """Leave so many lines empty."""
        self._at -= lines * LINE

    def finish(self) -> bytes:
        """Return the bytes of the PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()
