"""Makes texts as programs write them: with odd bytes, in many encodings, long, and with markup that is no text."""

import samples

from rows.row import Row

_CANARY = samples.CANARY
_CHAT = "Pesan dari Pak Kasi 🙏🏽: setoran paling lambat Jumat – tolong dirahasiakan\n"
_WORDS = "Setoran kepala seksi 15.000.000\r\n"
_TEXT = {"kind": "text", "found": ("setoran",), "copy": ("etoran",)}
_EMOJI = {**_TEXT, "copy": ("🙏", "–"), "never": ("ðŸ", "â€"), "notes": ("broken",)}

_PAGE = f"""<!-- {_CANARY} --><html><head><meta name="author" content="{_CANARY}"><title>Bukti</title>
<style>.a {{ color: red }}</style></head><body><script>var {_CANARY} = 1</script>
<p>Setoran Rp&nbsp;5.000.000 &amp; lagi<table><tr><td>Januari<td>tersembunyi</table>
<p style="display:none">Catatan rahasia<img alt="foto kuitansi" src="data:,"></body></html>"""
_DRAWING = f"""<svg xmlns="http://www.w3.org/2000/svg"><metadata>{_CANARY}</metadata><!-- {_CANARY} -->
<text x="1">Setoran <tspan>seksi</tspan></text><path d="M0 0"/></svg>"""
_MARKED = {"found": ("setoran",), "never": (_CANARY, "misnamed"), "not_in_copy": (_CANARY.encode(), b"<")}
_CARD = (
    f"BEGIN:VCARD\r\nVERSION:2.1\r\nPRODID:-//{_CANARY}//x\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4B=61=73=69=20=\r\n"
    "=53=65=74=6F=72=61=6E\r\nTEL;TYPE=CELL:+62812\r\nPHOTO;ENCODING=BASE64:/9j/4AAQ\r\n AAAA\r\n\r\nEND:VCARD\r\n"
)
_CALENDAR = (
    f"BEGIN:VCALENDAR\r\nPRODID:{_CANARY}\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Rapat seto\r\n ran\\, madrasah\r\n"
    "DTSTART:20250303T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
_SHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns:ss="urn:x"><DocumentProperties>'
    f"<Author>{_CANARY}</Author></DocumentProperties><Worksheet ss:Name='Kas'><Table><Row><Cell><Data>Setoran</Data>"
    "</Cell><Cell><Data>76397250</Data></Cell></Row></Table></Worksheet></Workbook>"
)


def _chat(size: int, line: str, last: str) -> bytes:
    raw = line.encode()
    return raw * (size // len(raw) + 1) + last.encode()


ROWS = [
    # Finding 11: odd bytes.
    Row("17-dos-eof.txt", lambda: f"LAPORAN\r\n{_WORDS}\r\n".encode() + b"\x1a", **_TEXT, not_in_copy=(b"\x1a",)),
    Row("20-chat-byte-rusak.txt", lambda: (_CHAT * 3).encode() + b"\xed\xa0\xbd akhir pesan \xf0\x9f\x99\n", **_EMOJI),
    Row("21-chat-nul.txt", lambda: (_CHAT * 3).encode() + b"\0 sisa\n", **_EMOJI),
    Row("chat-cesu8.txt", lambda: b"Setoran \xed\xa0\xbd\xed\xb8\x80 lunas\n", **(_TEXT | {"copy": ("😀",)})),
    Row("log-nul-panjang.txt", lambda: _WORDS.encode() + bytes(5000) + _WORDS.encode(), notes=("broken",), **_TEXT),
    Row(
        "cetak-dos.txt",
        lambda: b"\x1b@\x1bESetoran\x1bF\x0ckepala\rseksi\x1b[1m tebal\x1b[0m\n",
        notes=("marks",),
        **_TEXT,
    ),
    Row(
        "kas-cp850.txt",
        lambda: f"┌──────┐\r\n│Kas   │ {_WORDS}└──────┘".encode("cp850"),
        **(_TEXT | {"copy": ("┌──",)}),
    ),
    Row(
        "surat-arab-1256.txt",
        lambda: "السلام عليكم ورحمة الله\nوبركاته setoran".encode("cp1256"),
        **(_TEXT | {"copy": ("السلام",)}),
    ),
    Row("catatan-utf16-tanpa-tanda.txt", lambda: (_WORDS * 3).encode("utf-16-le"), notes=("letters-guessed",), **_TEXT),
    Row("catatan-utf16-be.txt", lambda: b"\xfe\xff" + _CHAT.encode("utf-16-be"), **(_TEXT | {"copy": ("🙏",)})),
    Row(
        "campur-1252-utf8.txt",
        lambda: b"Setoran \x93A\x94 caf\xe9\n" * 9 + "lunas – beres\n".encode(),
        **(_TEXT | {"copy": ("“A” café", "–")}),
    ),
    # Finding 18h: marks of direction.
    Row(
        *("chat-lrm.txt", "\u200e[01/03/25] \u202a+62 812\u202c: \u200eset\u00adoran \u202epalsu\n".encode),
        **(_TEXT | {"copy": ("[01/03/25] +62 812: setoran",), "notes": ("marks",)}),
        not_in_copy=("\u200e".encode(),),
    ),
    # Finding 2: long texts.
    Row(
        "chat-1100kB.txt",
        lambda: _chat(1_100_000, _CHAT, "KALIMATTERAKHIR"),
        "text",
        found=("KALIMATTERAKHIR",),
        never=("cut",),
    ),
    # Finding 4: the source of a page is no text.
    Row(
        "halaman.html",
        _PAGE.encode,
        "html",
        **_MARKED,
        warnings=("script",),
        notes=("source-lines", "hidden-text", "undrawn"),
        copy=("Rp\u00a05.000.000 & lagi", "rahasia", "kuitansi"),
    ),
    Row("halaman-utf16.htm", lambda: _PAGE.encode("utf-16"), "html", **_MARKED, warnings=("script",)),
    Row("denah.svg", _DRAWING.encode, "svg", **_MARKED, notes=("undrawn", "source-lines")),
    Row("kontak.vcf", _CARD.encode, "vcf", **_MARKED, notes=("source-lines", "undrawn")),
    Row("rapat.ics", _CALENDAR.encode, "ics", **_MARKED),
    Row("kas-2003.xls", _SHEET.encode, "xml", **_MARKED, copy=("76397250",)),
    Row(
        "sms.xml",
        lambda: b'<?xml version="1.0"?><!-- x --><smses><sms address="+62" body="Setoran &amp; lunas"/></smses>',
        "xml",
        found=("setoran",),
        copy=("Setoran & lunas",),
    ),
    Row(
        "surat-eps.eps",
        f"%!PS-Adobe-3.0\n%%Author: {_CANARY}\n(Setoran) show\n".encode,
        "postscript",
        state="unsupported",
    ),
    Row("online.txt", lambda: b"Setoran online = 5, onkos = 3, src=//a http://b <script\n", **_TEXT),
]
