"""A case as it went: what came, what was answered, what officers wrote for each other, in the order of time.

Rule: reading only, but that reading is written down: once in the log for each officer, case and day. Texts are as they
came: untrusted. Of what was merged into the case, the officer sees what they are not kept out of.
"""

import json
from dataclasses import dataclass, field
from typing import Final

from dropbox.settings import Settings
from dropbox.triage import casebook, policy
from dropbox.triage.casebook import Case
from dropbox.triage.office import log
from dropbox.triage.schema import transaction
from dropbox.triage.vault import Vault
from dropbox.triage.work import merging
from dropbox.wire.blob import ADDITION, FILE, REPORT
from dropbox.wire.board import MESSAGE, STATUS

_ACT: Final = "case.read"
# Within a day: what came, then what officers wrote, then what the reporter is told (it leaves with the next courier).
_CAME, _WROTE, _TOLD = range(3)


@dataclass(frozen=True)
class Item:
    """One thing that happened.

    Attributes:
        day: day number: of collection, of writing, of answering.
        kind: `report`, `addition`, `file`, `answer` (a status or text for the reporter), or a kind of note.
        case: name of the case that it belongs to, which differs for what was merged.
        number: of the message, event or note.
        sent: day of sealing, for what came.
        is_new: whether the officer had not read it before.
        lang: the reporter's language.
        fields: what the reporter typed.
        file: a file, for that kind.
        status: code, of an answer.
        text: of an answer or note.
        next: day that was promised, or 0.
        officer: login of who wrote a note.
        office: to which a disposition goes, or from which it was withdrawn; likewise assignee, a login.
        assignee: see office.
    """

    day: int
    kind: str
    case: str
    number: int
    sent: int = 0
    is_new: bool = False
    lang: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    file: casebook.StoredFile | None = None
    status: str = ""
    text: str = ""
    next: int = 0
    officer: str = ""
    office: str = ""
    assignee: str = ""


def read(vault: Vault, settings: Settings, case: Case, today: int) -> list[Item]:
    """Everything of a case, oldest first; marks it as read by the officer at work.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is kept out of the case.
    """
    policy.permit(vault, settings, _ACT, case.number)
    before = _read_until(vault, case.number)
    found: list[tuple[int, int, Item]] = []
    for number in (case.number, *merging.followers(vault, case.number)):
        found += _of(vault, casebook.case_of(vault, number), before)
    # The sort is stable: what came in one form stays together.
    items = [item for _, _, item in sorted(found, key=lambda one: one[:2])]
    mark_read(vault, settings, case, today)
    return items


def mark_read(vault: Vault, settings: Settings, case: Case, today: int) -> None:
    """Note that the officer has read everything that there is; raises as `read`."""
    policy.permit(vault, settings, _ACT, case.number)
    group = (case.number, *merging.followers(vault, case.number))
    with transaction(vault.db):
        vault.db.executemany(
            "insert into reads (officer, case_number, message) select ?1, number, touched from cases where number = ?2"
            " on conflict (officer, case_number) do update set message = excluded.message",
            [(vault.officer.login, number) for number in group],
        )
        if not _is_logged(vault, case.number, today):
            log.write(vault, _ACT, case.number, day=today)


def mark_unread(vault: Vault, settings: Settings, case: Case) -> None:
    """Show a case as unread again, for whoever was interrupted; raises as `read`."""
    policy.permit(vault, settings, _ACT, case.number)
    with transaction(vault.db):
        vault.db.execute("delete from reads where officer = ? and case_number = ?", (vault.officer.login, case.number))


def _is_logged(vault: Vault, case: int, today: int) -> bool:
    row = vault.db.execute(
        "select 1 from log where case_number = ? and officer = ? and action = ? and details = ?",
        (case, vault.officer.login, _ACT, json.dumps({"day": today})),
    ).fetchone()
    return row is not None


def _read_until(vault: Vault, case: int) -> int:
    row = vault.db.execute(
        "select message from reads where officer = ? and case_number = ?", (vault.officer.login, case)
    ).fetchone()
    return row[0] if row else 0


def _of(vault: Vault, case: Case, before: int) -> list[tuple[int, int, Item]]:
    """(day, place within the day, item) of everything of one case."""
    return [*_messages(vault, case, before), *_notes(vault, case), *_answers(vault, case)]


def _messages(vault: Vault, case: Case, before: int) -> list[tuple[int, int, Item]]:
    rows = vault.db.execute(
        "select messages.number, kind, sent, messages.day, lang, fields, name, type, messages.bytes, file_sha256, file,"
        " seen.bytes, file_key from messages join seen using (sha256) where case_number = ?"
        " order by messages.day, kind != ?, kind != ?, nonce, messages.number",
        (case.number, REPORT, ADDITION),
    )
    found = []
    for number, kind, sent, day, lang, fields, name, typ, size, digest, blob, blob_bytes, key in rows:
        stored = None
        if kind == FILE:
            path = vault.blobs / blob
            stored = casebook.StoredFile(name, typ, size, bytes(digest), sent, day, path, blob_bytes, bytes(key))
        item = Item(
            day,
            kind,
            case.name,
            number,
            sent=sent,
            is_new=number > before,
            lang=lang,
            fields=json.loads(fields),
            file=stored,
        )
        found.append((day, _CAME, item))
    return found


def _notes(vault: Vault, case: Case) -> list[tuple[int, int, Item]]:
    rows = vault.db.execute(
        "select number, day, officer, kind, text, office, assignee from notes where case_number = ? order by number",
        (case.number,),
    )
    return [
        (
            day,
            _WROTE,
            Item(day, kind, case.name, number, text=text, officer=officer, office=office, assignee=assignee),
        )
        for number, day, officer, kind, text, office, assignee in rows
    ]


def _answers(vault: Vault, case: Case) -> list[tuple[int, int, Item]]:
    rows = vault.db.execute(
        "select number, day, status, text, next from events where case_number = ? and kind in (?, ?) order by number",
        (case.number, STATUS, MESSAGE),
    )
    return [
        (day, _TOLD, Item(day, "answer", case.name, number, status=status, text=text, next=due))
        for number, day, status, text, due in rows
    ]
