"""What a workstation sends becomes what the site shows: one transaction, everything or nothing.

Rule: numbers only move forward. Importing twice changes nothing; an older bundle never replaces a newer one.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from dropbox.courier.checking import FIRST_PREVIOUS, CheckedReturn, SignedKeys, check_return
from dropbox.courier.signer import install
from dropbox.crypto.signing import open_revocations
from dropbox.errors import MalformedError, RefusedError
from dropbox.store.database import Store
from dropbox.trust import ALL_DESKS, trust_of
from dropbox.wire.bundle import EXPORT_MAGIC
from dropbox.wire.calendar import date_of
from dropbox.wire.keyring import PRIVATE_FILE_LINE, RootAnchor, parse_keyed_bundle
from dropbox.wire.server import is_server_certificate
from dropbox.wire.signed import MAGICS, REVOCATION_MAGIC, parse_object


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        what: the bundle in words, such as `return 3 of itjen`.
        is_new: False when all of it was here already.
        deleted: blobs that went because all desks have given receipts; None where there was nothing to receipt.
        warnings: sentences that somebody must read.
    """

    what: str
    is_new: bool
    deleted: int | None = None
    warnings: tuple[str, ...] = ()


def import_bundle(store: Store, anchor: RootAnchor, untrusted: bytes, desks: Collection[str], today: int) -> Imported:
    """Import a return bundle, a revocation list or the server's certificate.

    Args:
        store: changed in one durable transaction.
        anchor: the pinned root.
        untrusted: the file's bytes.
        desks: names of the desks that this installation has.
        today: day number, UTC.

    Raises:
        MalformedError: it breaks the grammar, or is none of these.
        UntrustedError: a signature does not lead to the root, or is out of date.
        RefusedError: roll-back, equivocation, a broken chain, a foreign desk, a private file. Nothing was changed.
    """
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise RefusedError(
            "this is a private file of the off-line machine. Nothing was imported. Carry it back at once, delete it"
            " here, and tell whoever keeps the keys: it must be considered seen, and its key replaced"
        )
    if untrusted.startswith(EXPORT_MAGIC):
        raise MalformedError("this is an export of this server: it belongs to the workstations, not here")
    if untrusted.startswith(REVOCATION_MAGIC):
        return _import_revocations(store, anchor, untrusted)
    if is_server_certificate(untrusted):
        certificate, is_new = install(store, trust_of(store, anchor, today), untrusted)
        return Imported(f"certificate of the server, good until {date_of(certificate.last)}", is_new)
    if not untrusted.startswith(MAGICS["return"]):
        raise MalformedError("this is neither a return bundle, nor a revocation list, nor a server's certificate")
    return _import_return(store, check_return(trust_of(store, anchor, today), untrusted, desks))


def _import_revocations(store: Store, anchor: RootAnchor, untrusted: bytes) -> Imported:
    new = open_revocations(anchor, untrusted)
    with store.transaction() as tx:
        held = store.published.get("revocations", ALL_DESKS)
        _not_older("list of revocations", new.number, held.number if held else 0)
        if held and not set(open_revocations(anchor, held.body).serials) <= set(new.serials):
            raise RefusedError("the list of revocations lacks a serial that an earlier one named; nothing was changed")
        is_new = store.published.put(tx, "revocations", ALL_DESKS, new.number, untrusted)
    return Imported(f"list {new.number} of revocations", is_new)


def _import_return(store: Store, checked: CheckedReturn) -> Imported:
    what = f"return {checked.number} of {checked.desk}"
    with store.transaction() as tx:
        held = store.published.get("return", checked.desk)
        _not_older("return", checked.number, held.number if held else 0)
        # Its hash tells a repetition from a second text; the parts are kept one by one below.
        if not store.published.put(tx, "return", checked.desk, checked.number, checked.body_sha256):
            return Imported(what, is_new=False)
        warnings = _put_keys(store, tx, checked.desk, checked.keys)
        if checked.board:
            shown = store.published.get("board", checked.desk)
            _not_older("board", checked.board.number, shown.number if shown else 0)
            store.published.put(tx, "board", checked.desk, checked.board.number, checked.board.packed)
        if checked.statistics:
            told = store.published.get("statistics", checked.desk)
            _not_older("extract of statistics", checked.statistics.number, told.number if told else 0)
            store.published.put(tx, "statistics", checked.desk, checked.statistics.number, checked.statistics.signed)
        # What this transaction has put is not visible to `all` yet.
        keyring = {desk for desk, _ in store.published.all("keys")} | ({checked.desk} if checked.keys else set())
        deleted = store.receipts.record(tx, checked.desk, checked.receipts, keyring)
    return Imported(what, is_new=True, deleted=deleted, warnings=tuple(warnings))


def _put_keys(store: Store, tx: Connection, desk: str, bundles: Collection[SignedKeys]) -> list[str]:
    """FORMAT "Key bundle": extend the chain of the desk, link by link; returns warnings."""
    held = store.published.get("keys", desk)
    number = held.number if held else 0
    body_sha256 = hashlib.sha256(parse_object(parse_keyed_bundle(held.body).signed).body).digest() if held else None
    warnings = []
    for keys in bundles:
        next_number = keys.bundle.head.number
        if next_number < number:
            continue
        if next_number == number:
            if keys.body_sha256 != body_sha256:
                raise RefusedError(
                    f"key bundle {number} of {desk} differs from the one that is here: two texts bear one number."
                    " Nothing was changed. Tell whoever keeps the keys"
                )
            continue
        if next_number == number + 1 and body_sha256 and keys.bundle.previous != body_sha256:
            raise RefusedError(
                f"key bundle {next_number} of {desk} does not follow the one that is here; nothing was changed."
                " Tell whoever keeps the keys"
            )
        if next_number > number + 1 and (held or keys.bundle.previous != FIRST_PREVIOUS):
            warnings.append(
                f"WARNING: key bundles {number + 1} to {next_number - 1} of {desk} have never been here, so that"
                " their chain could not be checked. Compare the fingerprint of its keys with the workstation's"
            )
        store.published.put(tx, "keys", desk, next_number, keys.keyed.encode())
        number, body_sha256 = next_number, keys.body_sha256
    return warnings


def _not_older(kind: str, number: int, held: int) -> None:
    if number < held:
        raise RefusedError(
            f"this {kind} has the number {number}, and {held} is here already: an older bundle never replaces a newer"
            " one. Nothing was changed"
        )
