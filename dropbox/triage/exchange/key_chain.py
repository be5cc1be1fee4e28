"""FORMAT "Key bundle", the workstation's half: the chain of bundles that announce this desk's epoch keys.

Rule: a bundle names its predecessor by hash, and is written in the transaction that uses up its number.
"""

import hashlib

from dropbox.limits import EPOCHS_AHEAD
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.vault import epochs
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import Day, Epoch, epoch_of
from dropbox.wire.fields import HASH_BYTES
from dropbox.wire.keyring import KeyBundle, key_hashes, parse_key_bundle
from dropbox.wire.signed import Head, encode_object, parse_object


def sign(vault: Vault, label: str, certificate: bytes, body: bytes) -> bytes:
    """Return a signed object of this station (FORMAT "Signed object")."""
    return encode_object(label, certificate, body, vault.station.sign(label, vault.instance, body))


def bodies(vault: Vault, numbers: range) -> list[bytes]:
    """Return the bodies of all key bundles of one serial: at most one a week. A hash alone names what came before."""
    rows = vault.db.execute(
        "select body from key_bundles where number between ? and ? order by number", (numbers[0], numbers[-1])
    )
    return [bytes(body) for (body,) in rows.fetchall()]


def newest_keys(vault: Vault) -> dict[int, bytes]:
    """Return the keys that the newest key bundle names, by epoch: reporters seal to it alone."""
    (body,) = vault.db.execute("select body from key_bundles order by number desc limit 1").fetchone()
    named = parse_key_bundle(bytes(body)).epochs
    public = {row.number: row.public for row in epoch_rows.everything(vault.db)}
    return {epoch: public[Epoch(epoch)] for epoch in named}


def extend(vault: Vault, certificate: bytes, numbers: range, today: Day) -> None:
    """Make a new key bundle, if the last lacks a key, or is of another serial or a day to come; in a transaction."""
    needed = epochs.public_keys(vault, epoch_of(today), epoch_of(today) + EPOCHS_AHEAD)
    row = vault.db.execute("select number, body, signed from key_bundles order by number desc limit 1").fetchone()
    number, previous = numbers.start, bytes(HASH_BYTES)
    if row is not None:
        last = parse_key_bundle(bytes(row[1]))
        is_named = key_hashes(needed).items() <= last.epochs.items()
        # No server takes a newest bundle of a day to come, which this station made while its clock was ahead.
        if is_named and last.head.made <= today and parse_object(bytes(row[2])).certificate == certificate:
            return
        number, previous = max(row[0] + 1, numbers.start), hashlib.sha256(bytes(row[1])).digest()
    # Yesterday's week belongs in it as long as UTC has not turned yet.
    keys = epochs.public_keys(vault, epoch_of(today - 1), epoch_of(today) + EPOCHS_AHEAD)
    body = KeyBundle(Head(vault.instance, vault.desk, number, today), previous, key_hashes(keys)).encode()
    vault.db.execute("insert into key_bundles values (?, ?, ?)", (number, body, sign(vault, "keys", certificate, body)))
