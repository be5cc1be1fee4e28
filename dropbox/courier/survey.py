"""Surveys the store for courier and administrator: what waits, how old it is, and what each desk owes.

Rule: it changes nothing, verifies nothing again that an import has verified, and returns no number of reports and no
time of an arrival finer than a week.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dropbox.courier import listed, quorum, signer, upkeep
from dropbox.courier.exchange import Exported
from dropbox.courier.signer import Signer
from dropbox.courier.state import Desk, State
from dropbox.crypto.signing import Trust
from dropbox.errors import ConfigurationError
from dropbox.limits import (
    BOARD_FRESH_DAYS,
    BOARD_LATE_DAYS,
    CERTIFICATE_WARN_DAYS,
    EPOCH_DAYS,
    EPOCHS_AHEAD,
    ROOT_WARN_DAYS,
)
from dropbox.published.trust import revocations_days_left, trust_of
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.settings.notes import contact_notes
from dropbox.store.blobs import STAGED
from dropbox.store.database import Store
from dropbox.wire.board import parse_board
from dropbox.wire.bundle import unpack_objects
from dropbox.wire.calendar import Day, Epoch, date_of, epoch_first_day, epoch_last_day
from dropbox.wire.keyring import RootAnchor, certificate_of, parse_key_bundle, parse_keyed_bundle
from dropbox.wire.signed import Certificate, parse_object

_KEYS_WARN_DAYS: Final = 4 * EPOCH_DAYS  # keys are published for twelve weeks: eight went by without a return
_RECEIPTS: Final = "courier.owes-receipts"
_SUCCESSOR_RECEIPTS: Final = "courier.owes-receipts-successor"


def survey(store: Store, anchor: RootAnchor, settings: Settings, today: Day) -> State:
    """Return what waits and what is owed.

    Args:
        store: any store.
        anchor: the pinned root.
        settings: name the desks.
        today: day number, UTC.

    Raises:
        MalformedError, UntrustedError: what the store holds is not what an import has verified.
    """
    trust = trust_of(store, anchor, today)
    waiting = [Epoch(epoch) for epoch in store.blobs.remaining() if epoch != STAGED]
    keys = {desk: item.body for desk, item in store.published.all("keys")}
    boards = {desk: item.body for desk, item in store.published.all("board")}
    # Of desks that have ended; each sentence is about one.
    ended = {str(one.values["desk"]): one for one in quorum.sentences(store, anchor, "", today)}
    desks = tuple(_desk(store, trust, name, keys, boards, ended) for name in sorted({*settings.desks, *keys}))
    looked = State(bool(waiting), min(waiting, default=None), desks, None, None, (upkeep.used(store),))
    return renewed(looked, store, anchor, settings, today)


def renewed(looked: State, store: Store, anchor: RootAnchor, settings: Settings, today: Day) -> State:
    """Return a state with all that reveals no arrival read anew: notes but for the used room, and the last days.

    Args:
        looked: an earlier state.
        store: the same store.
        anchor: the pinned root.
        settings: name the help numbers.
        today: day number, UTC.

    Raises:
        MalformedError, UntrustedError: what the store holds is not what an import has verified.
    """
    until, said, is_urgent = _server(store, trust_of(store, anchor, today))
    left = revocations_days_left(store, anchor, today)
    ends, is_over = listed.advice(left)
    return replace(
        looked,
        certificate_until=until,
        revocations_until=None if left is None else Day(today + left),
        notes=(looked.notes[0], *_notes(store, settings), *said, *([ends] if ends else [])),
        is_urgent=is_urgent or is_over or any(_is_late(store, desk, today) for desk in looked.desks),
    )


def export_notes(
    store: Store, done: Exported, signs: Signer, trust: Trust, settings: Settings
) -> tuple[tuple[Sentence, ...], bool]:
    """Return (sentences about an export that was just made, whether one is urgent); remembers its number of blobs."""
    damaged = [Sentence("command.damaged-in-database", sha256=sha256.hex()) for sha256 in done.damaged]
    usual = upkeep.growth(store, done.blobs)
    said, is_urgent = _advice(signs, trust)
    sentences = (*([usual] if usual else []), upkeep.used(store), *_notes(store, settings), *damaged, *said)
    return sentences, is_urgent or bool(damaged)


def _notes(store: Store, settings: Settings) -> list[Sentence]:
    return [*upkeep.notes(store, settings.night()), *contact_notes(settings)]


def _server(store: Store, trust: Trust) -> tuple[Day | None, list[Sentence], bool]:
    """Return (last day of the server's certificate, advice about it, whether that is urgent)."""
    try:
        signs = signer.signer(store, trust.anchor)
    except ConfigurationError as error:
        return None, [Sentence(error.code, **error.values)], True
    said, is_urgent = _advice(signs, trust)
    return Day(min(signs.certificate.last, trust.anchor.last)), said, is_urgent


def _advice(signs: Signer, trust: Trust) -> tuple[list[Sentence], bool]:
    """Return (sentences about the ends of root and server's certificate, whether one is urgent)."""
    left = trust.anchor.last - trust.today
    root = [Sentence("server-certificate.root-ends", left=max(left, 0))] if left < ROOT_WARN_DAYS else []
    said, is_urgent = signer.advice(signs, trust)
    return [*root, *([said] if said else [])], is_urgent


def _desk(
    store: Store,
    trust: Trust,
    name: str,
    keys: Mapping[str, bytes],
    boards: Mapping[str, bytes],
    ended: Mapping[str, Sentence],
) -> Desk:
    made = _made(boards[name]) if name in boards else None
    if name not in keys:
        return Desk(name, made, None, None, (Sentence("courier.owes-return", desk=name),))
    certificate, keys_until = certificate_of(keys[name]), _keys_until(keys[name])
    owes = [ended[name]] if name in ended else []
    if certificate.station not in trust.revoked:
        owes += _owed(store, certificate, made, keys_until, trust.today)
    return Desk(name, made, certificate.last, keys_until, tuple(owes))


def _owed(store: Store, certificate: Certificate, made: Day | None, keys_until: Day, today: Day) -> list[Sentence]:
    desk, owes = certificate.desk, []
    if 0 <= certificate.last - today < CERTIFICATE_WARN_DAYS:
        owes.append(Sentence("courier.owes-certificate", desk=desk, left=certificate.last - today))
    if keys_until - today < _KEYS_WARN_DAYS:
        owes.append(Sentence("courier.owes-keys", desk=desk, day=date_of(keys_until)))
    if made is None:
        owes.append(Sentence("courier.owes-first-board", desk=desk))
    elif today - made > BOARD_LATE_DAYS:
        owes.append(Sentence("courier.owes-board", desk=desk, day=date_of(made), most=BOARD_FRESH_DAYS))
    oldest = _oldest_without(store, desk)
    if oldest is not None:
        # A certificate does not say since when its station is a successor: nobody here can leave out what it withholds.
        code = _SUCCESSOR_RECEIPTS if certificate.successor else _RECEIPTS
        owes.append(Sentence(code, desk=desk, week=date_of(epoch_first_day(oldest)), weeks=EPOCHS_AHEAD + 1))
    return owes


def _is_late(store: Store, desk: Desk, today: Day) -> bool:
    """Return whether a desk owes more than receipts, or receipts for a week that ended more than a week ago."""
    if any(owed.code not in (_RECEIPTS, _SUCCESSOR_RECEIPTS) for owed in desk.owes):
        return True
    oldest = _oldest_without(store, desk.name) if desk.owes else None
    return oldest is not None and today - epoch_last_day(oldest) > EPOCH_DAYS


def _oldest_without(store: Store, desk: str) -> int | None:
    with store.connections.read() as connection:
        return store.receipts.oldest_without(connection, desk)


def _made(packed_board: bytes) -> Day:
    return Day(parse_board(parse_object(unpack_objects(packed_board)[0]).body).head.made)


def _keys_until(keyed: bytes) -> Day:
    return epoch_last_day(max(parse_key_bundle(parse_object(parse_keyed_bundle(keyed).signed).body).epochs))
