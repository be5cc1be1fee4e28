"""Who did what: a chain of hashes in which a changed, cut or inserted line shows.

    hash n = HASH("log entry", hash n-1 (32 zero bytes before the first), number, at, officer, action, case, details)

Rule: codes, numbers and dates only, never a word of a report. A line is written in the transaction of the act itself,
so that neither happens without the other. The second copy refuses a vault whose chain does not continue its own.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dropbox.crypto.kdf import labelled_hash
from dropbox.errors import DamagedError
from dropbox.triage.tables import exclusions, log
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.wire.fields import HASH_BYTES, u32

Detail = str | int
_WORD_MAX: Final = 64


@dataclass(frozen=True)
class Line:
    """One act. `at` is the time in UTC, to the second; `case` is 0 for none."""

    number: int
    at: str
    officer: str
    action: str
    case: CaseNumber
    details: dict[str, Detail]
    hash: bytes


def write(vault: Vault, action: str, case: CaseNumber = NO_CASE_NUMBER, **details: Detail) -> None:
    """Add a line; inside the transaction of the act.

    Args:
        vault: whose officer acts.
        action: a code of access.roles, or `unlock`, `lock`.
        case: number of the case, 0 for none.
        details: codes, numbers and names of officers; a longer text is a mistake of the caller.
    """
    if any(isinstance(value, str) and len(value) > _WORD_MAX for value in details.values()):
        raise ValueError("the log holds codes, not texts")
    last, previous = head(vault)
    number = last + 1
    at = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raw = json.dumps(details, sort_keys=True)
    digest = _hash(previous, number, at, vault.officer.login, action, case, raw)
    log.add(vault.db, log.Row(number, at, vault.officer.login, action, case, raw, digest))


def _hash(previous: bytes, number: int, at: str, officer: str, action: str, case: CaseNumber, details: str) -> bytes:
    words = (word.encode() for word in (at, officer, action))
    return labelled_hash("log entry", previous, u32(number), *words, u32(case), details.encode())


def shown(vault: Vault) -> Iterator[Line]:
    """The lines that the officer at work may read, oldest first: none about a case from which they are kept out."""
    hidden = exclusions.hidden_from(vault.db, vault.officer.login)
    return (line for line in lines(vault) if line.case not in hidden)


def lines(vault: Vault, case: CaseNumber = NO_CASE_NUMBER) -> Iterator[Line]:
    """All lines, oldest first, whoever asks; of one case when it is named."""
    for row in log.lines(vault.db, case):
        yield Line(row.number, row.at, row.officer, row.action, row.case, json.loads(row.details), row.hash)


def local(at: str, zone: datetime.tzinfo) -> str:
    """Return a line's time (UTC, ISO 8601) as the clocks of a time zone show it, without the zone."""
    return datetime.datetime.fromisoformat(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def head(vault: Vault) -> tuple[int, bytes]:
    """(number, hash) of the last line: what to write down elsewhere to notice a chain that was made anew."""
    last = log.head(vault.db)
    return (last.number, last.hash) if last else (0, bytes(HASH_BYTES))


def verify(vault: Vault) -> int:
    """The number of lines, if each continues the one before; raises DamagedError that names the first that does not."""
    previous, count = bytes(HASH_BYTES), 0
    for line in lines(vault):
        count += 1
        details = json.dumps(line.details, sort_keys=True)
        expected = _hash(previous, line.number, line.at, line.officer, line.action, line.case, details)
        if line.number != count or line.hash != expected:
            raise DamagedError("log.altered", line=count)
        previous = line.hash
    return count
