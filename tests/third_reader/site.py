"""Read what the root says about a site (FORMAT.md, "Site manifest")."""

import re
from dataclasses import dataclass

from .grammar import Cursor, ascending, need, text
from .primitives import hash_, signature_holds
from .root import Anchor

_ADDRESS = re.compile(rb"/[A-Za-z0-9._/-]*")
_VERSION = re.compile(rb"[0-9][0-9A-Za-z.+-]*")
_POLICY = re.compile(rb"[\x20-\x7e]+")


@dataclass(frozen=True)
class Row:
    """What stands at an address."""

    address: str
    fixed: int
    sha256: bytes


@dataclass(frozen=True)
class Manifest:
    """A site's manifest, verified."""

    number: int
    made: int
    version: str
    program: bytes
    policy: str
    settings: bytes
    answers: list[Row]
    fingerprint: bytes


def read_manifest(data: bytes, anchor: Anchor) -> Manifest:
    """Verify a manifest in four steps. Raises Stop: malformed, signature, instance."""
    outer = Cursor(data)
    outer.expect(b"DBXH")
    body, signature = outer.lp(), outer.take(64)
    outer.end()
    need(signature_holds(anchor.key, "site manifest", anchor.instance, body, signature), "signature")
    cursor = Cursor(body)
    cursor.expect(b"DBXH\1")
    instance, number, made = cursor.take(16), cursor.u32(), cursor.u32()
    version, program, policy, settings = cursor.lp(), cursor.take(32), cursor.lp(), cursor.lp()
    rows = [(cursor.lp(), cursor.u8(), cursor.take(32)) for _ in range(cursor.u16())]
    cursor.end()
    need(1 <= number <= 65535 and 1 <= len(rows) <= 1000, "malformed")
    need(len(version) <= 32 and _VERSION.fullmatch(version) is not None, "malformed")
    need(len(policy) <= 1024 and _POLICY.fullmatch(policy) is not None, "malformed")
    need(len(settings) <= 1048576, "malformed")
    text(settings)
    need(ascending([address for address, _, _ in rows]), "malformed")
    for address, fixed, _ in rows:
        need(len(address) <= 200 and _ADDRESS.fullmatch(address) is not None and fixed < 2, "malformed")
    need(instance == anchor.instance, "instance")
    answers = [Row(address.decode("ascii"), fixed, digest) for address, fixed, digest in rows]
    fingerprint = hash_("site manifest fingerprint", body)
    return Manifest(number, made, version.decode(), program, policy.decode(), settings, answers, fingerprint)
