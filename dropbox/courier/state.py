"""Describes what a courier may know about the store and the desks.

Rule: it has days, weeks and yes or no; no time is finer than a week for what arrived, and no number counts reports.
"""

from dataclasses import dataclass

from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day, Epoch


@dataclass(frozen=True)
class Desk:
    """What the store holds of a desk.

    Attributes:
        name: of its certificate.
        board_day: day on which the desk made its newest board; None without one.
        certificate_until: last day of the certificate that signed its newest keys; None without keys.
        keys_until: last day of its newest epoch key; None without keys.
        owes: what the desk must still do or bring.
    """

    name: str
    board_day: Day | None
    certificate_until: Day | None
    keys_until: Day | None
    owes: tuple[Sentence, ...]


@dataclass(frozen=True)
class State:
    """What the store holds.

    Attributes:
        waiting: whether sealed reports are in the store that must be carried to a desk.
        oldest_week: epoch of the oldest of them; None without one.
        desks: in the order of their names.
        certificate_until: last day of the server's certificate; None without one.
        revocations_until: last day on which browsers accept the list of revocations; None without one.
        notes: sentences about room (the first one: how much is used), upkeep, help numbers, certificate and list.
        is_urgent: whether somebody must act now: a desk that is late, a certificate or a list that ended.
        looked: when the gate looked at what waits, the desks and the used room, to six hours; None: just now.
    """

    waiting: bool
    oldest_week: Epoch | None
    desks: tuple[Desk, ...]
    certificate_until: Day | None
    revocations_until: Day | None
    notes: tuple[Sentence, ...]
    is_urgent: bool = False
    looked: Sentence | None = None
