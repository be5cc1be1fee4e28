"""One file of tests/vectors: what is given to a reader, and what it promises (tests/vectors/README.md)."""

from dataclasses import dataclass
from pathlib import Path

from . import root

Values = dict[str, str]


@dataclass(frozen=True)
class Vector:
    """One file of tests/vectors."""

    folder: str
    header: Values
    data: bytes

    @classmethod
    def read(cls, path: Path) -> "Vector":
        untrusted_header, _, data = path.read_bytes().partition(b"\n\n")
        lines = (line.partition(":") for line in untrusted_header.decode().split("\n"))
        return cls(path.parent.name, {key: value.removeprefix(" ") for key, _, value in lines}, data)

    def hex(self, key: str) -> bytes:
        return bytes.fromhex(self.header[key])

    def number(self, key: str) -> int:
        return int(self.header[key])

    def trust(self, ahead: int = 1) -> root.Trust:
        keys = frozenset(bytes.fromhex(key) for key in self.header.get("revoked", "").split())
        today = int(self.header.get("today", "0"))
        return root.Trust(root.read_anchor(self.hex("anchor")), today, keys, ahead)


# Header lines that a reader is given, or that are about the file: all other lines of an `ok` vector must come out.
_ALWAYS = {"expect", "comment", "anchor", "today", "revoked", "label", "instance", "dated"}
GIVES_INSTANCE = {"anchor", "station-request", "server-request"}
_CARD = {"card-sha256", "card-first", "card-last", "sign-seed"}
GIVEN: dict[str, set[str]] = {
    "secret": {"code", "words", "code-hex", "words-hex", "desk", "next-nonce", "content"},
    "confirm": {"code", "words", "typed-hex"},
    "keyword-match": {"phrases"},
    "blob": {"desk", "epoch-seed", "kem-eseed"},
    "board": {"desk", "tag-key", "answer-key"},
    "claim": {"code", "words", "desk", "challenge", "key"},
    "dossier": {"epoch-seed", *_CARD},
    "digest": {"code", "words", "desk", "kind", "nonce"},
    "accepted": {"slots", "length"},
    "notice": {"epoch-seed"},
    "file-signature": {"file"},
    "answer": {"dossier", "reply-seed", *_CARD},
}


def promised(vector: Vector) -> Values:
    """What an `ok` vector says must come out."""
    given = GIVEN.get(vector.folder, set()) | (_ALWAYS - {"instance"} if vector.folder in GIVES_INSTANCE else _ALWAYS)
    return {
        key: value
        for key, value in vector.header.items()
        if key not in given and not key.startswith(("typed.", "held."))
    }


def numbers(values: dict[str, int]) -> Values:
    return {key: str(value) for key, value in values.items()}


def hexes(values: dict[str, bytes]) -> Values:
    return {key: value.hex() for key, value in values.items()}
