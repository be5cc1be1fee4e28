"""Vectors of FORMAT "Log statement"."""

from collections.abc import Iterator
from typing import Final

from construction import TODAY, Vector, anchor, certificate, certificate_body, fixed, head, signed, u32
from make_signed import given, object_failures

LABEL: Final = "log statement"
YEAR: Final = 2025
HASH: Final = fixed("log head", 32)


def _body(year: int = YEAR, lines: int = 1200, of_year: int = 900, made: int = TODAY) -> bytes:
    return head(number=year, made=made) + u32(lines) + u32(of_year) + HASH


def vectors() -> Iterator[Vector]:
    """Family log-statement/."""
    good = given() | {"label": LABEL}

    def made(name: str, expect: str, comment: str, untrusted: bytes, **more: str) -> Vector:
        return Vector("log-statement", name, expect, comment, good | more, untrusted)

    said = {"year": str(YEAR), "lines": "1200", "of-year": "900", "hash": HASH.hex()}
    yield made("ok", "ok", "the log up to the end of a year", signed(LABEL, _body()), **said)
    quiet = said | {"lines": "1", "of-year": "0"}
    yield made("ok-quiet-year", "ok", "a year without a line", signed(LABEL, _body(lines=1, of_year=0)), **quiet)
    later = {"today": str(TODAY + 900)}
    ended = certificate(certificate_body(last=TODAY))
    old = signed(LABEL, _body(), "itjen", ended)
    yield made("ok-years-later", "ok", "the certificate held when it was made", old, **(said | later))
    yield made("to-come", "day", "made in two days", signed(LABEL, _body(made=TODAY + 2)), today=str(TODAY))
    ended_root = {"anchor": anchor(last=TODAY).hex()}
    yield made(
        "ok-root-over", "ok", "the root's last day was the day on which it was made", old, **(said | later | ended_root)
    )
    yield made(
        "root-over",
        "root-expired",
        "made after the root's last day",
        signed(LABEL, _body()),
        anchor=anchor(last=TODAY - 1).hex(),
    )
    yield made("ok-tomorrow", "ok", "made tomorrow", signed(LABEL, _body(made=TODAY + 1)), **said)
    yield from object_failures("log-statement", LABEL, _body(), "receipts")
    empty = signed("keys", b"")
    yield made("label-and-body-empty", "label", "keys, with a body of no bytes", empty)
    for name, comment, body in (
        ("year-not-over", "made on the last day of its year", _body(year=2026)),
        ("year-1999", "a year too early", _body(year=1999)),
        ("year-9999", "a year after which no calendar goes on", _body(year=9999)),
        ("lines-none", "no line", _body(lines=0, of_year=0)),
        ("lines-too-few", "more lines in the year than at all", _body(lines=5, of_year=6)),
    ):
        yield made(name, "malformed", comment, signed(LABEL, body))
