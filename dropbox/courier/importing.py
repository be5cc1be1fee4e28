"""Imports bundles of a workstation into the store, for the site to show: one transaction, everything or nothing.

Rule: numbers only increase. Importing twice changes nothing; an older bundle never replaces a newer one.
"""

from collections.abc import Collection, Container
from dataclasses import dataclass

from sqlalchemy import Connection

from dropbox.courier import chain, listed, quorum
from dropbox.courier.checking import CheckedReturn, SignedStatistics, check_return
from dropbox.courier.signer import install
from dropbox.crypto.signing import Trust, open_revocations, revoked_today
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import STATISTICS_PERIODS_MAX
from dropbox.published.trust import ALL_DESKS, revocations_days_left, trust_of
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.wire.bundle import EXPORT_MAGIC
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.keyring import PRIVATE_FILE_LINE, RootAnchor
from dropbox.wire.kinds import kind_of
from dropbox.wire.server import is_server_certificate
from dropbox.wire.signed import (
    MAGICS,
    REVOCATION_MAGIC,
    SIGNATURE_BYTES,
    Revocations,
    parse_object,
    read_certificate,
    shown_number,
)
from dropbox.wire.statistics import parse_statistics


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        what: the bundle in words, such as `return 3 of itjen`.
        is_new: False when all of it was imported before.
        deleted: number of blobs deleted because all desks gave receipts; None if the file cannot hold receipts.
        warnings: sentences for the courier.
    """

    what: str
    is_new: bool
    deleted: int | None = None
    warnings: tuple[str, ...] = ()


def import_bundle(store: Store, anchor: RootAnchor, untrusted: bytes, desks: Collection[str], today: Day) -> Imported:
    """Import a return bundle, a revocation list or the server's certificate.

    Args:
        store: changed in one durable transaction.
        anchor: the pinned root.
        untrusted: the file's bytes.
        desks: names of the desks of this installation.
        today: day number, UTC.

    Raises:
        MalformedError: it breaks the grammar, or is another kind of file.
        UntrustedError: a signature does not lead to the root, or is out of date.
        RefusedError: roll-back, equivocation, a broken chain, a foreign desk, a private file. Nothing was changed.
    """
    if not untrusted:
        raise MalformedError("return.empty")
    try:
        return _import_kind(store, anchor, untrusted, desks, today)
    except MalformedError as error:
        if error.code == "format.too-short":
            what = error.values["what"]
            raise MalformedError("return.cut", what="return" if what == "signed object" else what) from None
        raise


def _import_kind(store: Store, anchor: RootAnchor, untrusted: bytes, desks: Collection[str], today: Day) -> Imported:
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise RefusedError("return.private-file")
    if untrusted.startswith(EXPORT_MAGIC):
        raise MalformedError("return.is-export")
    if untrusted.endswith(bytes(SIGNATURE_BYTES)):  # each kind ends with a signature, a file of a FAT disk with zeros
        raise MalformedError("return.zeros")
    if untrusted.startswith(REVOCATION_MAGIC):
        return _import_revocations(store, anchor, untrusted, today)
    if is_server_certificate(untrusted):
        certificate, is_new = install(store, trust_of(store, anchor, today), untrusted)
        return Imported(Sentence("courier.what-certificate", day=date_of(certificate.last)), is_new)
    if not untrusted.startswith(MAGICS["return"]):
        code = kind_of(untrusted) or "return.unknown-kind"
        raise MalformedError(code)
    checked = check_return(trust_of(store, anchor, today), untrusted, desks)
    return _import_return(store, anchor, checked, today)


def _import_revocations(store: Store, anchor: RootAnchor, untrusted: bytes, today: Day) -> Imported:
    revoked_today(Trust(anchor, today), untrusted)
    with store.transaction() as tx:
        new, is_new = _put_revocations(store, tx, anchor, untrusted)
    if new is None:
        raise RefusedError("return.revocations-older")
    what = Sentence("courier.what-list", number=new.number)
    return Imported(what, is_new, warnings=_list_ends(store, anchor, today))


def _list_ends(store: Store, anchor: RootAnchor, today: Day) -> tuple[str, ...]:
    said, _ = listed.advice(revocations_days_left(store, anchor, today))
    return (said,) if said else ()


def _put_revocations(
    store: Store, tx: Connection, anchor: RootAnchor, untrusted: bytes
) -> tuple[Revocations | None, bool]:
    """Return (the list, whether it is new), or (None, False) when a newer one is stored.

    Raises RefusedError if one list lacks a key of an earlier one.
    """
    new, held = open_revocations(anchor, untrusted), store.published.get("revocations", ALL_DESKS)
    if held:
        if not new.fits(open_revocations(anchor, held.body)):
            raise RefusedError("return.revocations-lack")
        if new.number < held.number:
            return None, False
    return new, store.published.put(tx, "revocations", ALL_DESKS, new.number, untrusted)


def _import_return(store: Store, anchor: RootAnchor, checked: CheckedReturn, today: Day) -> Imported:
    what = Sentence("courier.what-return", number=shown_number(checked.number), desk=checked.desk)
    with store.transaction() as tx:
        held = store.published.get("return", checked.desk)
        _not_older("return", checked.number, held.number if held else 0)
        # Its hash distinguishes a repetition from a second text; the parts are stored one by one below.
        if not store.published.put(tx, "return", checked.desk, checked.number, checked.body_sha256):
            return Imported(what, is_new=False)
        _put_revocations(store, tx, anchor, checked.revocations)
        revoked = quorum.revoked_since(store, anchor, checked)
        warnings = chain.extend(store, tx, checked)
        if checked.board:
            shown = store.published.get("board", checked.desk)
            _not_older("board", checked.board.number, shown.number if shown else 0)
            store.published.put(tx, "board", checked.desk, checked.board.number, checked.board.packed)
        if checked.statistics:
            warnings += _put_statistics(store, tx, checked.desk, checked.statistics, revoked)
        waited, former = quorum.required_desks(store, checked, revoked, today)
        deleted = store.receipts.record(tx, checked.desk, checked.receipts, waited, former)
    # Read again: the list of revocations in the bundle may have ended another desk.
    sentences = (
        *warnings,
        *quorum.sentences(store, anchor, checked.desk, today),
        *_list_ends(store, anchor, today),
    )
    return Imported(what, is_new=True, deleted=deleted, warnings=sentences)


def _put_statistics(
    store: Store, tx: Connection, desk: str, new: SignedStatistics, revoked: Container[bytes]
) -> list[str]:
    """Store statistics unless they lack or change a published period: what is public cannot be withdrawn.

    Statistics signed by a revoked key are no longer shown and bind no successor: a thief may have made them.
    """
    warnings: list[str] = []
    held = store.published.get("statistics", desk)
    if held and new.number != held.number:  # of the same number it is the same text, or refused below
        _not_older("extract of statistics", new.number, held.number)
        signed = parse_object(held.body)
        shown = parse_statistics(signed.body).periods
        since = new.periods[0].first if len(new.periods) == STATISTICS_PERIODS_MAX else 0
        if any(period not in new.periods for period in shown if period.first >= since):
            if read_certificate(signed.certificate).station not in revoked:
                return [Sentence("courier.statistics-stay", desk=desk)]
            warnings.append(Sentence("courier.statistics-replaced", desk=desk))
    store.published.put(tx, "statistics", desk, new.number, new.signed)
    return warnings


def _not_older(kind: str, number: int, held: int) -> None:
    if number < held:
        raise RefusedError("return.older", kind=kind, number=shown_number(number), held=shown_number(held))
