"""What reporters do besides writing: say that they have read the answers, or withdraw their report.

    read      stands in the thread with its day; nothing becomes unread, nothing is counted, no clock moves
    withdraw  stands in the thread, in the list and in the log, and is answered by a phrase once; status and clocks stay

Rule: what becomes of a withdrawn report is an officer's decision. An act never hides words: a message that says or asks
for anything besides `read` comes in like any other addition.
"""

from collections.abc import Sequence

from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.tables import messages
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import ACTS, ADDITION, READ, Message
from dropbox.wire.board import MESSAGE, Entry
from dropbox.wire.calendar import Day
from dropbox.wire.fields import is_blank


def act_of(kind: str, fields: dict[str, str]) -> str:
    """READ, WITHDRAW or an empty string: what a message of that kind with these fields does."""
    act = fields.get("act", "") if kind == ADDITION else ""
    if act == READ and not all(is_blank(text) for name, text in fields.items() if name != "act"):
        return ""
    return act if act in ACTS else ""


def is_counted(message: Message) -> bool:
    """Whether the reporter's timeline counts it as something that they sent: not an act without words."""
    return not (act_of(message.kind, message.fields) and is_blank(message.fields.get("what", "")))


def withdrawn(vault: Vault, numbers: Sequence[CaseNumber]) -> list[tuple[str, int]]:
    """(name of the case, day) of every case of those numbers whose reporter withdrew it."""
    days = messages.withdrawn(vault.db, numbers)
    return [(casebook.case_name(vault.desk, number), days[number]) for number in numbers if number in days]


def note_withdrawal(vault: Vault, number: CaseNumber, today: Day) -> None:
    """Log that a case's reporter withdrew it, and tell them what follows; inside the transaction that takes it in."""
    case = casebook.case_of(vault, number)
    text = phrases.text_of(vault, "withdraw-noted", casebook.language(vault, case))
    transitions.tell(vault, number, Entry(day=today, kind=MESSAGE, text=text, next=casebook.promised(vault, case)))
    audit_log.write(vault, "reporter.withdrew", number)
