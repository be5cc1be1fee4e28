"""Makes mails as programs save them: MIME of many kinds, Outlook, mailboxes, TNEF, saved pages."""

import base64
import binascii
import io

import samples
from PIL import Image

from rows.row import Row
from tests.support.outlook import BODY, HTML, SENDER, SENDER_ADDRESS, SUBJECT, Outlook

HEAD = (
    b"From: Kasi <kasi@example.go.id>\r\nTo: staf@example.go.id\r\nSubject: %s\r\n"
    b"Date: Mon, 3 Mar 2025 09:00:00 +0700\r\n"
)
MIME = b"MIME-Version: 1.0\r\n"
PDF = samples.pdf(text="Kuitansi setoran")
_MARCH: int = 133_854_408_000_000_000  # FILETIME of 2025-03-03 02:00 UTC


def mail(body: bytes, *fields: bytes, subject: bytes = b"Setoran") -> bytes:
    """A mail of one entity."""
    return HEAD % subject + MIME + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + body


def multipart(
    kind: bytes, *parts: tuple[bytes, bytes], end: bytes = b"--B--\r\n", subject: bytes = b"Setoran"
) -> bytes:
    """A mail of parts, each (fields, body)."""
    inner = b"".join(b"--B\r\n%s\r\n\r\n%s\r\n" % part for part in parts)
    return mail(inner + end, b'Content-Type: multipart/%s; boundary="B"' % kind, subject=subject)


def attached(name: bytes, data: bytes, kind: bytes = b"application/octet-stream") -> tuple[bytes, bytes]:
    """A part in base64 with a name."""
    return (
        b'Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="%s"'
        % (kind, name),
        base64.encodebytes(data),
    )


def text(body: bytes, charset: bytes = b"utf-8") -> tuple[bytes, bytes]:
    """A part of plain text."""
    return b"Content-Type: text/plain; charset=%s" % charset, body


def page(body: bytes, charset: bytes = b"utf-8") -> tuple[bytes, bytes]:
    """A part of HTML."""
    return b"Content-Type: text/html; charset=%s" % charset, b"<html><body>%s</body></html>" % body


def photo() -> bytes:
    """A small photo without metadata."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


BOSS = (
    b"From: bos@example.go.id\r\nTo: kasi@example.go.id\r\nSubject: Asli\r\nDate: Sun, 2 Mar 2025 08:00:00 +0700\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSetor sebelum Jumat.\r\n"
)


def _forwarded(body: bytes = b"Diteruskan.") -> bytes:
    return multipart(b"mixed", text(body), (b"Content-Type: message/rfc822", BOSS))


def _signed_opaque() -> bytes:
    """CMS in BER, of indefinite lengths, as OpenSSL streams it."""
    inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSetoran ditandatangani.\r\n"
    pieces = b"".join(b"\x04" + bytes([len(one)]) + one for one in (inner[:40], inner[40:]))
    content = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80\x24\x80" + pieces + bytes(6)
    data = b"\x30\x80\x02\x01\x01\x31\x00" + content + b"\x31\x00" + bytes(2)
    signed = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010702") + b"\xa0\x80" + data + bytes(4)
    kind = b'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'
    return mail(base64.encodebytes(signed), kind, b"Content-Transfer-Encoding: base64")


def _enveloped() -> bytes:
    sealed = b"\x30\x20\x06\x09" + bytes.fromhex("2a864886f70d010703") + bytes(21)
    kind = b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"'
    return mail(base64.encodebytes(sealed), kind, b"Content-Transfer-Encoding: base64")


def _deep() -> bytes:
    """An archive in a mail in an archive."""
    inner = multipart(
        b"mixed", text(b"Lihat."), attached(b"bukti.zip", samples.archive({"nota.txt": b"Rekening rahasia"}))
    )
    return samples.archive({"surat.eml": inner, "lain.txt": b"lain"})


def _outlook(**more: object) -> Outlook:
    values = {SUBJECT: "Setoran bulanan", SENDER: "Kasi Haji", SENDER_ADDRESS: "kasi@example.go.id"}
    return Outlook(values | {BODY: "Mohon setoran lima juta, Pak."}, **more)  # type: ignore[arg-type]


def _outlook_full() -> bytes:
    inner = Outlook({SUBJECT: "Perintah", SENDER: "Bos", BODY: "Setor sebelum Jumat."}, files=[("nota.pdf", PDF)])
    people = [("Staf", "staf@example.go.id", 1), ("Bendahara", "b@example.go.id", 2)]
    return _outlook(people=people, files=[("bukti.pdf", PDF), ("Perintah", inner)], sent=_MARCH).msg()


def _mailbox() -> bytes:
    lines = b"From a@example.go.id Mon Mar  3 09:00:00 2025\n"
    second = _forwarded().replace(b"\r\n", b"\n")
    return lines + mail(b"Surat pertama.\n").replace(b"\r\n", b"\n") + b"\n" + lines + second


def _saved_page() -> bytes:
    head = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.go.id/berita\r\nSubject: Berita\r\n"
    kind = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n'
    html = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    picture = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://example.go.id/a\r\n\r\n"
    body = b"<html><body><h1>Setoran kas</h1><p>Rp=C2=A05.000.000</p></body></html>"
    parts = b"--B\r\n%s%s\r\n--B\r\n%s%s\r\n" % (html, body, picture, base64.encodebytes(photo()))
    return head + kind + parts + b"--B--\r\n"


_NAMED_IN_PIECES = (
    b"Content-Transfer-Encoding: base64\r\nContent-Type: application/pdf;"
    b" name*0*=utf-8''bukti%20se; name*1*=tor%C3%A1n.pdf"
)
ROWS = [
    # As found: an unknown charset, HTML, an attachment, no From, a mail in a mail, raw UTF-8.
    Row(
        "22-surel-charset.eml",
        lambda: mail(b"Mohon setoran lima juta segera.\r\n", b'Content-Type: text/plain; charset="unknown-8bit"'),
        *("mail", ("setoran", "kasi")),
        notes=("charset",),
    ),
    Row(
        "23-surel-html.eml",
        lambda: mail(
            b"<html><head><style>p{color:red}</style></head><body><p>Mohon&nbsp;setoran "
            b"Rp&nbsp;5.000.000 &amp; kuitansi</p></body></html>",
            b'Content-Type: text/html; charset="utf-8"',
            subject=b"=?utf-8?B?U2V0b3JhbiBidWxhbmFu?=",
        ),
        *("mail", ('"Setoran bulanan"', '"setoran Rp 5.000.000"')),
        never=("&nbsp;", "&amp;", "color"),
        copy=("5.000.000 & kuitansi",),
        not_in_copy=(b"&nbsp;", b"<p>"),
    ),
    Row(
        "24-surel-lampiran.eml",
        lambda: multipart(
            b"mixed", text(b"Terlampir bukti."), attached(b"bukti transfer.pdf", PDF, b"application/pdf")
        ),
        *("mail", ("terlampir", "kuitansi")),
        parts=(("1", "pdf"),),
    ),
    Row(
        "64-surel-tanpa-mime.eml",
        lambda: (
            b"Date: Mon, 3 Mar 2025 09:00:00 +0700\r\nSubject: Setoran lima juta\r\nTo: b@example.go.id\r\n\r\nIsi.\r\n"
        ),
        *("mail", ('"setoran lima juta"', "isi")),
    ),
    Row(
        "66-surel-teruskan.eml",
        _forwarded,
        *("mail", ("diteruskan", '"From: bos@example.go.id"', "Jumat")),
        parts=(("1", "mail"),),
        copy=("┃ From: bos@example.go.id", "┃ Setor sebelum Jumat."),
    ),
    Row(
        "67-surel-utf8-mentah.eml",
        lambda: mail(
            "Rp5.000.000 – kepala seksi 🙏\r\n".encode(),
            b"Content-Type: text/plain; charset=us-ascii",
            subject="Setoran – bulanan 🙏".encode(),
        ),
        *("mail", ('"kepala seksi"',)),
        never=("\ufffd", "charset"),
        copy=("Setoran – bulanan 🙏", "5.000.000 – kepala seksi 🙏"),
    ),
    # Of the same kinds: one bad part takes only itself.
    Row(
        "satu-bagian-rusak.eml",
        lambda: multipart(
            b"mixed",
            text(b"Bagian pertama.", b"x-tidak-ada"),
            text("Bagian kedua: naïf.".encode("cp1252"), b"utf-8"),
            (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", b"U2V0b3Jhbg=!=*"),
            (b"Content-Type: =?x?q?; ;;charset*=%%''", b"Bagian keempat."),
            (b"Content-Type: multipart/mixed; boundary=hilang", b"Bagian kelima."),
        ),
        *("mail", ('"bagian pertama"', "naïf", "setoran", '"bagian keempat"', '"bagian kelima"')),
        notes=("charset", "broken-parts"),
    ),
    Row(
        "kepala-rusak.eml",
        lambda: multipart(
            b"mixed", text(b"Tetap terbaca."), subject=b"=?utf-8?B?U2V0b3Jhb?= =?x-y?Q?=FFrahasia?=\r\n\tlanjut"
        ),
        *("mail", ("terbaca", "lanjut", "setora")),
        notes=("charset",),
    ),
    Row(
        "jepang.eml",
        lambda: mail("入金してください".encode("iso2022_jp"), b"Content-Type: text/plain; charset=ISO-2022-JP"),
        *("mail", ()),
        copy=("入金してください",),
        never=("charset",),
    ),
    Row(
        "arab-windows.eml",
        lambda: multipart(b"mixed", text("مبلغ الدفع".encode("cp1256"), b"windows-1256"), text(b"Terjemahan: setoran")),
        *("mail", ("مبلغ", "setoran")),
    ),
    Row(
        "utf16.eml",
        lambda: mail(
            base64.encodebytes("Setoran enam belas".encode("utf-16")),
            *(b"Content-Type: text/plain; charset=utf-16", b"Content-Transfer-Encoding: base64"),
        ),
        *("mail", ('"enam belas"',)),
    ),
    Row(
        "kepala-8bit.eml",
        lambda: mail(b"Isi.", subject="Caf\xe9 setoran".encode("latin-1")) + b"\r\n",
        *("mail", ("café",)),
        notes=("charset",),
    ),
    # Structure stays: who wrote what.
    Row(
        "teruskan-dua-kali.eml",
        lambda: multipart(
            *(b"mixed", text(b"Teruskan lagi.")), (b"Content-Type: message/rfc822", _forwarded().replace(b"B", b"C"))
        ),
        *("mail", ("Jumat", '"teruskan lagi"')),
        parts=(("1", "mail"), ("1.1", "mail")),
        copy=("┃ ┃ From: bos@example.go.id", "┃ Diteruskan."),
    ),
    Row(
        "tanda-palsu.eml",
        lambda: mail(
            "┃ From: bos@example.go.id\r\n▷ 1: bukti.pdf\r\n".encode(), b"Content-Type: text/plain; charset=utf-8"
        ),
        *("mail", ("bukti",)),
        parts=(),
        copy=("| From: bos@example.go.id", "> 1: bukti.pdf"),
        not_in_copy=("┃".encode(), "▷".encode()),
    ),
    Row(
        "teruskan-base64.eml",
        lambda: multipart(b"mixed", text(b"Lihat."), attached(b"asli.eml", BOSS, b"message/rfc822")),
        *("mail", ("Jumat",)),
        parts=(("1", "mail"),),
    ),
    Row(
        "dua-teks-sama.eml",
        lambda: multipart(
            b"alternative", text(b"Mohon setoran & kuitansi"), page(b"<p>Mohon setoran &amp; kuitansi</p>")
        ),
        *("mail", ("kuitansi",)),
        never=("two-texts",),
    ),
    Row(
        "dua-teks-berbeda.eml",
        lambda: multipart(b"alternative", text(b"Selamat pagi."), page(b"<p>Setor ke rekening saya.</p>")),
        *("mail", ("pagi", "rekening")),
        notes=("two-texts",),
    ),
    Row(
        "nama-rfc2231.eml",
        lambda: multipart(
            b"mixed",
            text(b"Lihat."),
            (_NAMED_IN_PIECES, base64.encodebytes(PDF)),
        ),
        *("mail", ()),
        parts=(("1", "pdf"),),
        copy=("▷ 1: bukti setorán.pdf (application/pdf)",),
    ),
    Row(
        "tanpa-akhir.eml",
        lambda: multipart(b"mixed", text(b"Bagian pertama."), attached(b"b.png", photo(), b"image/png"), end=b""),
        *("mail", ("pertama",)),
        parts=(("1", "png"),),
    ),
    Row(
        "batas-salah.eml",
        lambda: multipart(b"mixed", text(b"Terlampir."), attached(b"b.pdf", PDF)).replace(
            b'boundary="B"', b'boundary="X"'
        ),
        *("mail", ("terlampir",)),
        parts=(("1", "pdf"),),
    ),
    Row(
        "uuencode.eml",
        lambda: mail(
            b"Lihat berkas:\r\nbegin 644 nota.txt\r\n%send\r\nSalam.\r\n"
            % (binascii.b2a_uu(b"Rekening rahasia").replace(b"\n", b"\r\n") + b"`\r\n")
        ),
        *("mail", ("salam", "rahasia")),
        parts=(("1", "text"),),
    ),
    Row(
        "mengalir.eml",
        lambda: mail(
            b"Mohon setoran \r\nlima juta.\r\n>kutipan \r\n>panjang\r\n", b"Content-Type: text/plain; format=flowed"
        ),
        *("mail", ('"setoran lima juta"',)),
        copy=("Mohon setoran lima juta.", "> kutipan panjang"),
    ),
    # Signed is readable, encrypted is named.
    Row(
        "ditandatangani.eml",
        lambda: multipart(
            b'signed; protocol="application/pgp-signature"',
            text(b"Setoran resmi."),
            (b"Content-Type: application/pgp-signature; name=tanda.asc", b"-----BEGIN PGP SIGNATURE-----"),
        ),
        *("mail", ("resmi",)),
        never=("locked-parts",),
        parts=(("1", "text"),),
    ),
    Row("smime-bertanda.eml", _signed_opaque, "mail", ("ditandatangani",), never=("locked-parts",)),
    Row("smime-terkunci.eml", _enveloped, "mail", ("setoran",), notes=("locked-parts",)),
    Row(
        "pgp-terkunci.eml",
        lambda: multipart(
            b'encrypted; protocol="application/pgp-encrypted"',
            (b"Content-Type: application/pgp-encrypted", b"Version: 1"),
            (b"Content-Type: application/octet-stream; name=encrypted.asc", b"-----BEGIN PGP MESSAGE-----\r\nabc"),
        ),
        *("mail", ("setoran",)),
        notes=("locked-parts",),
    ),
    # Other forms of messages.
    Row("27-surel-outlook.msg", lambda: _outlook().msg(), "msg", ('"lima juta"', "kasi", "bulanan"), parts=()),
    Row(
        "outlook-lampiran.msg",
        _outlook_full,
        *("msg", ('"staf@example.go.id"', "jumat", "bendahara", "kuitansi")),
        parts=(("1", "pdf"), ("2", "mail"), ("2.1", "pdf")),
        copy=("Date: 2025-03-03 02:00 UTC", "Cc: Bendahara <b@example.go.id>", "┃ From: Bos", "┃ ▷ 2.1: nota.pdf"),
    ),
    Row(
        "outlook-lama.msg",
        lambda: _outlook(code_page=1252, files=[("catatan.txt", b"Isi catatan")]).msg(),
        *("msg", ("setoran", "catatan")),
        parts=(("1", "text"),),
    ),
    Row(
        "outlook-html.msg",
        lambda: Outlook({SUBJECT: "Kas", HTML: b"<html><body><p>Setoran&nbsp;kas</p></body></html>"}).msg(),
        *("msg", ('"setoran kas"',)),
        never=("&nbsp;",),
    ),
    Row(
        "winmail.dat",
        lambda: _outlook(files=[("bukti.pdf", PDF)]).tnef(),
        "tnef",
        ("juta", "kuitansi"),
        parts=(("1", "pdf"),),
    ),
    Row(
        "dengan-winmail.eml",
        lambda: multipart(
            b"mixed", text(b"Lihat."), attached(b"winmail.dat", _outlook(files=[("a.txt", b"Nota rahasia")]).tnef())
        ),
        *("mail", ("juta", "rahasia")),
        parts=(("1", "tnef"), ("1.1", "text")),
    ),
    Row(
        "kotak.mbox",
        _mailbox,
        *("mbox", ("pertama", "jumat")),
        parts=(("1", "mail"), ("2", "mail"), ("2.1", "mail")),
        copy=("┃ Surat pertama.", "┃ ┃ From: bos@example.go.id"),
    ),
    Row("halaman.mht", _saved_page, "mht", ('"setoran kas"', '"5.000.000"'), parts=(("1", "png"),)),
    Row(
        "arsip-dalam-surat.zip",
        _deep,
        "zip",
        ("rekening",),
        parts=(("1", "mail"), ("1.1", "zip"), ("1.1.1", "text"), ("2", "text")),
    ),
]
