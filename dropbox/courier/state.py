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
        notes: the sentences of `dropbox courier export` about room, upkeep, help numbers and the certificate.
        is_urgent: whether somebody must act now: a desk that is late, a certificate that ended.
    """

    waiting: bool
    oldest_week: Epoch | None
    desks: tuple[Desk, ...]
    certificate_until: Day | None
    notes: tuple[Sentence, ...]
    is_urgent: bool = False
