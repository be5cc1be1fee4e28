"""Compares three readers on mutated objects that are signed again: Python, JavaScript, the third reader.

Rule: all take an object, or all refuse it for the same class of reasons: malformed, or untrusted.
"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from dropbox.crypto.exports import open_server_certificate
from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.signing import Trust, open_object, open_revocations, verify_certificate
from dropbox.errors import MalformedError, UntrustedError
from dropbox.wire.fields import lp
from dropbox.wire.keyring import parse_anchor
from dropbox.wire.signed import parse_object
from tests.fuzz.sealed_targets import PARSERS, made

sys.path[:0] = [str(Path(__file__).parents[1])]
from third_reader.vector_file import Vector  # noqa: E402
from third_reader.vectors import run  # noqa: E402

_VECTORS = Path(__file__).parents[1] / "vectors"
_LABELS = {name.replace(" ", "-"): name for name in PARSERS if name not in ("dossier", "board")}
_BASE_MAX = 9000  # bytes
_NUMBERS = (0, 1, 2, 7, 64, 65, 255, 256, 65535, 65536, 2**31, 2**32 - 1)


def _trust(vector: Vector) -> Trust:
    revoked = frozenset(map(bytes.fromhex, vector.header.get("revoked", "").split()))
    return Trust(parse_anchor(bytes.fromhex(vector.header["anchor"])), int(vector.header.get("today", "0")), revoked)


def _signed_object(
    family: str,
) -> tuple[Callable[[Vector], object], Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    label = _LABELS[family]
    return (
        lambda vector: PARSERS[label](open_object(_trust(vector), vector.data, label).body),
        lambda whole: parse_object(whole).body,
        lambda body: made.signed(label, body),
    )


# By family: what the program does with an object, what of it is mutated, and how that is signed again.
FAMILIES: dict[str, tuple[Callable[[Vector], object], Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    **{family: _signed_object(family) for family in _LABELS if family != "log-statement"},
    "log-statement": (
        lambda vector: open_log_statement(_trust(vector), vector.data),
        lambda whole: parse_object(whole).body,
        lambda body: made.signed("log statement", body),
    ),
    "certificate": (
        lambda vector: verify_certificate(_trust(vector), vector.data),
        lambda whole: whole[4:-64],
        made.certificate,
    ),
    "server-certificate": (
        lambda vector: open_server_certificate(_trust(vector).anchor, vector.data),
        lambda whole: whole[4:-64],
        made.server_certificate,
    ),
    "revocations": (
        lambda vector: open_revocations(_trust(vector).anchor, vector.data),
        lambda whole: whole[8 : 8 + int.from_bytes(whole[4:8], "big")],
        lambda body: b"DBXV" + lp(body) + made.ROOT.sign("revocations", made.INSTANCE, body),
    ),
}


def _mutated(chance: random.Random, body: bytes, other: bytes) -> bytes:
    """One to three changes: a bit, a number, a stretch removed, repeated or taken from elsewhere."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(5):
            case 0 if body:
                at %= len(body)
                body = body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]
            case 1:
                size = chance.choice((1, 2, 4))
                number = (chance.choice(_NUMBERS) % 256**size).to_bytes(size, "big")
                body = body[:at] + number + body[at + size :]
            case 2:
                body = body[:at] + body[at + chance.randint(1, 40) :]
            case 3:
                body = body[:at] + body[at : at + chance.randint(1, 40)] + body[at:]
            case _:
                start = chance.randrange(len(other) + 1)
                body = body[:at] + other[start : start + chance.randint(1, 60)] + body[at:]
    return body


def _program(act: Callable[[Vector], object], vector: Vector) -> str:
    try:
        act(vector)
    except MalformedError:
        return "malformed"
    except UntrustedError:
        return "untrusted"
    return "ok"


def _browser(vectors: list[Vector]) -> list[str]:
    asked = [{"family": one.folder, "header": one.header, "data": one.data.hex()} for one in vectors]
    command = ["node", str(Path(__file__).parents[1] / "js/agreement.mjs")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def _third(vector: Vector) -> str:
    stage, _ = run(vector)
    if stage == "epoch-seeds":  # of the vectors alone: what it was made from
        return "ok"
    return stage if stage in ("ok", "malformed") else "untrusted"


def mutants(family: str, count: int, seed: int) -> list[Vector]:
    """So many mutated objects of a family; four of five are signed again."""
    chance = random.Random(f"{family} {seed}")  # noqa: S311  it repeats
    _, inner, again = FAMILIES[family]
    every = map(Vector.read, sorted((_VECTORS / family).glob("ok*.vec")))
    bases = [vector for vector in every if len(vector.data) < _BASE_MAX]
    found = []
    for _ in range(count):
        base, other = chance.choice(bases), chance.choice(bases)
        if chance.randrange(5):
            data = again(_mutated(chance, inner(base.data), inner(other.data)))
        else:
            data = _mutated(chance, base.data, other.data)
        found.append(Vector(family, base.header, data))
    return found


def compare(vectors: list[Vector]) -> tuple[Counter[str], list[tuple[str, str, str, str]]]:
    """How often all three said what; and of each object on which they differ the data, and what each said."""
    said: Counter[str] = Counter()
    differ = []
    for vector, browser in zip(vectors, _browser(vectors), strict=True):
        program, third = _program(FAMILIES[vector.folder][0], vector), _third(vector)
        said[program] += 1
        if len({program, browser, third}) > 1:
            differ.append((vector.data.hex(), program, browser, third))
    return said, differ
