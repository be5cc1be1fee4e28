"""Makes documents of office programs as people send them, with what their authors hid, deleted or linked."""

import io
import struct
import zipfile

import samples
from compound import compound

from rows import office_files as files
from rows.row import Row

_DELETED = (
    f"<w:p>{files.run('Surat resmi')}<w:del w:id='1' w:author='Atasan'><w:r><w:delText>TEKSDIHAPUS</w:delText></w:r>"
    f"</w:del><w:ins w:id='2' w:author='Atasan'>{files.run('TEKSDISISIP')}</w:ins></w:p>"
    f"<w:p>{files.run('TEKSGELAP', '<w:vanish/>')}<w:r><w:commentReference w:id='0'/></w:r></w:p>"
)
_COMMENT = f"<w:comment w:id='0' w:author='Budi Sitorus'><w:p>{files.run('KOMENTARPINGGIR')}</w:p></w:comment>"
_TRACKED = (
    "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion><text:p>TEKSDIHAPUS</text:p>"
    "</text:deletion></text:changed-region></text:tracked-changes>"
    "<text:p>Surat <text:span text:style-name='T1'>TEKSGELAP</text:span>"
    "<office:annotation><dc:creator>Budi</dc:creator><text:p>KOMENTARPINGGIR</text:p></office:annotation></text:p>"
)
_GONE = "<style:style style:name='T1' style:family='text'><style:text-properties text:display='none'/></style:style>"
_TABLES = (
    "<table:table table:name='Kas'><table:table-row>"
    "<table:table-cell office:value-type='float' office:value='76397250'>"
    "<text:p>###</text:p></table:table-cell></table:table-row><table:table-row table:visibility='collapse'>"
    "<table:table-cell office:value-type='string'><text:p>BARISRAHASIA</text:p></table:table-cell></table:table-row>"
    "</table:table><table:table table:name='Gelap' table:style-name='ta2'><table:table-row><table:table-cell>"
    "<text:p>LEMBARRAHASIA</text:p></table:table-cell></table:table-row></table:table>"
)
_HIDDEN_TABLE = (
    "<style:style style:name='ta2' style:family='table'><style:table-properties table:display='false'/></style:style>"
)
_REMOTE_SECTION = (
    "<text:section text:name='a'><text:section-source xlink:href='http://example.com/a.odt'/></text:section>"
)
_RTF_FIELD = rb"{\rtf1\ansi Surat {\field{\*\fldinst INCLUDEPICTURE \\d http://example.com/p.png}{\fldrslt x}} tugas}"
_RTF_OBJECT = rb"{\rtf1\ansi Surat tugas {\object\objautlink{\*\objclass Excel.Sheet.8}{\result tabel}}}"


def _template(target: str) -> bytes:
    more = {"word/_rels/settings.xml.rels": files.relations(("attachedTemplate", target, "External"))}
    return samples.docx("Surat tugas", more=more)


def _link(target: str) -> bytes:
    more = {"word/_rels/document.xml.rels": files.relations(("hyperlink", target, "External"))}
    return samples.docx("Surat tugas", more=more)


def _dde() -> bytes:
    return files.word(files.field(r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"'))


def _with_photo() -> bytes:
    """A letter with a photo and an embedded workbook."""
    made = samples.docx("Foto terlampir")
    out = io.BytesIO(made)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/media/image1.jpeg", samples.photo(size=(600, 400)))
        archive.writestr("word/embeddings/kas.xlsx", files.cash())
    return out.getvalue()


def _old_macro() -> bytes:
    """A workbook of Excel 97 with a sheet of macros (MS-XLS 2.4.28)."""
    sheet = struct.pack("<IBB", 0, 0, 1) + b"\x06\0Makro1"
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    return compound({"Workbook": begin + struct.pack("<HH", 0x0085, len(sheet)) + sheet})


def _deep() -> bytes:
    table = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return files.word(table[0] * 1500 + f"<w:p>{files.run('paling dalam')}</w:p>" + table[1] * 1500)


ROWS = [
    Row("47-kas.xlsx", files.cash, "xlsx", found=("76397250", "Cibiru"), never=("###", "7.6E"), pages=1),
    Row(
        "kas-rupiah.xlsx",
        lambda: files.cash("[$Rp-421]#,##0.00"),
        "xlsx",
        found=("76397250", "Rp76,397,250.00"),
        never=("###",),
    ),
    Row(
        "49-kas.xls",
        lambda: files.converted(files.cash, "xlsx", "xls"),
        "xls",
        found=("76397250", "Cibiru"),
        never=("###", "8E+07", "7.6E"),
    ),
    Row(
        "format-sempit.xlsx",
        files.formats,
        "xlsx",
        found=("2025-03-04", "04 Maret 2025", "0.125", "76397250", "1250000", "8470054", "15826780"),
        never=("###",),
    ),
    Row(
        "70-lembar-tersembunyi.xlsx",
        files.hidden_sheet,
        "xlsx",
        found=("Daftar Setoran rahasia", "Daftar Gelap rahasia", "15000000"),
        notes=("hidden-sheets",),
        pages=3,
    ),
    Row(
        "baris-tersembunyi.xlsx",
        files.hidden_cells,
        "xlsx",
        found=("KOLOMRAHASIA", "BARISRAHASIA", "KOMENTARSEL", "KEPALALEMBAR", "2000000"),
        notes=("hidden-rows", "hidden-columns", "comments", "no-results"),
    ),
    Row("lembar-rusak.xlsx", files.damaged_sheet, "xlsx", found=("awal 1", "LEMBARKEDUA"), notes=("broken-parts",)),
    Row(
        "kas.ods",
        lambda: files.open_document("spreadsheet", _HIDDEN_TABLE, _TABLES),
        "ods",
        found=("76397250", "BARISRAHASIA", "LEMBARRAHASIA"),
        notes=("hidden-sheets", "hidden-rows"),
    ),
    Row(
        "09-surat.docx",
        lambda: samples.docx("Surat tugas kepala seksi"),
        "docx",
        found=("kepala seksi",),
        never=("external",),
    ),
    Row(
        "surat-dikoreksi.docx",
        lambda: files.word(_DELETED, comments=_COMMENT),
        "docx",
        found=("TEKSDIHAPUS", "TEKSDISISIP", "TEKSGELAP", "KOMENTARPINGGIR", "Sitorus"),
        notes=("changes", "hidden-text", "comments"),
        pages=1,
    ),
    Row(
        "surat-dikoreksi.odt",
        lambda: files.open_document("text", _GONE, _TRACKED),
        "odt",
        found=("TEKSDIHAPUS", "TEKSGELAP", "KOMENTARPINGGIR"),
        notes=("changes", "hidden-text", "comments"),
    ),
    Row(
        "paparan.pptx",
        files.slides,
        "pptx",
        found=("Rencana setoran", "SALINDIARAHASIA", "CATATANPEMBICARA"),
        notes=("hidden-slides", "slide-notes"),
    ),
    Row(
        "surat-gambar-jauh.docx",
        lambda: files.word(files.field(r'INCLUDEPICTURE "http://example.com/p.png" \d')),
        "docx",
        warnings=("external",),
    ),
    Row(
        "surat-teks-jauh.docx",
        lambda: files.word(
            f"<w:p><w:fldSimple w:instr='INCLUDETEXT \"//server/a.docx\"'>{files.run('x')}</w:fldSimple></w:p>"
        ),
        "docx",
        warnings=("external",),
    ),
    Row("surat-dde.docx", _dde, "docx", warnings=("launch",)),
    Row("templat-jauh.docx", lambda: _template("http://example.com/t.dotm"), "docx", warnings=("external",)),
    Row("templat-sendiri.docx", lambda: _template("file:///C:/Users/a/Normal.dotm"), "docx"),
    Row("tautan-biasa.docx", lambda: _link("https://kemenag.go.id"), "docx"),
    Row(
        "bagian-jauh.odt",
        lambda: files.open_document("text", "", _REMOTE_SECTION),
        "odt",
        warnings=("external",),
    ),
    Row("surat-gambar-jauh.rtf", lambda: _RTF_FIELD, "rtf", found=("tugas",), warnings=("external",)),
    Row("surat-objek.rtf", lambda: _RTF_OBJECT, "rtf", found=("Surat tugas",), notes=("links", "objects")),
    Row(
        "surat-berfoto.docx",
        _with_photo,
        "docx",
        found=("Foto terlampir",),
        notes=("objects",),
        parts=(("1", "jpeg"), ("2", "xlsx")),
    ),
    Row("makro.xls", _old_macro, "xls", warnings=("macro",)),
    Row("tabel-dalam-tabel.docx", _deep, "docx", found=("paling dalam",), pages=None),
]
