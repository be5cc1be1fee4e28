"""A case as it went: what came, what was answered, what officers wrote for each other, in the order of time.

Rule: a page loads its own texts alone, so that thousands of additions cost what a hundred cost. Reading only, but that
reading is written down: once in the log for each officer, case and day. Texts are as they came: untrusted. Of what was
merged into the case, the officer sees what they are not kept out of.
"""

import json
from dataclasses import dataclass, field

from dropbox.limits import THREAD_PAGE_BYTES, THREAD_PAGE_ITEMS
from dropbox.triage.access import offices, permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import merging, reporter_acts
from dropbox.triage.tables import events, log, messages, notes, reads
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import FILE, READ
from dropbox.wire.calendar import Day

# Within a day: what came, then what officers wrote, then what the reporter is told (it leaves with the next courier).
_CAME, _WROTE, _TOLD = range(3)


@dataclass(frozen=True)
class Item:
    """One thing that happened.

    Attributes:
        day: day number: of collection, of writing, of answering.
        kind: `report`, `addition`, `file`, `read` or `withdraw` (what the reporter did), `answer` (a status or text for
            the reporter), or a kind of note.
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
        whole_bytes: of the texts as they came, if they were cut (cases.bounds), else 0.
    """

    day: Day
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
    whole_bytes: int = 0


@dataclass(frozen=True)
class Thread:
    """A page of a case: its items, oldest first, its place among the pages from 1, and how much new the others have."""

    items: list[Item]
    page: int
    pages: int
    new_elsewhere: int


@dataclass(frozen=True)
class _Came:
    """What came, before its text is loaded: the number of its message, and about how many bytes it has."""

    number: int
    bytes: int


def read(work: Work, case: Case) -> list[Item]:
    """Everything of a case, oldest first; marks it as read by the officer at work.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_READ, case.number)
    before = reads.read_until(work.vault.db, case.number, work.vault.officer.login)
    items = _filled(work.vault, _in_order(work.vault, case), before)
    mark_read(work, case)
    return items


def read_page(work: Work, case: Case, wanted: int = 0) -> Thread:
    """A page, 1-based (the last one if there is none of that number); marks everything as read. Raises as `read`."""
    permission.permit(work, Permission.CASE_READ, case.number)
    before = reads.read_until(work.vault.db, case.number, work.vault.officer.login)
    pages = _pages(_in_order(work.vault, case))
    place = wanted if 1 <= wanted <= len(pages) else len(pages)
    others = [one for number, many in enumerate(pages, 1) if number != place for one in many]
    new = sum(isinstance(one, _Came) and one.number > before for one in others)
    items = _filled(work.vault, pages[place - 1], before)
    mark_read(work, case)
    return Thread(items, place, len(pages), new)


def _in_order(vault: Vault, case: Case) -> list[Item | _Came]:
    """Everything of a case and of what was merged into it, without the texts that came."""
    found: list[tuple[int, int, Item | _Came]] = []
    for number in (case.number, *merging.followers(vault, case.number)):
        one = casebook.case_of(vault, number)
        found += [*_came(vault, one), *_notes(vault, one), *_answers(vault, one)]
    # The sort is stable: what came in one form stays together.
    return [entry for _, _, entry in sorted(found, key=lambda one: one[:2])]


def _pages(entries: list[Item | _Came]) -> list[list[Item | _Came]]:
    pages: list[list[Item | _Came]] = [[]]
    filled = 0
    for entry in entries:
        size = entry.bytes if isinstance(entry, _Came) else len(entry.text)
        if pages[-1] and (len(pages[-1]) >= THREAD_PAGE_ITEMS or filled + size > THREAD_PAGE_BYTES):
            pages.append([])
            filled = 0
        pages[-1].append(entry)
        filled += size
    return pages


def _filled(vault: Vault, entries: list[Item | _Came], before: int) -> list[Item]:
    came = _messages(vault, [one.number for one in entries if isinstance(one, _Came)], before)
    return [came[one.number] if isinstance(one, _Came) else one for one in entries]


def mark_read(work: Work, case: Case) -> None:
    """Note that the officer has read everything, dispositions to them as well; raises as `read`."""
    permission.permit(work, Permission.CASE_READ, case.number)
    group = (case.number, *merging.followers(work.vault, case.number))
    with transaction(work.vault.db):
        reads.mark_read(work.vault.db, group, work.vault.officer.login)
        addressed = offices.addressed(work)
        dispositions.mark_read(work.vault.db, group, work.vault.officer.login, addressed, work.today)
        if not _is_logged(work.vault, case.number, work.today):
            audit_log.write(work.vault, Permission.CASE_READ, case.number, day=work.today)


def mark_unread(work: Work, case: Case) -> None:
    """Show a case as unread again, for whoever was interrupted; raises as `read`."""
    permission.permit(work, Permission.CASE_READ, case.number)
    with transaction(work.vault.db):
        reads.mark_unread(work.vault.db, case.number, work.vault.officer.login)


def _is_logged(vault: Vault, case: CaseNumber, today: Day) -> bool:
    return log.has(vault.db, case, Permission.CASE_READ, json.dumps({"day": today}), vault.officer.login)


def _came(vault: Vault, case: Case) -> list[tuple[int, int, _Came]]:
    """(day, place within the day, what came), in the order in which it is shown."""
    return [(day, _CAME, _Came(number, size)) for number, day, size in messages.sizes(vault.db, case.number)]


def _messages(vault: Vault, numbers: list[int], before: int) -> dict[int, Item]:
    """What came, by number of its message."""
    found = {}
    for row in messages.of_numbers(vault.db, numbers):
        typed = json.loads(row.fields)
        act = reporter_acts.act_of(row.kind, typed)
        found[row.number] = Item(
            row.day,
            act or row.kind,
            casebook.case_name(vault.desk, row.case),
            row.number,
            sent=row.sent,
            is_new=row.number > before and act != READ,
            lang=row.lang,
            fields={name: text for name, text in typed.items() if name != "act"} if act else typed,
            file=casebook.stored_file(vault, row) if row.kind == FILE else None,
            whole_bytes=row.whole_bytes,
        )
    return found


def _notes(vault: Vault, case: Case) -> list[tuple[int, int, Item]]:
    return [
        (
            one.day,
            _WROTE,
            Item(
                one.day,
                one.kind,
                case.name,
                one.number,
                text=one.text,
                officer=one.officer,
                office=one.office,
                assignee=one.assignee,
            ),
        )
        for one in notes.of_case(vault.db, case.number)
    ]


def _answers(vault: Vault, case: Case) -> list[tuple[int, int, Item]]:
    return [
        (
            one.day,
            _TOLD,
            Item(one.day, "answer", case.name, one.number, status=one.status, text=one.text, next=one.next),
        )
        for one in events.answers(vault.db, case.number)
    ]
