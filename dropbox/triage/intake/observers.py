"""What follows once a message has its place in a case, one function for each consequence.

Rule: an observer is told of a message that is written already, inside the same transaction; none of them decides where
a message goes, and each can be read by itself. They run in the order of `OBSERVERS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dropbox.form import details
from dropbox.triage.access import conflict, safeguarding
from dropbox.triage.cases import casebook
from dropbox.triage.casework import protection, reporter_acts, search, transitions
from dropbox.triage.casework.safety import risk
from dropbox.triage.intake.placement import Placement
from dropbox.triage.tables import cases
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.work import Work
from dropbox.wire.blob import DETAIL, FILE, REPORT

_CODES: Final = ("channel", "category", "act", "protection")  # not searched: as words they would be in every report


@dataclass(frozen=True)
class Placed:
    """A message that was written: its placement, the number of its case, and the batch that takes its text."""

    placement: Placement
    case: CaseNumber
    index: search.Batch


def _index_text(work: Work, placed: Placed) -> None:
    """Give what the message says to the search."""
    message, kept = placed.placement.arrival.opened.message, placed.placement.within.fields
    said = [value for name, value in kept.items() if name not in _CODES and not name.startswith(DETAIL)]
    terms = details.search_terms(details.form_of(work.settings), kept)
    placed.index.add(placed.case, search.MESSAGE, placed.placement.place, "\n".join((*said, *terms, message.name)))


def _classify(work: Work, placed: Placed) -> None:
    """Sort the case by what its report says of the place, until an officer does."""
    if placed.placement.arrival.opened.message.kind != REPORT:
        return
    columns = details.place_columns(details.form_of(work.settings), placed.placement.within.fields)
    if any(columns.values()):
        cases.place(work.vault.db, placed.case, **columns)
        search.put_labels(work.vault, placed.case)


def _keep_out(work: Work, placed: Placed) -> None:
    """Keep out officers whom the whole text names: they may not read its end either (casework.wholes)."""
    conflict.check_message(work, placed.case, placed.placement.whole)


def _safeguard(work: Work, placed: Placed) -> None:
    """Close the case to most officers if the message is about sexual violence or children."""
    if safeguarding.check_message(work, placed.case, placed.placement.whole):
        search.put_labels(work.vault, placed.case)


def _move(work: Work, placed: Placed) -> None:
    """Move a case that waited for its reporter's words; an act (reporter_acts) moves none."""
    if placed.placement.case is not None and not placed.placement.act:
        transitions.on_message(work, placed.case)


def _note_withdrawal(work: Work, placed: Placed) -> None:
    if placed.placement.is_first_withdrawal:
        reporter_acts.note_withdrawal(work.vault, placed.case, work.today)


def _ask_protection(work: Work, placed: Placed) -> None:
    for kind in protection.kinds_in(placed.placement.arrival.opened.message.fields.get("protection", "")):
        protection.ask(work, casebook.case_of(work.vault, placed.case), kind)


def _propose_risk(work: Work, placed: Placed) -> None:
    """Propose the risk of a new case, and renew it when a text has come; a file has no answers."""
    if placed.placement.case is None or placed.placement.arrival.opened.message.kind != FILE:
        risk.renew(work, placed.case, placed.placement.within.fields)


OBSERVERS: Final[tuple[Callable[[Work, Placed], None], ...]] = (
    _index_text,
    _classify,
    _keep_out,
    _safeguard,
    _move,
    _note_withdrawal,
    _ask_protection,
    _propose_risk,
)
