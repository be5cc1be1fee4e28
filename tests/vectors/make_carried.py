"""Vectors of what people carry: signed files, certificate files, requests, the courier's notice."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

import nacl.bindings as sodium
from construction import (
    INSTANCE,
    KEMS,
    OTHER_INSTANCE,
    OTHER_ROOT,
    ROOT,
    SERVER,
    STATIONS,
    TODAY,
    Signer,
    Vector,
    anchor,
    certificate,
    certificate_body,
    flipped,
    lp,
    prf,
    u8,
    u16,
    u32,
)

FILE: Final = b"the bytes of a program"
COURIER: Final = KEMS[0]


def signed_files() -> Iterator[Vector]:
    """Family file-signature/."""

    def made(
        instance: bytes = INSTANCE, file: bytes = FILE, signer: Signer = ROOT, label: str = "file", version: int = 1
    ) -> bytes:
        digest = hashlib.sha256(file).digest()
        return b"DBXF" + u8(version) + instance + digest + signer.sign(label, INSTANCE, file)

    def vector(name: str, expect: str, comment: str, body: bytes) -> Vector:
        return Vector("file-signature", name, expect, comment, {"anchor": anchor().hex(), "file": FILE.hex()}, body)

    good = made()
    yield vector("ok", "ok", "a file that the root signed", good)
    bad = (
        ("magic", "malformed", "another magic", b"DBXC" + good[4:]),
        ("version", "malformed", "version 2", made(version=2)),
        ("truncated", "malformed", "a byte less", good[:-1]),
        ("trailing-byte", "malformed", "a byte more", good + b"\x00"),
        ("instance", "instance", "of another instance", made(OTHER_INSTANCE)),
        ("file", "file", "of another file", made(file=FILE + b"\n")),
        ("hash", "file", "a bit of the hash", flipped(good, 30)),
        ("signature", "signature", "a bit of the signature", flipped(good, -1)),
        ("other-root", "signature", "another root's", made(signer=OTHER_ROOT)),
        ("label", "signature", "signed under another label", made(label="certificate")),
    )
    for name, expect, comment, body in bad:
        yield vector(name, expect, comment, body)


def certificate_files() -> Iterator[Vector]:
    """Family certificate-file/: the grammar alone; what is inside has families of its own."""
    shown = certificate(certificate_body())
    body = b"DBXV" + u8(1) + INSTANCE + u32(3) + u32(TODAY) + u16(0)
    listed = b"DBXV" + lp(body) + ROOT.sign("revocations", INSTANCE, body)
    good = lp(shown) + lp(listed)
    parts = {"certificate": shown.hex(), "list": listed.hex()}
    yield Vector("certificate-file", "ok", "ok", "a certificate and its list", parts, good)
    for name, comment, data in (
        ("empty", "no bytes", b""),
        ("no-list", "the certificate alone", lp(shown)),
        ("truncated", "a byte less", good[:-1]),
        ("trailing-byte", "a byte more", good + b"\x00"),
        ("certificate-long", "a certificate of 513 bytes", lp(bytes(513)) + lp(listed)),
    ):
        yield Vector("certificate-file", name, "malformed", comment, {}, data)


def requests() -> Iterator[Vector]:
    """Families station-request/ and server-request/."""
    station = STATIONS["itjen"].public.hex()
    lines = f"desk: itjen\ninstance: {INSTANCE.hex()}\nstation: {station}\n"
    of_station = f"dropbox station request v1\n{lines}".encode()
    of_server = f"dropbox server request v1\ninstance: {INSTANCE.hex()}\nserver: {SERVER.public.hex()}\n".encode()
    said = {"instance": INSTANCE.hex(), "desk": "itjen", "station": station}
    yield Vector("station-request", "ok", "ok", "a request of a desk", said, of_station)
    server = {"instance": INSTANCE.hex(), "server": SERVER.public.hex()}
    yield Vector("server-request", "ok", "ok", "a request of a server", server, of_server)
    for family, good in (("station-request", of_station), ("server-request", of_server)):
        for name, comment, data in (
            ("empty", "no bytes", b""),
            ("version", "version 2", good.replace(b" v1\n", b" v2\n")),
            ("no-end", "no line feed at the end", good[:-1]),
            ("blank-line", "an empty line at the end", good + b"\n"),
            ("carriage-returns", "CR LF", good.replace(b"\n", b"\r\n")),
            (
                "capitals",
                "hex digits in capitals",
                good.replace(INSTANCE.hex().encode(), INSTANCE.hex().upper().encode()),
            ),
            ("short-key", "31 bytes of key", good[:-3] + b"\n"),
            ("private", "a private file in its place", b"dropbox private file v1\n" + good),
        ):
            yield Vector(family, name, "malformed", comment, {}, data)
    odd = of_station.replace(b"desk: itjen", b"desk: 1tjen")
    yield Vector("station-request", "desk-name", "malformed", "no name of a desk", {}, odd)


def _sealed(body: bytes) -> bytes:
    key = prf(COURIER.secret, "courier notice", hashlib.sha256(COURIER.public).digest(), COURIER.ciphertext)
    return COURIER.ciphertext + sodium.crypto_aead_chacha20poly1305_ietf_encrypt(body, None, bytes(12), key)


def _mail(sealed: bytes, columns: int = 64, quote: str = "") -> bytes:
    encoded = base64.b64encode(sealed).decode()
    lines = [encoded[at : at + columns] for at in range(0, len(encoded), columns)]
    text = "\n".join(quote + line for line in ("-----BEGIN NOTICE-----", *lines, "-----END NOTICE-----"))
    return f"Subject: status\n\n{text}\n".encode()


def notices() -> Iterator[Vector]:
    """Families courier-key/ and notice/."""
    key = b"dropbox courier key v1\n" + base64.b64encode(COURIER.public) + b"\n"
    yield Vector("courier-key", "ok", "ok", "a public key", {"key": COURIER.public.hex()}, key)
    for name, comment, data in (
        ("version", "version 2", key.replace(b" v1\n", b" v2\n")),
        ("short", "1215 bytes", key[:23] + base64.b64encode(COURIER.public[:-1]) + b"\n"),
        ("not-base64", "a sign that is not base64", key[:-2] + b"!\n"),
        ("headless", "the key alone", key[23:]),
        ("behind", "an empty line behind it", key + b"\n"),
        ("spare-bits", "a bit that stands for nothing is 1", key[:-4] + bytes([key[-4] + 1]) + key[-3:]),
        ("padding-more", "a sign of padding too many", key[:-1] + b"=\n"),
    ):
        yield Vector("courier-key", name, "malformed", comment, {}, data)

    def vector(name: str, expect: str, comment: str, body: bytes, **more: str) -> Vector:
        return Vector("notice", name, expect, comment, {"epoch-seed": COURIER.seed.hex()} | more, body)

    def body(value: int, magic: bytes = b"DBXT", version: int = 1) -> bytes:
        return magic + u8(version) + u32(TODAY) + u8(value)

    for value, name in ((1, "something"), (2, "nothing"), (3, "unknown")):
        said = {"day": str(TODAY), "value": str(value)}
        yield vector(f"ok-{name}", "ok", f"value {value}", _mail(_sealed(body(value))), **said)
    said = {"day": str(TODAY), "value": "1"}
    yield vector("ok-quoted", "ok", "in a reply, in lines of 70", _mail(_sealed(body(1)), 70, "> "), **said)
    good = _sealed(body(1))
    yield vector("ok-narrow", "ok", "quoted, a sign in each line: 6 000 signs", _mail(good, 1, "> "), **said)
    yield vector("ok-latin-1", "ok", "in a mail that is not UTF-8", b"Dari: Andr\xe9\n" + _mail(good), **said)
    twice = b"-----BEGIN NOTICE-----\n" + _mail(good)
    yield vector("begin-twice", "malformed", "its first line stands twice", twice)
    wide = _mail(good).replace(b"\n", "\u00a0\n".encode())
    yield vector("wide-blank", "malformed", "white space beyond ASCII within it", wide)
    more = _mail(good).replace(b"\n-----END", b"=\n-----END")
    yield vector("padding-more", "malformed", "padding where nothing is to be filled", more)
    bad = (
        ("value-0", "malformed", "value 0", _sealed(body(0))),
        ("value-4", "malformed", "value 4", _sealed(body(4))),
        ("magic", "malformed", "another magic", _sealed(body(1, b"DBXB"))),
        ("version", "malformed", "version 2", _sealed(body(1, version=2))),
        ("short", "malformed", "a byte less", good[:-1]),
        ("long", "malformed", "a byte more", good + b"\x00"),
        ("body-long", "malformed", "a body of 11 bytes", _sealed(body(1) + b"\x00")),
        ("tag-bit", "not-for-this-key", "a bit of its tag", flipped(good, -1)),
        ("ct-bit", "not-for-this-key", "a bit of the ciphertext", flipped(good, 5)),
    )
    for name, expect, comment, sealed in bad:
        yield vector(name, expect, comment, _mail(sealed))
    yield vector(
        "other-key", "not-for-this-key", "another courier's", _mail(good), **{"epoch-seed": KEMS[1].seed.hex()}
    )
    yield vector("no-lines", "malformed", "without its lines", base64.b64encode(good))
    yield vector("not-base64", "malformed", "a sign that is not base64", _mail(good).replace(b"\n", b"\n!", 4))


def vectors() -> Iterator[Vector]:
    """Families file-signature/, certificate-file/, station-request/, server-request/, courier-key/, notice/."""
    yield from signed_files()
    yield from certificate_files()
    yield from requests()
    yield from notices()
