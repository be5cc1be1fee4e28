"""Makes PDFs: with forms, signatures, comments, layers, attached files, and words that their pages do not show."""

import zlib

from rows.row import Row

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_FONTS = b"/Resources<</Font<</F 3 0 R>>>>"


def written(objects: list[bytes], *, is_packed: bool = False) -> bytes:
    """A file of these objects, the first of which is the catalogue; packed: dictionaries in a compressed stream."""
    out = bytearray(b"%PDF-1.5\n")
    places = {}
    packed = [n for n, body in enumerate(objects, 1) if is_packed and b"stream" not in body]
    if packed:
        bodies = [objects[n - 1] for n in packed]
        starts = [sum(len(one) + 1 for one in bodies[:k]) for k in range(len(bodies))]
        head = b" ".join(b"%d %d" % pair for pair in zip(packed, starts, strict=True)) + b"\n"
        data = zlib.compress(head + b"\n".join(bodies))
        extra = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(packed), len(head))
        objects = [*objects, stream(data, extra)]
    for number, body in enumerate(objects, 1):
        if number not in packed:
            places[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    if not packed:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % places[number] for number in range(1, len(objects) + 1))
        out += b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    else:
        entries = b"\0\0\0\0\0\0"
        for number in range(1, len(objects) + 1):
            inside = number in packed
            where, index = (len(objects), packed.index(number)) if inside else (places[number], 0)
            entries += bytes([2 if inside else 1]) + where.to_bytes(4, "big") + bytes([index])
        entries += b"\1" + table.to_bytes(4, "big") + b"\0"
        extra = b"/Type/XRef/Size %d/Root 1 0 R/W[1 4 1]" % (len(objects) + 2)
        out += b"%d 0 obj\n%s\nendobj\n" % (len(objects) + 1, stream(entries, extra))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """The object of a stream."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (extra, len(data), data)


def page(
    drawing: bytes = b"BT /F 24 Tf 72 720 Td (Pungutan) Tj ET",
    *more: bytes,
    catalogue: bytes = b"",
    entries: bytes = b"/MediaBox[0 0 600 800]",
    is_packed: bool = False,
) -> bytes:
    """A PDF of one page; `more` are objects from number 6."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
        _FONT,
        b"<</Type/Page/Parent 2 0 R/Contents 5 0 R%s%s>>" % (b"" if b"/Resources" in entries else _FONTS, entries),
        stream(drawing),
        *more,
    ]
    return written(objects, is_packed=is_packed)


_BOX = b"/MediaBox[0 0 600 800]"
_FORM = b"/AcroForm<</Fields[6 0 R 7 0 R]/DR<</Font<</F 3 0 R>>>>/DA(/F 12 Tf 0 g)>>"
_SIGNED = stream(
    b"1 0 0 rg 0 0 200 100 re f 0 g BT /F 12 Tf 5 5 Td (Ditandatangani KEPALA) Tj ET",
    b"/Type/XObject/Subtype/Form/BBox[0 0 200 100]" + _FONTS,
)
_SIGNATURE = (
    b"<</Type/Annot/Subtype/Widget/FT/Sig/T(ttd)/F 4/Rect[300 200 500 300]/AP<</N 8 0 R>>"
    b"/V<</Type/Sig/Name(Budi)/ByteRange[0 1 2 3]/Contents<0603550403%s>>>>>"
)
_NAMED = (b"\x0c\x0aBALAI BSRE").hex().encode()


def letter(catalogue: bytes = _FORM, *, is_packed: bool = False) -> bytes:
    """A typed field without an appearance of its own, and a signature with one, as e-office programs make them."""
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(nama)/V(KASI MADRASAH)/F 4/Rect[72 500 300 530]/DA(/F 12 Tf 0 g)>>"
    entries = _BOX + b"/Annots[6 0 R 7 0 R]"
    more = (field, _SIGNATURE % _NAMED, _SIGNED)
    return page(b"", *more, catalogue=catalogue, entries=entries, is_packed=is_packed)


def ticked() -> bytes:
    """A box that is ticked, and one that is not; only the first has ink."""
    on = stream(b"0 0 1 rg 0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]")
    box = b"<</Type/Annot/Subtype/Widget/FT/Btn/T(%s)/V/%s/AS/%s/F 4/Rect[%s]/AP<</N<</Ya 8 0 R>>>>>>"
    yes = box % (b"setuju", b"Ya", b"Ya", b"100 600 200 700")
    no = box % (b"tolak", b"Off", b"Off", b"300 600 400 700")
    return page(b"", yes, no, on, catalogue=_FORM, entries=_BOX + b"/Annots[6 0 R 7 0 R]")


def commented(kind: bytes = b"Text", text: bytes = b"(Catatan atasan)", extra: bytes = b"") -> bytes:
    """A page with a comment."""
    note = b"<</Type/Annot/Subtype/%s/Rect[100 600 120 620]/T(Ani)/Contents%s%s>>" % (kind, text, extra)
    return page(b"", note, entries=_BOX + b"/Annots[6 0 R]")


def layered(state: bytes = b"/OFF[6 0 R]") -> bytes:
    """A blue square in a layer that readers do not show at first, and words in it."""
    drawing = b"/OC /L BDC 0 0 1 rg 100 300 200 200 re f 0 g BT /F 24 Tf 72 720 Td (Rahasia) Tj ET EMC"
    entries = _BOX + b"/Resources<</Font<</F 3 0 R>>/Properties<</L 6 0 R>>>>"
    catalogue = b"/OCProperties<</OCGs[6 0 R]/D<<%s>>>>" % state
    return page(drawing, b"<</Type/OCG/Name(Draf)>>", catalogue=catalogue, entries=entries)


def attached(*, is_packed: bool = False) -> bytes:
    """A text in the tree of attached files, and one in a comment."""
    names = b"/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>"
    note = b"<</Type/Annot/Subtype/FileAttachment/Rect[9 9 30 30]/FS 8 0 R>>"
    spec = b"<</Type/Filespec/F(%s)/EF<</F %d 0 R>>>>"
    files = (spec % (b"kas.txt", 7), stream(b"Setoran ke kas", b"/Type/EmbeddedFile"), spec % (b"b.txt", 9))
    more = (*files, stream(b"Uang dari madrasah", b"/Type/EmbeddedFile"), note)
    return page(b"", *more, catalogue=names, entries=_BOX + b"/Annots[10 0 R]", is_packed=is_packed)


def scanned() -> bytes:
    """Words that a machine wrote in invisible ink over a drawing of letters."""
    letters = stream(b" ".join(b"%d 715 3 25 re f" % x for x in range(72, 180, 6)), _DRAWING)
    entries = _BOX + b"/Resources<</Font<</F 3 0 R>>/XObject<</P 6 0 R>>>>"
    return page(b"/P Do BT 3 Tr /F 24 Tf 72 720 Td (Kuitansi) Tj ET", letters, entries=entries)


_DRAWING = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]"


def broken_page() -> bytes:
    """Three pages, the second of which is no page."""
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R%s>>" % _FONTS] * 2
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 3/Kids[5 0 R 7 0 R 6 0 R]>>",
        _FONT,
        stream(b"0 0 1 rg 100 300 200 200 re f BT /F 24 Tf 72 720 Td (Pungutan) Tj ET"),
        *pages,
        b"(bukan halaman)",
    ]
    return written(objects)


def hiding(drawing: bytes, entries: bytes = _BOX) -> bytes:
    """A page with words that are shown, and others."""
    return page(b"BT /F 24 Tf 72 720 Td (Tampak) Tj ET " + drawing, entries=entries)


_WORDS = b"BT /F 24 Tf 72 500 Td (Diselipkan) Tj ET "
_BOXED = b"/MediaBox[0 0 600 800]/CropBox[0 600 600 800]"
_TURNED = b"/MediaBox[0 0 600 800]/Rotate 90"
_COVERED = ("covered",)
_FIELDS = ("fields", "signatures")

_SCRIPT = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"

ROWS = [
    Row(
        *("ttd.pdf", letter, "pdf", ("KASI MADRASAH", "KEPALA", "BALAI BSRE")),
        notes=_FIELDS,
        never=("xfa", "covered", "text-layer", "unread"),
        pages=1,
        seen=((1, 700, 650, RED), (1, 900, 100, WHITE)),
    ),
    # Fields of which the catalogue does not know: readers draw them all the same.
    Row("ttd-tanpa-acroform.pdf", lambda: letter(b""), "pdf", ("KEPALA",), notes=_FIELDS, seen=((1, 700, 650, RED),)),
    Row("ttd-padat.pdf", lambda: letter(is_packed=True), "pdf", ("BALAI BSRE",), notes=_FIELDS),
    Row("centang.pdf", ticked, "pdf", notes=("fields",), seen=((1, 250, 187, BLUE), (1, 580, 187, WHITE))),
    Row("komentar.pdf", commented, "pdf", ("Catatan atasan",), notes=("comments",)),
    Row(
        *("stabilo.pdf", lambda: commented(b"Highlight", b"<FEFF0053006500740075006A0075>"), "pdf", ("Setuju",)),
        notes=("comments",),
    ),
    Row(
        *("tersembunyi.pdf", lambda: commented(extra=b"/F 2"), "pdf", ("Catatan atasan",)),
        notes=("comments", "not-drawn"),
    ),
    Row("lapisan.pdf", layered, "pdf", ("Rahasia",), notes=("layers", "covered"), seen=((1, 300, 500, WHITE),)),
    Row("lapisan-tampak.pdf", lambda: layered(b""), "pdf", never=("layers", "covered"), seen=((1, 300, 500, BLUE),)),
    Row("lampiran.pdf", attached, "pdf", ("Setoran",), warnings=("attachments",), parts=(("1", "text"), ("2", "text"))),
    Row("lampiran-padat.pdf", lambda: attached(is_packed=True), "pdf", ("madrasah",), warnings=("attachments",)),
    Row(
        *(
            "xfa.pdf",
            lambda: page(b"", stream(b"<d><a>Formulir</a></d>"), catalogue=b"/AcroForm<</XFA[(datasets)6 0 R]>>"),
        ),
        *("pdf", ("Formulir",)),
        notes=("xfa",),
    ),
    Row("pindai.pdf", scanned, "pdf", ("Kuitansi",), notes=("text-layer",), never=_COVERED),
    Row("tinta-tak-tampak.pdf", lambda: hiding(b"3 Tr " + _WORDS), "pdf", ("Diselipkan",), notes=_COVERED),
    Row("putih.pdf", lambda: hiding(b"1 g " + _WORDS), "pdf", ("Diselipkan",), notes=_COVERED),
    Row("kotak.pdf", lambda: hiding(_WORDS + b"0 g 60 490 200 40 re f"), "pdf", ("Diselipkan",), notes=_COVERED),
    Row("luar.pdf", lambda: hiding(_WORDS, _BOXED), "pdf", ("Diselipkan", "Tampak"), notes=_COVERED),
    Row("putar.pdf", lambda: hiding(_WORDS, _TURNED), "pdf", ("Diselipkan",), never=_COVERED, pages=1),
    Row(
        *("halaman-rusak.pdf", broken_page, "pdf", ("Pungutan",)),
        notes=("broken-pages",),
        pages=3,
        seen=((1, 300, 500, BLUE), (3, 300, 500, BLUE)),
    ),
    Row("tautan.pdf", lambda: page(catalogue=b"/X<</S/URI/URI(http://example.com)>>"), "pdf", notes=("web-links",)),
    Row("skrip-padat.pdf", lambda: page(catalogue=_SCRIPT, is_packed=True), "pdf", warnings=("script",)),
    Row(
        "skrip-nama.pdf", lambda: page(catalogue=b"/OpenAction<</S/J#61vaScript/J#53(x)>>"), "pdf", warnings=("script",)
    ),
    Row("jalankan.pdf", lambda: page(catalogue=b"/OpenAction<</S/Launch/F(/bin/sh)>>"), "pdf", warnings=("launch",)),
    Row(
        "jaringan.pdf",
        lambda: page(catalogue=b"/OpenAction<</S/GoToR/F(\\\\\\\\x\\\\y)>>"),
        "pdf",
        warnings=("external",),
    ),
    # The words of an attack in a text are none.
    Row("kata.pdf", lambda: page(b"BT /F 24 Tf 72 720 Td (/JavaScript /Launch) Tj ET"), "pdf"),
]
