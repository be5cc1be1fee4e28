"""Vectors of FORMAT "Claim"."""

from collections.abc import Iterator

from construction import INSTANCE, OTHER_INSTANCE, Signer, Vector, desk_name, fixed, flipped, lp, make_secret, u8

CHALLENGE = fixed("challenge", 32)
STATEMENT = b"Saya yang menulis laporan ini. Bandung, 24 November 2026."


def vectors() -> Iterator[Vector]:
    """Family claim/."""
    secret = make_secret("first", INSTANCE)
    signer = Signer(secret.key("claim key"))
    forger = Signer(make_secret("second", INSTANCE).key("claim key"))
    inputs = {
        "code": secret.code,
        "words": secret.words,
        "instance": INSTANCE.hex(),
        "desk": "itjen",
        "challenge": CHALLENGE.hex(),
        "key": secret.claim.hex(),
        "statement": STATEMENT.decode(),
    }

    def made(name: str, expect: str, comment: str, data: bytes) -> Vector:
        return Vector("claim", name, expect, comment, inputs, data)

    def body(
        statement: bytes = STATEMENT, instance: bytes = INSTANCE, desk: str = "itjen", key: bytes = signer.public
    ) -> bytes:
        return b"DBXM" + u8(1) + instance + desk_name(desk) + CHALLENGE + key + lp(statement)

    good = body() + signer.sign("claim", INSTANCE, body())
    yield made("ok", "ok", "signed with the claim key of code and words", good)
    odd = "\u00a0\ufeff".encode()
    data = body(odd) + signer.sign("claim", INSTANCE, body(odd))
    hexed = {key: value for key, value in inputs.items() if key != "statement"} | {"statement-hex": odd.hex()}
    yield Vector("claim", "ok-odd-blanks", "ok", "white space beyond ASCII is text like any other", hexed, data)
    yield made(
        "statement-changed",
        "signature",
        "another statement under the same signature",
        good.replace(b"Bandung", b"Cirebon"),
    )
    yield made(
        "forged",
        "signature",
        "signed with the claim key of another report",
        body() + forger.sign("claim", INSTANCE, body()),
    )
    yield made("label", "signature", "signed under another label", body() + signer.sign("board", INSTANCE, body()))
    yield made("signature-bit", "signature", "one bit of the signature differs", flipped(good, len(good) - 70 + 20))
    yield made(
        "another-key",
        "key",
        "a valid claim of another report",
        body(key=forger.public) + forger.sign("claim", INSTANCE, body(key=forger.public)),
    )
    other = body(instance=OTHER_INSTANCE)
    yield made(
        "another-instance", "instance", "made for another instance", other + signer.sign("claim", OTHER_INSTANCE, other)
    )
    yield made(
        "another-desk",
        "desk",
        "made for another desk",
        body(desk="irjen") + signer.sign("claim", INSTANCE, body(desk="irjen")),
    )
    old = body().replace(CHALLENGE, fixed("an older challenge", 32))
    yield made("another-challenge", "challenge", "answers another challenge", old + signer.sign("claim", INSTANCE, old))
    yield made("short", "malformed", "the last byte is missing", good[:-1])
    yield made("long", "malformed", "a byte behind the signature", good + b"\0")
    blank = body(b" \t\r\n\x0b\x0c")
    yield made("blank", "malformed", "a statement of white space", blank + signer.sign("claim", INSTANCE, blank))
    endless = body(b"x" * 100_001)
    yield made("statement-long", "malformed", "100001 bytes", endless + signer.sign("claim", INSTANCE, endless))
    yield made("desk-name", "malformed", "no name of a desk", body(desk="Itjen") + good[-64:])
    yield made("magic", "malformed", "another magic", b"DBXC" + good[4:])
    yield made("version", "malformed", "version 2", good[:4] + u8(2) + good[5:])
    yield made("empty", "malformed", "no statement", body(b"") + signer.sign("claim", INSTANCE, body(b"")))
    yield made(
        "not-utf-8",
        "malformed",
        "the statement is not UTF-8",
        body(b"\xff") + signer.sign("claim", INSTANCE, body(b"\xff")),
    )
