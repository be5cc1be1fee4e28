"""Says the state of the store, an export and an import in sentences, alike from the store and through the gate.

Rule: it reads nothing but what it is given.
"""

from collections.abc import Iterable, Iterator

from dropbox.courier.state import Desk, State
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day, date_of, epoch_first_day


def state_lines(state: State) -> Iterator[str]:
    """Yield what waits, the newest answers and the ends of each desk, what it owes, and the notes about the server."""
    if state.oldest_week is None:
        yield Sentence("courier.nothing-waits")
    else:
        yield Sentence("courier.waits", week=date_of(epoch_first_day(state.oldest_week)))
    if state.looked is not None:
        yield state.looked
    for desk in state.desks:
        yield _desk(desk)
        yield from desk.owes
    if state.certificate_until is not None:
        yield Sentence("courier.server-until", day=date_of(state.certificate_until))
    if state.revocations_until is not None:
        yield Sentence("courier.list-until", day=date_of(state.revocations_until))
    yield from state.notes


def import_lines(what: str, deleted: int | None, warnings: Iterable[str], *, is_new: bool) -> Iterator[str]:
    """Yield the warnings of an import, then what it did.

    Args:
        what: the file in words.
        deleted: number of deleted blobs; None if the file cannot hold receipts.
        warnings: sentences.
        is_new: False when all of it was imported before.
    """
    yield from warnings
    if not is_new:
        yield Sentence("command.nothing-new", what=what)
    elif deleted is None:
        yield Sentence("command.imported-file", what=what)
    else:
        yield Sentence("command.imported-deleted", what=what, count=deleted)


def _desk(desk: Desk) -> Sentence:
    return Sentence(
        "courier.desk",
        desk=desk.name,
        board=_day(desk.board_day),
        certificate=_day(desk.certificate_until),
        keys=_day(desk.keys_until),
    )


def _day(day: Day | None) -> str:
    return "–" if day is None else date_of(day).isoformat()
