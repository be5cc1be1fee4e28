"""Draws a document as a PDF, or saves it in a newer format.

Rule: exit codes are the only answer; what was made is at the path that was given.
"""

from typing import Final

from dropbox.triage.evidence.inside.documents.steering import sheets, texts
from dropbox.triage.evidence.inside.documents.steering.office import (
    CALC,
    DRAW,
    IMPRESS,
    WRITER,
    Office,
    Remote,
    sequence,
    values,
)

_NEW_FORMATS: Final = {
    CALC: "Calc MS Excel 2007 XML",
    IMPRESS: "Impress MS PowerPoint 2007 XML",
    WRITER: "MS Word 2007 XML",
    DRAW: "draw8",
}
_PDF_FILTERS: Final = {
    CALC: "calc_pdf_Export",
    IMPRESS: "impress_pdf_Export",
    WRITER: "writer_pdf_Export",
    DRAW: "draw_pdf_Export",
}


def main(pipe: str, source: str, pdf: str, new: str) -> int:
    """Do the work and return the exit code: 0 done, 3 LibreOffice cannot open the document.

    Args:
        pipe: name of the pipe at which LibreOffice listens.
        source: path of the document.
        pdf: path of the PDF to make; empty: none.
        new: path of the copy in an newer format to make; empty: none.
    """
    office = Office(pipe)
    document = office.open(source)
    if document is None:
        return 3
    service = next((name for name in _PDF_FILTERS if document.supportsService(name)), "")
    if new and service in _NEW_FORMATS:
        document.storeToURL(f"file://{new}", values(FilterName=_NEW_FORMATS[service]))
    if pdf and service:
        if service == WRITER:
            document = texts.shown(office, document, source)
        elif service == CALC:
            sheets.show(document)
        elif service == IMPRESS:
            texts.show_slides(document)
        _export(document, service, pdf)
    return 0


def _export(document: Remote, service: str, pdf: str) -> None:
    named: dict[str, object] = {"SelectPdfVersion": 0, "UseTaggedPDF": False, "ExportBookmarks": False}
    if service == IMPRESS:
        named |= {"ExportHiddenSlides": True, "ExportNotesPages": texts.has_notes(document)}
    data = sequence(**named)
    document.storeToURL(f"file://{pdf}", values(FilterName=_PDF_FILTERS[service], FilterData=data))
