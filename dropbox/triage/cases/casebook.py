"""The cases of a vault, as they are read: who, what, which files, and the timeline that the reporter sees.

Rule: reading only; messages come in by `joining`, answers by `policy`. All texts in here are the reporter's: untrusted.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dropbox.errors import NotFoundError
from dropbox.settings.installation import LANGUAGES
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import FILE, REPORT
from dropbox.wire.board import RECEIVED, Entry
from dropbox.wire.calendar import Day

# With the officer's login as its value: the cases from which nobody keeps them out.
NOT_EXCLUDED: Final = (
    "not exists (select 1 from exclusions where case_number = cases.number and exclusions.officer = ? and lifted = '')"
)
COLUMNS: Final = (
    "number, status, channel, category, sent, due, tag_key, answer_key, proven, origin, agenda, unit, unit_type,"
    " province, district, subject, officer, office, clock, paused_left, paused_status, merged_into, reason, reference,"
    " closed"
)
_FILE_ORDER: Final = "messages.day, nonce, messages.number"
_NAMES: Final = COLUMNS.split(", ")
_EMPTY: Final[dict[str, Any]] = {"agenda": "", "merged_into": 0, "closed": 0}


@dataclass(frozen=True)
class Case:
    """A thread's case.

    Attributes:
        number: running number of the desk.
        name: `DESK-0001`.
        status: a code of wire.statuses.
        channel: a code of wire.statuses, empty until the report itself has come, or when it bears none; likewise
            category.
        category: see channel.
        sent: day on which its first message was sealed.
        due: day by which something is due, 0 for none.
        tag_key: of the thread; likewise answer_key.
        answer_key: see tag_key.
        proven: whether the keys are proven to be the thread's.
        origin: `online`, or how a case came that was keyed in.
        agenda: the number that may be cited, or empty.
        unit: what it is about, as an officer classified it; likewise unit_type, province, district, subject.
        officer: login of whom it was assigned to, or empty; likewise office, a code of the settings.
        clock: day on which the present status began; 0 = the sending date.
        paused_left: working days that were left when a question was asked, else None.
        paused_status: the status to go back to after the question.
        merged_into: number of the case that is worked on instead, or 0.
        reason: code of a refusal's reason.
        reference: number of a court's case, or where a case was referred to.
        closed: day on which it ended, or 0.
    """

    number: CaseNumber
    name: str
    status: str
    channel: str
    category: str
    sent: Day
    due: Day
    tag_key: bytes = field(repr=False)
    answer_key: bytes = field(repr=False)
    proven: bool
    origin: str = "online"
    agenda: str = ""
    unit: str = ""
    unit_type: str = ""
    province: str = ""
    district: str = ""
    subject: str = ""
    officer: str = ""
    office: str = ""
    clock: int = 0
    paused_left: int | None = None
    paused_status: str = ""
    merged_into: CaseNumber = NO_CASE_NUMBER
    reason: str = ""
    reference: str = ""
    closed: int = 0


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


def case_name(desk: str, number: int) -> str:
    """`ITJEN-0001`."""
    return f"{desk.upper()}-{number:04d}"


def all_cases(vault: Vault) -> list[Case]:
    """Every case that was not deleted, oldest first, whoever asks: for publishing and for counts, not for eyes."""
    rows = vault.db.execute(f"select {COLUMNS} from cases where deleted is null order by number")  # noqa: S608
    return [case_from(vault, row) for row in rows]


def visible_cases(vault: Vault) -> list[Case]:
    """Every case that the vault's officer may see, oldest first."""
    rows = vault.db.execute(
        f"select {COLUMNS} from cases where deleted is null and {NOT_EXCLUDED} order by number",  # noqa: S608
        (vault.officer.login,),
    )
    return [case_from(vault, row) for row in rows]


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
    row = vault.db.execute(
        f"select {COLUMNS} from cases where (number = ? or agenda = ?) and (deleted is null or ?) and {NOT_EXCLUDED}",  # noqa: S608
        (int(match[1]) if match else -1, typed.strip(), deleted, vault.officer.login),
    ).fetchone()
    if row is None:
        raise NotFoundError("case.not-found")
    return case_from(vault, row)


def case_of(vault: Vault, number: CaseNumber) -> Case:
    """The case of a number, whoever asks; raises NotFoundError."""
    row = vault.db.execute(f"select {COLUMNS} from cases where number = ?", (number,)).fetchone()  # noqa: S608
    if row is None:
        raise NotFoundError("case.not-found")
    return case_from(vault, row)


def case_from(vault: Vault, row: tuple[Any, ...]) -> Case:
    """The case of a row of COLUMNS."""
    values = dict(zip(_NAMES, row, strict=True))
    for name, empty in _EMPTY.items():
        values[name] = empty if values[name] is None else values[name]
    keys = {name: bytes(values[name]) for name in ("tag_key", "answer_key")}
    return Case(**values | keys | {"proven": bool(values["proven"]), "name": case_name(vault.desk, row[0])})


def texts(vault: Vault, case: Case) -> list[Text]:
    """The report and its additions: the report first, then by day of collection and place in their form."""
    rows = vault.db.execute(
        "select kind, sent, day, lang, messages.fields, messages.number, coalesce(whole_bytes, 0) from messages"
        " left join excerpts on excerpts.number = messages.number where messages.case_number = ? and kind != ?"
        " order by kind != ?, day, nonce, messages.number",
        (case.number, FILE, REPORT),
    )
    return [
        Text(kind, sent, day, lang, json.loads(fields), number, whole)
        for kind, sent, day, lang, fields, number, whole in rows
    ]


def files(vault: Vault, case: Case) -> list[StoredFile]:
    """The case's files by day of collection and, within a form, in the order in which the reporter chose them."""
    rows = vault.db.execute(
        "select name, type, messages.bytes, file_sha256, sent, messages.day, file, seen.bytes, file_key"  # noqa: S608
        f" from messages join seen using (sha256) where case_number = ? and kind = ? order by {_FILE_ORDER}",
        (case.number, FILE),
    )
    return [
        StoredFile(name, kind, size, bytes(digest), sent, day, vault.blobs / blob, blob_bytes, bytes(key))
        for name, kind, size, digest, sent, day, blob, blob_bytes, key in rows
    ]


def file_of(vault: Vault, case: Case, number: int) -> StoredFile:
    """A case's file by its 1-based number; raises NotFoundError."""
    found = files(vault, case)
    if not 1 <= number <= len(found):
        raise NotFoundError("case.no-file-number")
    return found[number - 1]


def file_number(vault: Vault, case: Case, message: int) -> int:
    """The 1-based number of the file that came with a message; raises NotFoundError."""
    rows = vault.db.execute(
        f"select number from messages where case_number = ? and kind = ? order by {_FILE_ORDER}",  # noqa: S608
        (case.number, FILE),
    )
    for place, (number,) in enumerate(rows, 1):
        if number == message:
            return place
    raise NotFoundError("case.no-such-file")


def promised(vault: Vault, case: Case) -> int:
    """The date that the case's reporter was told last, or 0."""
    row = vault.db.execute(
        "select next from events where case_number = ? and kind != ? order by number desc limit 1",
        (case.number, RECEIVED),
    ).fetchone()
    return row[0] if row else 0


def language(vault: Vault, case: Case) -> str:
    """`id` or `en`: the language in which the case's report was written."""
    row = vault.db.execute(
        "select lang from messages where case_number = ? and lang != '' order by kind != ?, number limit 1",
        (case.number, REPORT),
    ).fetchone()
    return row[0] if row and row[0] in LANGUAGES else LANGUAGES[0]


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
