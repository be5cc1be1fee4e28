"""The cases of a vault, as they are read: who, what, which files, and the timeline that the reporter sees.

Rule: reading only; messages come in by `joining`, answers by `policy`. All texts in here are the reporter's: untrusted.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dropbox.errors import NotFoundError
from dropbox.triage.vault import Vault
from dropbox.wire.blob import FILE, REPORT
from dropbox.wire.board import Entry

_COLUMNS: Final = "number, status, channel, category, sent, due, tag_key, answer_key, proven"


@dataclass(frozen=True)
class Case:
    """A thread's case.

    Attributes:
        number: running number of the desk.
        name: `DESK-0001`.
        status: a code of wire.statuses.
        channel: the reporter's word, empty until the report itself has come; likewise category.
        category: see channel.
        sent: day on which its first message was sealed.
        due: day by which something is due, 0 for none.
        tag_key: of the thread; likewise answer_key.
        answer_key: see tag_key.
        proven: whether the keys are proven to be the thread's.
    """

    number: int
    name: str
    status: str
    channel: str
    category: str
    sent: int
    due: int
    tag_key: bytes = field(repr=False)
    answer_key: bytes = field(repr=False)
    proven: bool


@dataclass(frozen=True)
class Text:
    """A report or an addition."""

    kind: str
    sent: int
    day: int
    lang: str
    fields: dict[str, str]


@dataclass(frozen=True)
class StoredFile:
    """A reporter's file, still sealed in blobs/."""

    name: str
    type: str
    size: int
    sha256: bytes
    sent: int
    day: int
    path: Path
    blob_bytes: int
    file_key: bytes = field(repr=False)


def case_name(desk: str, number: int) -> str:
    """`ITJEN-0001`."""
    return f"{desk.upper()}-{number:04d}"


def all_cases(vault: Vault) -> list[Case]:
    """Every case, oldest first."""
    return [_case(vault, row) for row in vault.db.execute(f"select {_COLUMNS} from cases order by number")]  # noqa: S608


def find_case(vault: Vault, typed: str) -> Case:
    """The case of a typed name (any letter case) or number; raises NotFoundError."""
    match = re.fullmatch(rf"(?:{re.escape(vault.desk)}-)?([0-9]{{1,9}})", typed.strip(), re.IGNORECASE | re.ASCII)
    sql = f"select {_COLUMNS} from cases where number = ?"  # noqa: S608
    row = vault.db.execute(sql, (int(match[1]),)).fetchone() if match else None
    if row is None:
        raise NotFoundError("there is no case of that name: `dropbox triage list` shows them all")
    return _case(vault, row)


def _case(vault: Vault, row: tuple[int, str, str, str, int, int, bytes, bytes, int]) -> Case:
    number, status, channel, category, sent, due, tag_key, answer_key, proven = row
    name = case_name(vault.desk, number)
    return Case(number, name, status, channel, category, sent, due, bytes(tag_key), bytes(answer_key), bool(proven))


def texts(vault: Vault, case: Case) -> list[Text]:
    """The report and its additions: the report first, then by day of collection and place in their form."""
    rows = vault.db.execute(
        "select kind, sent, day, lang, fields from messages where case_number = ? and kind != ?"
        " order by kind != ?, day, nonce, number",
        (case.number, FILE, REPORT),
    )
    return [Text(kind, sent, day, lang, json.loads(fields)) for kind, sent, day, lang, fields in rows]


def files(vault: Vault, case: Case) -> list[StoredFile]:
    """The case's files by day of collection and, within a form, in the order in which the reporter chose them."""
    rows = vault.db.execute(
        "select name, type, messages.bytes, file_sha256, sent, messages.day, file, seen.bytes, file_key"
        " from messages join seen using (sha256) where case_number = ? and kind = ?"
        " order by messages.day, nonce, messages.number",
        (case.number, FILE),
    )
    return [
        StoredFile(name, kind, size, bytes(digest), sent, day, vault.blobs / blob, blob_bytes, bytes(key))
        for name, kind, size, digest, sent, day, blob, blob_bytes, key in rows
    ]


def timeline(vault: Vault, case: Case) -> list[Entry]:
    """What the reporter reads, oldest first. Nothing that a reporter typed is in it."""
    rows = vault.db.execute(
        "select day, kind, status, text, next, texts, files from events where case_number = ? order by number",
        (case.number,),
    )
    return [
        Entry(day=day, kind=kind, status=status, text=text, next=due, texts=n_texts, files=n_files)
        for day, kind, status, text, due, n_texts, n_files in rows
    ]
