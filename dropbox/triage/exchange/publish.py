"""FORMAT "Return": what a workstation sends back, signed by the station: keys, board, receipts and statistics.

Rule: numbers are spent before anything leaves, here and in the second copy, so that no two texts ever bear one number.
A receipt is given only for what the second copy was seen to hold.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from dropbox.errors import RefusedError, TooLargeError
from dropbox.limits import EPOCHS_AHEAD, RETURN_BUNDLE_MAX_BYTES
from dropbox.triage.exchange import restored, statistics_extract
from dropbox.triage.exchange.board_builder import make_board
from dropbox.triage.intake.trial_decryption import ENTERED
from dropbox.triage.vault import anew, epochs, second_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import ReturnBundle
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.fields import HASH_BYTES
from dropbox.wire.keyring import KeyBundle, key_hashes, parse_key_bundle
from dropbox.wire.receipt import Receipts
from dropbox.wire.signed import Head, encode_object, numbers_of, parse_object

_COUNTER: Final = "published"


def publish(
    work: Work,
    tell: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The return bundle of today.

    Args:
        work: the vault, the settings and the day.
        tell: takes a sentence about each blob that gets no receipt, and about cases that found no place on the board.

    Raises:
        UntrustedError: this station has no certificate, or no list of revocations, that holds today.
        RefusedError: the vault is older than its second copy, was restored and has no new certificate, lacks a private
            key that it would announce, or its certificate's numbers are used up.
        ConfigurationError: the second copy is not there; likewise StorageFullError, DamagedError: nothing goes out.
        TooLargeError: more than a server takes at once.
    """
    certificate, read = work.vault.certificate(work.today)
    restored.check_serial(work.vault, read.serial)
    revocations = work.vault.revocations(work.today)
    numbers = numbers_of(read.serial)  # they begin beyond those of a lower serial (FORMAT "Signed object")
    second_copy.refuse_if_behind(work.vault)  # before a key is made
    epochs.extend(work.vault, work.today)
    for sentence in second_copy.sync(work.vault):  # what fails in it gets no receipt
        tell(sentence)
    _check_keys(work.vault, work.today)
    with transaction(work.vault.db):
        restored.end(work.vault)
        number = max(work.vault.count(_COUNTER) + 1, numbers.start)
        if number not in numbers:
            raise RefusedError("publish.numbers-used-up")
        work.vault.put_count(_COUNTER, number)
        work.vault.put_count("published day", work.today)
        _extend_chain(work.vault, certificate, numbers, work.today)
        work.vault.db.execute("update seen set told = 1 where copied = 1 and not withheld")
    second_copy.copy_database(work.vault)
    head = Head(work.vault.instance, work.vault.desk, number, work.today)
    boards = make_board(work.vault, number, work.today, tell)
    # What was keyed in here no server ever held.
    told = work.vault.db.execute(
        "select sha256 from seen where copied = 1 and not withheld and outcome != ? order by sha256", (ENTERED,)
    )
    receipts = Receipts(head, tuple(bytes(sha256) for (sha256,) in told))
    waiting, unopened = anew.withheld(work.vault)
    if waiting:
        tell(f"{waiting} reports of weeks with keys made anew get no receipt before two officers have decided")
    if unopened:
        tell(anew.sentence(unopened))
    statistics = None
    if restored.knows_statistics(work.vault):
        statistics = statistics_extract.signed_body(work.vault, number, work.today)
    else:
        tell("no statistics go out: which periods were published since the backup is unknown here")
    objects = (
        *_chain(work.vault, certificate, numbers),
        *(_sign(work.vault, "board", certificate, board.encode()) for board in boards),
        _sign(work.vault, "receipts", certificate, receipts.encode()),
        *([_sign(work.vault, "statistics", certificate, statistics)] if statistics else []),
    )
    bundle = _sign(
        work.vault, "return", certificate, ReturnBundle(head, objects, _newest_keys(work.vault), revocations).encode()
    )
    if len(bundle) > RETURN_BUNDLE_MAX_BYTES:
        raise TooLargeError("return.too-large-server")
    return bundle


def _check_keys(vault: Vault, today: Day) -> None:
    """Pass, if every key that may be announced opens here and now; raises RefusedError."""
    epochs.mend(vault)
    lost = [number for number in epochs.unusable(vault, vault.folder) if number >= epoch_of(today - 1)]
    if lost:
        raise RefusedError("publish.keys-lost", count=len(lost))


def _sign(vault: Vault, label: str, certificate: bytes, body: bytes) -> bytes:
    return encode_object(label, certificate, body, vault.station.sign(label, vault.instance, body))


def _chain(vault: Vault, certificate: bytes, numbers: range) -> list[bytes]:
    """All key bundles of the certificate's serial: at most one a week. What came before is named by a hash alone."""
    rows = vault.db.execute(
        "select body from key_bundles where number between ? and ? order by number", (numbers[0], numbers[-1])
    )
    return [_sign(vault, "keys", certificate, bytes(body)) for (body,) in rows.fetchall()]


def _newest_keys(vault: Vault) -> dict[int, bytes]:
    """The keys that the newest key bundle names: it alone is sealed to, the older ones are links of the chain."""
    (body,) = vault.db.execute("select body from key_bundles order by number desc limit 1").fetchone()
    named = parse_key_bundle(bytes(body)).epochs
    public = dict(vault.db.execute("select number, public from epochs").fetchall())
    return {epoch: bytes(public[epoch]) for epoch in named}


def _extend_chain(vault: Vault, certificate: bytes, numbers: range, today: Day) -> None:
    """A new key bundle, if the last lacks a key that is needed now or is of another serial."""
    needed = epochs.public_keys(vault, epoch_of(today), epoch_of(today) + EPOCHS_AHEAD)
    row = vault.db.execute("select number, body, signed from key_bundles order by number desc limit 1").fetchone()
    number, previous = numbers.start, bytes(HASH_BYTES)
    if row is not None:
        published = parse_key_bundle(bytes(row[1])).epochs
        if key_hashes(needed).items() <= published.items() and parse_object(bytes(row[2])).certificate == certificate:
            return
        number, previous = max(row[0] + 1, numbers.start), hashlib.sha256(bytes(row[1])).digest()
    # Yesterday's week belongs in it as long as UTC has not turned yet.
    keys = epochs.public_keys(vault, epoch_of(today - 1), epoch_of(today) + EPOCHS_AHEAD)
    body = KeyBundle(Head(vault.instance, vault.desk, number, today), previous, key_hashes(keys)).encode()
    vault.db.execute(
        "insert into key_bundles values (?, ?, ?)", (number, body, _sign(vault, "keys", certificate, body))
    )
