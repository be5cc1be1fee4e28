"""Vectors of FORMAT "Site manifest": what the root says about a site."""

from collections.abc import Iterator
from typing import Final

from construction import (
    INSTANCE,
    OTHER_INSTANCE,
    OTHER_ROOT,
    ROOT,
    STATIONS,
    TODAY,
    Signer,
    Vector,
    anchor,
    fixed,
    flipped,
    labelled_hash,
    lp,
    u8,
    u16,
    u32,
)

VERSION: Final = b"0.2.0"
POLICY: Final = b"default-src 'none'; style-src 'self'"
SETTINGS: Final = '{"form":"","settings":{"site":{"name_id":"Pelaporan – Inspektorat"}}}'.encode()
NUMBER: Final = 3
Row = tuple[bytes, int, bytes]
ANSWERS: Final[tuple[Row, ...]] = (
    (b"/", 0, fixed("page", 32)),
    (b"/data/root.pub", 1, fixed("root.pub", 32)),
    (b"/static/A_b-9.js", 1, fixed("script", 32)),
)


def _row(path: bytes, kind: int = 0) -> Row:
    return path, kind, fixed("page", 32)


def _body(
    answers: tuple[Row, ...] = ANSWERS,
    *,
    magic: bytes = b"DBXH",
    form: int = 1,
    instance: bytes = INSTANCE,
    number: int = NUMBER,
    version: bytes = VERSION,
    policy: bytes = POLICY,
    settings: bytes = SETTINGS,
) -> bytes:
    head = magic + u8(form) + instance + u32(number) + u32(TODAY) + lp(version) + fixed("program", 32)
    rows = b"".join(lp(path) + u8(kind) + sha256 for path, kind, sha256 in answers)
    return head + lp(policy) + lp(settings) + u16(len(answers)) + rows


def _manifest(
    body: bytes,
    signer: Signer = ROOT,
    *,
    label: str = "site manifest",
    instance: bytes = INSTANCE,
    magic: bytes = b"DBXH",
) -> bytes:
    return magic + lp(body) + signer.sign(label, instance, body)


def _promised(body: bytes, answers: tuple[Row, ...] = ANSWERS, **changes: str) -> dict[str, str]:
    values = {
        "number": str(NUMBER),
        "made": str(TODAY),
        "version": VERSION.decode(),
        "program": fixed("program", 32).hex(),
        "policy": POLICY.decode(),
        "settings": SETTINGS.hex(),
        "fingerprint": labelled_hash("site manifest fingerprint", body).hex(),
    }
    rows = {f"answer.{at}": f"{path.decode()} {kind} {sha.hex()}" for at, (path, kind, sha) in enumerate(answers)}
    return values | rows | changes


def _good() -> Iterator[Vector]:
    def vector(name: str, comment: str, body: bytes, promised: dict[str, str]) -> Vector:
        return Vector("site-manifest", name, "ok", comment, {"anchor": anchor().hex(), **promised}, _manifest(body))

    body = _body()
    yield vector("ok", "a page, root.pub and a script", body, _promised(body))
    for number in (1, 65535):
        body = _body(number=number)
        yield vector(f"ok-number-{number}", "at the end of its range", body, _promised(body, number=str(number)))
    one = (_row(b"/"),)
    version, policy = b"9" + b"a" * 31, b"x" * 1024
    body = _body(one, version=version, policy=policy, settings=b"")
    promised = _promised(body, one, version=version.decode(), policy=policy.decode(), settings="")
    yield vector("ok-longest", "version and policy as long as they may be, and no settings", body, promised)
    longest = (_row(b"/" + b"a" * 199, 1),)
    body = _body(longest)
    yield vector("ok-longest-address", "an address of 200 bytes", body, _promised(body, longest))
    many = tuple(_row(b"/%04d" % at) for at in range(1000))
    body = _body(many)
    yield vector("ok-most", "1000 addresses", body, _promised(body, many))


def _odd() -> Iterator[tuple[str, str, bytes]]:
    """(name, comment, body) of what the root should not have signed."""
    yield "body-empty", "no body", b""
    yield "body-magic", "another magic in the body", _body(magic=b"DBXC")
    yield "body-version", "form 2 of the body", _body(form=2)
    yield "body-truncated", "a byte less, signed", _body()[:-1]
    yield "body-trailing-byte", "a byte more, signed", _body() + b"\0"
    yield "number-zero", "number 0", _body(number=0)
    yield "number-beyond", "number 65536", _body(number=65536)
    yield "version-empty", "no version", _body(version=b"")
    yield "version-letter", "begins with a letter", _body(version=b"v0.2")
    yield "version-character", "a space", _body(version=b"0.2 0")
    yield "version-newline", "ends with a line feed", _body(version=b"0.2.0\n")
    yield "version-long", "33 bytes", _body(version=b"9" + b"a" * 32)
    yield "policy-empty", "no policy", _body(policy=b"")
    yield "policy-newline", "ends with a line feed", _body(policy=POLICY + b"\n")
    yield "policy-control", "a control character", _body(policy=b"a\x7f")
    yield "policy-beyond-ascii", "a letter beyond ASCII", _body(policy="défaut".encode())
    yield "policy-long", "1025 bytes", _body(policy=b"x" * 1025)
    yield "settings-utf-8", "no UTF-8", _body(settings=b"\xff")
    yield "answers-none", "no address", _body(())
    yield "answers-beyond", "1001 addresses", _body(tuple(_row(b"/%04d" % at) for at in range(1001)))
    yield "address-order", "the second before the first", _body((_row(b"/b"), _row(b"/a")))
    yield "address-twice", "one address twice", _body((_row(b"/a"), _row(b"/a", 1)))
    yield "address-empty", "no address", _body((_row(b""),))
    yield "address-no-slash", "begins with a letter", _body((_row(b"lapor"),))
    yield "address-query", "a question mark", _body((_row(b"/lapor?a"),))
    yield "address-percent", "an escaped byte", _body((_row(b"/%41"),))
    yield "address-newline", "ends with a line feed", _body((_row(b"/lapor\n"),))
    yield "address-beyond-ascii", "a letter beyond ASCII", _body((_row("/é".encode()),))
    yield "address-long", "201 bytes", _body((_row(b"/" + b"a" * 200),))
    yield "fixed", "neither 0 nor 1", _body((_row(b"/", 2),))


def vectors() -> Iterator[Vector]:
    """Family site-manifest/."""
    yield from _good()

    def vector(name: str, expect: str, comment: str, data: bytes) -> Vector:
        return Vector("site-manifest", name, expect, comment, {"anchor": anchor().hex()}, data)

    good = _manifest(_body())
    unsigned = _manifest(_body(number=0))[:-64] + bytes(64)
    bad = (
        ("empty", "malformed", "no bytes", b""),
        ("magic", "malformed", "another magic", _manifest(_body(), magic=b"DBXC")),
        ("truncated", "malformed", "a byte of the signature is missing", good[:-1]),
        ("trailing-byte", "malformed", "a byte behind the signature", good + b"\0"),
        ("signature-flipped", "signature", "a bit of the signature", flipped(good, -1)),
        ("body-flipped", "signature", "a bit of the body", flipped(good, 60)),
        ("other-root", "signature", "another root", _manifest(_body(), OTHER_ROOT)),
        ("station", "signature", "by a station", _manifest(_body(), STATIONS["itjen"])),
        ("label", "signature", "signed under the label of files", _manifest(_body(), label="file")),
        ("signed-for-another", "signature", "signed for another instance", _manifest(_body(), instance=OTHER_INSTANCE)),
        (
            "body-malformed-and-unsigned",
            "signature",
            "number 0, and unsigned",
            unsigned,
        ),
        ("instance", "instance", "names another instance", _manifest(_body(instance=OTHER_INSTANCE))),
    )
    for name, expect, comment, data in bad:
        yield vector(name, expect, comment, data)
    for name, comment, body in _odd():
        yield vector(name, "malformed", comment, _manifest(body))
