"""Keeps the chain of a desk's key bundles, as far as this store has seen it (FORMAT "Key bundle").

Rule: a number has one body for ever, a serial has no gaps, and a bundle that does not continue the newest one is
reported in a warning, because after a theft this is the only sign.
"""

from typing import Final

from sqlalchemy import Connection

from dropbox.courier.checking import FIRST_PREVIOUS, CheckedReturn, SignedKeys
from dropbox.errors import RefusedError
from dropbox.sentences.catalogue import Sentence
from dropbox.store.database import Store
from dropbox.wire.fields import HASH_BYTES, Reader, u32
from dropbox.wire.signed import shown_number

_KIND: Final = "key hashes"


def extend(store: Store, tx: Connection, checked: CheckedReturn) -> list[str]:
    """Store the newest key bundle of a checked reply bundle; returns warnings for the courier.

    Raises:
        RefusedError: a number has another body than before, or the newest bundle is older than the stored one.
    """
    if not checked.keys:
        return []
    desk, known = checked.desk, _known(store, checked.desk)
    newest, held = checked.keys[-1].bundle.head.number, max(known, default=0)
    for keys in checked.keys:
        number = keys.bundle.head.number
        if known.get(number, keys.body_sha256) != keys.body_sha256:
            raise RefusedError("return.bundle-differs", number=shown_number(number), desk=desk)
    if newest < held:
        shown = {"newest": shown_number(newest), "held": shown_number(held)}
        raise RefusedError("return.bundle-older", desk=desk, **shown)
    warnings = _begins(desk, checked.keys[0], known)
    if newest > held:
        store.published.put(tx, "keys", desk, newest, checked.keys[-1].keyed.encode())
        known |= {keys.bundle.head.number: keys.body_sha256 for keys in checked.keys}
        store.published.put(tx, _KIND, desk, newest, b"".join(u32(n) + sha256 for n, sha256 in sorted(known.items())))
    return warnings


def _begins(desk: str, first: SignedKeys, known: dict[int, bytes]) -> list[str]:
    """Return warnings about the first bundle of a certificate: none when it is known or continues the newest."""
    number, previous = first.bundle.head.number, first.bundle.previous
    if number in known or previous == (known[max(known)] if known else FIRST_PREVIOUS):
        return []
    for older, sha256 in known.items():
        if previous == sha256:
            numbers = {"older": shown_number(older), "newest": shown_number(max(known))}
            return [Sentence("courier.chain-restored", desk=desk, **numbers)]
    if previous == FIRST_PREVIOUS:
        return [Sentence("courier.chain-new", desk=desk)]
    return [Sentence("courier.chain-unknown", desk=desk)]


def _known(store: Store, desk: str) -> dict[int, bytes]:
    """Return the SHA-256 of the body of each key bundle that was ever imported, by number."""
    held = store.published.get(_KIND, desk)
    reader = Reader(held.body if held else b"", "key hashes")
    known = {}
    while reader.left:
        number = reader.uint(4)
        known[number] = reader.take(HASH_BYTES)
    return known
