"""A case as its row has it, and what a new one begins with.

Rule: every list and act reads a case as this one value; what a column means stands here and in the schema alone.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from dropbox.triage.tables.numbers import CaseNumber
from dropbox.wire.calendar import Day


@dataclass(frozen=True)
class Case:
    """A thread's case.

    Attributes:
        desk: its code.
        number: running number of the desk.
        status: a code of wire.statuses.
        channel: a code of wire.statuses, empty until the report itself has come, or when the report has none; likewise
            category.
        category: see channel.
        sent: day on which its first message was sealed.
        due: day by which something is due, 0 for none; of a leader the earliest of all that is worked on with it.
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
        touched: number of the last message that came from the reporter (or from one of a case merged into it).
        closed: day on which it ended, or 0.
        deleted: day on which its content was deleted, or 0.
        own_due: its own due, while `due` is that of a case that was merged into it, else None.
    """

    desk: str
    number: CaseNumber
    status: str
    channel: str
    category: str
    sent: Day
    due: Day
    tag_key: bytes = field(repr=False)
    answer_key: bytes = field(repr=False)
    proven: bool
    origin: str
    agenda: str
    unit: str
    unit_type: str
    province: str
    district: str
    subject: str
    officer: str
    office: str
    clock: Day
    paused_left: int | None
    paused_status: str
    merged_into: CaseNumber
    reason: str
    reference: str
    touched: int = field(compare=False)
    closed: Day
    deleted: Day
    own_due: Day | None

    @property
    def name(self) -> str:
        """`ITJEN-0001`."""
        return case_name(self.desk, self.number)


class ThreadKeys(NamedTuple):
    """What a thread is known by, each 32 bytes."""

    thread: bytes
    claim: bytes
    tag_key: bytes
    answer_key: bytes
    auth_key: bytes


class NewCase(NamedTuple):
    """The first values of a case; see Case."""

    proven: bool
    status: str
    channel: str
    category: str
    sent: Day
    due: Day
    clock: Day
    origin: str
    touched: int


class Changes(TypedDict, total=False):
    """Columns that `change` sets; see Case. None clears a column that may be empty."""

    status: str
    category: str
    due: Day
    agenda: str
    unit: str
    unit_type: str
    province: str
    district: str
    subject: str
    officer: str
    office: str
    clock: Day
    paused_left: int | None
    paused_status: str
    merged_into: CaseNumber | None
    reason: str
    reference: str
    closed: Day | None
    own_due: Day | None


def case_name(desk: str, number: int) -> str:
    """Return a case's name, such as `ITJEN-0001`."""
    return f"{desk.upper()}-{number:04d}"
