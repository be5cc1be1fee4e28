"""What reporters do besides writing: say that they have read the answers, or withdraw their report.

    read      stands in the thread with its day; nothing becomes unread, nothing is counted, no clock moves
    withdraw  stands in the thread, in the list and in the log, and is answered by a phrase once; status and clocks stay

Rule: what becomes of a withdrawn report is an officer's decision. An act never hides words: a message that says or asks
for anything besides `read` comes in like any other addition.
"""

from collections.abc import Sequence
from typing import Final

from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import phrases, transitions
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import ACTS, ADDITION, READ, WITHDRAW, Message
from dropbox.wire.board import MESSAGE, Entry
from dropbox.wire.calendar import Day

# With the number of a case as its value: when its reporter withdrew it first, as the day of sealing.
_WITHDRAWN: Final = (
    f"select min(sent) from messages where case_number = ? and kind = '{ADDITION}'"  # noqa: S608
    f" and json_extract(fields, '$.act') = '{WITHDRAW}'"
)
# Inside a query over `cases`: of how many cases, this one and what was merged into it, the reporters withdrew.
WITHDRAWN_COUNT: Final = (
    "(select count(distinct of.number) from messages join cases as of on of.number = messages.case_number"  # noqa: S608
    f" where kind = '{ADDITION}' and json_extract(fields, '$.act') = '{WITHDRAW}'"
    " and (of.number = cases.number or of.merged_into = cases.number))"
)


def act_of(kind: str, fields: dict[str, str]) -> str:
    """READ, WITHDRAW or an empty string: what a message of that kind with these fields does."""
    act = fields.get("act", "") if kind == ADDITION else ""
    if act == READ and any(text.strip() for name, text in fields.items() if name != "act"):
        return ""
    return act if act in ACTS else ""


def is_counted(message: Message) -> bool:
    """Whether the reporter's timeline counts it as something that they sent: not an act without words."""
    return not (act_of(message.kind, message.fields) and not message.fields.get("what", "").strip())


def withdrawn(vault: Vault, numbers: Sequence[int]) -> list[tuple[str, int]]:
    """(name of the case, day) of every case of those numbers whose reporter withdrew it."""
    found = [(number, vault.db.execute(_WITHDRAWN, (number,)).fetchone()[0]) for number in numbers]
    return [(casebook.case_name(vault.desk, number), day) for number, day in found if day is not None]


def note_withdrawal(vault: Vault, number: CaseNumber, today: Day) -> None:
    """Log that a case's reporter withdrew it, and tell them what follows; inside the transaction that takes it in."""
    case = casebook.case_of(vault, number)
    text = phrases.text_of(vault, "withdraw-noted", casebook.language(vault, case))
    transitions.tell(vault, number, Entry(day=today, kind=MESSAGE, text=text, next=casebook.promised(vault, case)))
    audit_log.write(vault, "reporter.withdrew", number)
