"""The cases of a vault, as they are read: who, what, which files, and the timeline that the reporter sees.

Rule: reading only; messages come in by `joining`, answers by `policy`. All texts in here are the reporter's: untrusted.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from dropbox.errors import NotFoundError
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.tables import case_row, cases, events, messages
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import REPORT
from dropbox.wire.board import Entry
from dropbox.wire.calendar import Day

Case = case_row.Case
case_name = case_row.case_name


@dataclass(frozen=True)
class Text:
    """A report or an addition; `whole_bytes` of its texts as they came, if they were cut (cases.bounds), else 0."""

    kind: str
    sent: Day
    day: Day
    lang: str
    fields: dict[str, str]
    number: int = 0
    whole_bytes: int = 0


@dataclass(frozen=True)
class StoredFile:
    """A reporter's file, still sealed in blobs/."""

    name: str
    type: str
    size: int
    sha256: bytes
    sent: Day
    day: Day
    path: Path
    blob_bytes: int
    file_key: bytes = field(repr=False)


def all_cases(vault: Vault) -> list[Case]:
    """Every case that was not deleted, oldest first, whoever asks: for publishing and for counts, not for eyes."""
    return cases.visible(vault.db, None)


def visible_cases(vault: Vault) -> list[Case]:
    """Every case that the vault's officer may see, oldest first."""
    return cases.visible(vault.db, vault.officer.login)


def find_case(vault: Vault, typed: str, *, deleted: bool = False) -> Case:
    """The case of a typed name (any letter case), number or agenda number, for the vault's officer.

    Args:
        vault: whose.
        typed: by an officer.
        deleted: find the row that was kept for the counts as well.

    Raises:
        NotFoundError: there is none, it was deleted, or the officer is kept out of it.
    """
    match = re.fullmatch(rf"(?:{re.escape(vault.desk)}-)?([0-9]{{1,9}})", typed.strip(), re.IGNORECASE | re.ASCII)
    number = CaseNumber(int(match[1]) if match else -1)
    case = cases.named(vault.db, number, typed.strip(), vault.officer.login, deleted=deleted)
    if case is None:
        raise NotFoundError("case.not-found")
    return case


def case_of(vault: Vault, number: CaseNumber) -> Case:
    """The case of a number, whoever asks; raises NotFoundError."""
    case = cases.of_number(vault.db, number)
    if case is None:
        raise NotFoundError("case.not-found")
    return case


def texts(vault: Vault, case: Case) -> list[Text]:
    """The report and its additions: the report first, then by day of collection and place in their form."""
    return [
        Text(one.kind, one.sent, one.day, one.lang, json.loads(one.fields), one.number, one.whole_bytes)
        for one in messages.texts(vault.db, case.number)
    ]


def files(vault: Vault, case: Case) -> list[StoredFile]:
    """The case's files by day of collection and, within a form, in the order in which the reporter chose them."""
    return [stored_file(vault, row) for row in messages.files(vault.db, case.number)]


def stored_file(vault: Vault, row: messages.Row) -> StoredFile:
    """The file that came with a message."""
    return StoredFile(
        row.name,
        row.type,
        row.size,
        row.file_sha256,
        row.sent,
        row.day,
        vault.blobs / row.blob,
        row.blob_bytes,
        row.file_key,
    )


def file_of(vault: Vault, case: Case, number: int) -> StoredFile:
    """A case's file by its 1-based number; raises NotFoundError."""
    found = files(vault, case)
    if not 1 <= number <= len(found):
        raise NotFoundError("case.no-file-number")
    return found[number - 1]


def file_number(vault: Vault, case: Case, message: int) -> int:
    """The 1-based number of the file that came with a message; raises NotFoundError."""
    numbers = messages.file_numbers(vault.db, case.number)
    if message not in numbers:
        raise NotFoundError("case.no-such-file")
    return numbers.index(message) + 1


def messages_of_files(vault: Vault, case: Case) -> list[int]:
    """The numbers of the messages that brought a case's files, in the order of `files`."""
    return messages.file_numbers(vault.db, case.number)


def promised(vault: Vault, case: Case) -> int:
    """The date that the case's reporter was told last, or 0."""
    return events.promised(vault.db, case.number)


def language(vault: Vault, case: Case) -> str:
    """`id` or `en`: the language in which the case's report was written."""
    written = messages.language(vault.db, case.number, REPORT)
    return written if written in LANGUAGES else LANGUAGES[0]


def timeline(vault: Vault, case: Case) -> list[Entry]:
    """What the reporter reads, oldest first. Nothing that a reporter typed is in it."""
    return events.of_case(vault.db, case.number)
