"""Finds the cases on which two bodies both work, by keyed fingerprints, without exchanging any name.

    fingerprint = PRF(agreed key, "referral fingerprint", unit, name, year)     names in the one spelling of names.py

Rule: names are guessable, so the key protects everything: its holder can test names. A key is made for two bodies,
handed over in person, and stored as a private file. A file of fingerprints reveals only their number.
"""

import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.crypto.kdf import prf
from dropbox.disk.private import read_private
from dropbox.errors import MalformedError
from dropbox.matching import names
from dropbox.wire.fields import HASH_BYTES, text
from dropbox.wire.keyring import PRIVATE_FILE_LINE

ROWS_MAX: Final = 10_000
_HEAD: Final = "dropbox fingerprints v1"
_KEY: Final = re.compile(PRIVATE_FILE_LINE + rb"\nkind: fingerprints\nkey: ([0-9a-f]{64})\n\Z")
_LABEL: Final = "referral fingerprint"
_COLUMNS: Final = ["unit", "name", "year"]


@dataclass(frozen=True)
class Row:
    """One reported person: unit, name, and year of the matter."""

    unit: str
    name: str
    year: int


def new_key() -> bytes:
    """Return the bytes of a private file with a new key."""
    return PRIVATE_FILE_LINE + b"\nkind: fingerprints\nkey: " + os.urandom(HASH_BYTES).hex().encode() + b"\n"


def read_key(path: Path) -> bytes:
    """Return the key (32 bytes) of a private file.

    Raises:
        MalformedError: not a key for fingerprints.
        NotFoundError, ConfigurationError: as disk.private.read_private.
    """
    match = _KEY.match(read_private(path))
    if not match:
        raise MalformedError("fingerprints.not-key")
    return bytes.fromhex(match[1].decode("ascii"))


def from_rows(key: bytes, rows: Iterable[Row]) -> frozenset[bytes]:
    """Return the fingerprints (32 bytes each) of the rows that have both a name and a unit; `key` has 32 bytes."""
    found = set()
    for row in rows:
        name, unit = " ".join(sorted(names.person(row.name).parts)), " ".join(names.unit_words(row.unit))
        if name and unit:
            found.add(prf(key, _LABEL, unit.encode(), name.encode(), str(row.year).encode()))
    return frozenset(found)


def encode(fingerprints: Iterable[bytes]) -> bytes:
    """Return the bytes of a file of fingerprints: sorted, so that their order reveals nothing."""
    return "".join(f"{line}\n" for line in (_HEAD, *sorted(item.hex() for item in fingerprints))).encode("ascii")


def decode(untrusted: bytes) -> frozenset[bytes]:
    """Parse a file of fingerprints; raises MalformedError."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("fingerprints.private-file")
    lines = text(untrusted).split("\n")
    good = lines[0] == _HEAD and lines[-1] == "" and len(lines) <= ROWS_MAX + 2
    if not good or not all(re.fullmatch(r"[0-9a-f]{64}", line) for line in lines[1:-1]):
        raise MalformedError("fingerprints.damaged")
    return frozenset(bytes.fromhex(line) for line in lines[1:-1])


def read_table(untrusted: bytes) -> list[Row]:
    """Parse a CSV in UTF-8 with the columns unit, name and year; raises MalformedError that names the row."""
    reader = csv.reader(io.StringIO(text(untrusted).removeprefix("\ufeff"), newline=""))
    rows: list[Row] = []
    try:
        if [cell.strip().lower() for cell in next(reader, [])] != _COLUMNS:
            raise MalformedError("fingerprints.first-row")
        for number, cells in enumerate(reader, 2):
            if not any(cells):
                continue
            if len(cells) != len(_COLUMNS) or not re.fullmatch(r"[0-9]{4}", cells[2].strip()) or number > ROWS_MAX:
                raise MalformedError("fingerprints.row", number=number)
            rows.append(Row(cells[0], cells[1], int(cells[2])))
    except csv.Error:
        raise MalformedError("fingerprints.not-csv") from None
    return rows
