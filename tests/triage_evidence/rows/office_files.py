"""Makes documents of office programs, as XML in a ZIP archive or by a library."""

import functools
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import samples
import xlsxwriter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "table", "style", "draw", "presentation")
)
_ODF_TYPE = "application/vnd.oasis.opendocument."
_CONTENT = "application/vnd.openxmlformats-officedocument."


def run(text: str, properties: str = "") -> str:
    """A run of Word."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(code: str, result: str = "hasil") -> str:
    """A field of Word with its code and result."""
    signs = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    middle = f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
    return f"<w:p>{signs[0]}{middle}{signs[1]}{run(result)}{signs[2]}</w:p>"


def word(body: str, *, comments: str = "", more: dict[str, str] | None = None) -> bytes:
    """A document of Word with a body in XML, and comments."""
    parts = dict(more or {})
    if comments:
        parts["word/comments.xml"] = f'<w:comments xmlns:w="{W}">{comments}</w:comments>'
        parts["word/_rels/document.xml.rels"] = relations(("comments", "comments.xml"))
    xml = f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    made = samples.docx(body=xml, more=parts)
    kind = f"{_CONTENT}wordprocessingml.comments+xml"
    override = f'<Override PartName="/word/comments.xml" ContentType="{kind}"/></Types>' if comments else "</Types>"
    return changed(made, "[Content_Types].xml", lambda raw: raw.replace(b"</Types>", override.encode()))


def relations(*wanted: tuple[str, str] | tuple[str, str, str]) -> str:
    """Relations (kind, target[, mode]) of a part; their identifiers are r1, r2, …"""
    lines = (
        f'<Relationship Id="r{number}" Type="{R}/{one[0]}" Target="{one[1]}"'
        + (f' TargetMode="{one[2]}"/>' if len(one) > 2 else "/>")
        for number, one in enumerate(wanted, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def changed(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            raw = old.read(member)
            new.writestr(member, change(raw) if member == name else raw)
    return out.getvalue()


def slides() -> bytes:
    """A presentation of two slides: the second is hidden, the first has notes."""

    def slide(text: str, hidden: str = "") -> str:
        shape = (
            f"<p:sp><p:nvSpPr><p:cNvPr id='2' name='a'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>{_body(text)}</p:sp>"
        )
        return f'<p:sld xmlns:p="{_P}" xmlns:a="{_A}"{hidden}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>'

    types = "".join(
        f'<Override PartName="/ppt/{name}" ContentType="{_CONTENT}presentationml.{kind}+xml"/>'
        for name, kind in (
            ("presentation.xml", "presentation.main"),
            ("slides/a.xml", "slide"),
            ("slides/b.xml", "slide"),
        )
    )
    words = f"<p:cSld><p:spTree><p:sp>{_body('CATATANPEMBICARA')}</p:sp></p:spTree></p:cSld>"
    notes = f'<p:notes xmlns:p="{_P}" xmlns:a="{_A}">{words}</p:notes>'
    order = '<p:sldIdLst><p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/></p:sldIdLst>'
    return samples.archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
            ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
            "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{_P}" xmlns:r="{R}">{order}</p:presentation>',
            "ppt/_rels/presentation.xml.rels": relations(("slide", "slides/a.xml"), ("slide", "slides/b.xml")),
            "ppt/slides/a.xml": slide("Rencana setoran"),
            "ppt/slides/_rels/a.xml.rels": relations(("notesSlide", "../notesSlides/n.xml")),
            "ppt/slides/b.xml": slide("SALINDIARAHASIA", ' show="0"'),
            "ppt/notesSlides/n.xml": notes,
        }
    )


def _body(text: str) -> str:
    return f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody>"


def open_document(kind: str, styles: str, body: str) -> bytes:
    """An OpenDocument file of a kind: "text", "spreadsheet" or "presentation"."""
    content = (
        f'<office:document-content {_SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0"><manifest:file-entry manifest:full-path="/"'
        f' manifest:media-type="{_ODF_TYPE}{kind}"/><manifest:file-entry manifest:full-path="content.xml"'
        ' manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", _ODF_TYPE + kind, zipfile.ZIP_STORED)
        made.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        made.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def cash(number_format: str = "General", width: float = 3.0) -> bytes:
    """A cash book with an amount in a column too narrow for it (XlsxWriter)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("BKU")
        sheet.set_column(0, 1, width)
        sheet.write(0, 0, "Setoran nomor 140891 madrasah Tsanawiyah Al-Hidayah Cibiru Bandung")
        sheet.write(0, 1, 76397250, book.add_format({"num_format": number_format}))
    return out.getvalue()


def formats() -> bytes:
    """Numbers and days in formats of many kinds, in narrow columns (XlsxWriter)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 9, 1)
        values = (
            *((45720, "dd/mm/yy"), (45720, "[$-421]dd mmmm yyyy"), (0.125, "0%"), (76397250, "0.00E+00")),
            *((-1250000, '"Rp"#,##0_);("Rp"#,##0)'), (8470054, ";;;"), (15826780, '#,##0,," juta"')),
        )
        for row, (value, code) in enumerate(values):
            sheet.write(row, 0, value, book.add_format({"num_format": code}))
    return out.getvalue()


def hidden_sheet() -> bytes:
    """A workbook with a hidden and a very hidden sheet (openpyxl)."""
    book = openpyxl.Workbook()
    book.active.append(["Kas biasa", 1000])
    for title, state in (("Setoran", "hidden"), ("Gelap", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append([f"Daftar {title} rahasia", 15000000])
    return _saved(book)


def hidden_cells() -> bytes:
    """A workbook with a hidden row, a hidden column, a comment, a formula without result and a header (openpyxl)."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("Nama", "Jumlah", "KOLOMRAHASIA"), ("BARISRAHASIA", 2000000, "x"), ("Jumlah", "=SUM(B2:B2)", "y")):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A1"].comment = openpyxl.comments.Comment("KOMENTARSEL", "Budi")
    sheet.oddHeader.center.text = "KEPALALEMBAR"
    return _saved(book)


def damaged_sheet() -> bytes:
    """A workbook of which the first sheet breaks off."""
    book = openpyxl.Workbook()
    for number in range(400):
        book.active.append([f"awal {number}", number])
    book.create_sheet("Kedua").append(["LEMBARKEDUA"])
    return changed(_saved(book), "xl/worksheets/sheet1.xml", lambda raw: raw[: len(raw) // 2])


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@functools.cache
def converted(make: Callable[[], bytes], ending: str, to: str) -> bytes:
    """What LibreOffice makes of a document in another format; made once in a session."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"a.{ending}").write_bytes(make())
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", to, "--outdir", name, str(folder / f"a.{ending}")],
            check=True,
            capture_output=True,
        )
        return (folder / f"a.{to}").read_bytes()
