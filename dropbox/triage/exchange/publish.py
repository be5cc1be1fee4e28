"""FORMAT "Return": what a workstation sends back, signed by the station: keys, board, receipts and statistics.

Rule: numbers are spent before anything leaves, here and in the second copy, so that no two texts ever bear one number.
A receipt is given only for what the second copy was seen to hold.
"""

from collections.abc import Callable
from typing import Final

from dropbox.errors import RefusedError, TooLargeError
from dropbox.limits import RETURN_BUNDLE_MAX_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.exchange import key_chain, restored, returns, statistics_extract
from dropbox.triage.exchange.board_builder import make_board
from dropbox.triage.intake.trial_decryption import ENTERED
from dropbox.triage.tables import events, seen
from dropbox.triage.tables.outgoing import tellings
from dropbox.triage.tables.safety import notices
from dropbox.triage.vault import anew, epochs, second_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import ReturnBundle
from dropbox.wire.calendar import Day, epoch_of
from dropbox.wire.receipt import Receipts
from dropbox.wire.signed import Head, numbers_of

_COUNTER: Final = "published"


def publish(work: Work, tell: Callable[[str], None] = lambda _: None) -> bytes:
    """Return the bytes of today's return bundle.

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
    second_copy.refuse_if_behind(work.vault)  # before a key is made
    epochs.extend(work.vault, work.today)
    for sentence in second_copy.sync(work.vault):  # what fails in it gets no receipt
        tell(sentence)
    _check_keys(work.vault, work.today)
    number = _spend_number(work, certificate, read.serial)
    told = notices.last(work.vault.db)
    made = Return(work, certificate, read.serial, number)
    made.add_keys()
    made.add_board(tell)
    made.add_receipts(tell)
    made.add_statistics(tell)
    signed = made.signed(revocations)
    with transaction(work.vault.db):
        notices.publish(work.vault.db, told, work.today)  # a notice counts when it is in a return that was made
    return signed


def _spend_number(work: Work, certificate: bytes, serial: int) -> int:
    """Use up the return's number, here and in the second copy, and promise what it will say; returns the number."""
    vault = work.vault
    numbers = numbers_of(serial)  # they begin beyond those of a lower serial (FORMAT "Signed object")
    with transaction(vault.db):
        restored.end(vault)
        number = max(vault.count(_COUNTER) + 1, numbers.start)
        if number not in numbers:
            raise RefusedError("publish.numbers-used-up")
        vault.put_count(_COUNTER, number)
        vault.put_count("published day", work.today)
        returns.remember(vault, number, work.today)
        key_chain.extend(vault, certificate, numbers, work.today)
        seen.mark_told(vault.db)
        events.publish(vault.db, number)  # nothing has left yet, but from here on it may
        tellings.clear(vault.db)
    second_copy.copy_database(vault)
    return number


class Return:
    """One return as it is made: objects are added in the order of FORMAT "Return", then signed as a whole."""

    def __init__(self, work: Work, certificate: bytes, serial: int, number: int) -> None:
        """Begin a return.

        Args:
            work: the vault, the settings and the day.
            certificate: the station's certificate, as the root signed it.
            serial: of that certificate.
            number: of this return, which was used up for it.
        """
        self._work, self._certificate, self._serial = work, certificate, serial
        self._head = Head(work.vault.instance, work.vault.desk, number, work.today)
        self._objects: list[bytes] = []

    def add_keys(self) -> None:
        """Add all key bundles of the certificate's serial."""
        bodies = key_chain.bodies(self._work.vault, numbers_of(self._serial))
        self._objects += [self._sign("keys", body) for body in bodies]

    def add_board(self, tell: Callable[[str], None]) -> None:
        """Add the shards of the answer board; `tell` takes a sentence about cases that found no place."""
        shards = make_board(self._work.vault, self._head.number, self._work.today, tell)
        self._objects += [self._sign("board", shard.encode()) for shard in shards]

    def add_receipts(self, tell: Callable[[str], None]) -> None:
        """Add receipts of all that the second copy holds; `tell` takes a sentence about what gets none."""
        # What was keyed in here no server ever held.
        receipts = Receipts(self._head, tuple(seen.receipts(self._work.vault.db, ENTERED)))
        waiting, unopened = anew.withheld(self._work.vault)
        if waiting:
            tell(Sentence("publish.withheld", count=waiting))
        if unopened:
            tell(anew.sentence(unopened))
        self._objects.append(self._sign("receipts", receipts.encode()))

    def add_statistics(self, tell: Callable[[str], None]) -> None:
        """Add the published statistics, unless a restored vault does not know which they are; `tell` takes that."""
        if not restored.knows_statistics(self._work.vault):
            tell(Sentence("publish.no-statistics"))
            return
        statistics = statistics_extract.signed_body(self._work.vault, self._head.number, self._work.today)
        if statistics:
            self._objects.append(self._sign("statistics", statistics))

    def signed(self, revocations: bytes) -> bytes:
        """Return the whole, signed; raises TooLargeError.

        Args:
            revocations: the root's list, as it came with the certificate.
        """
        keys = key_chain.newest_keys(self._work.vault)
        body = ReturnBundle(self._head, tuple(self._objects), keys, revocations).encode()
        bundle = self._sign("return", body)
        if len(bundle) > RETURN_BUNDLE_MAX_BYTES:
            raise TooLargeError("return.too-large-server")
        return bundle

    def _sign(self, label: str, body: bytes) -> bytes:
        return key_chain.sign(self._work.vault, label, self._certificate, body)


def _check_keys(vault: Vault, today: Day) -> None:
    """Pass, if every key that may be announced opens here and now; raises RefusedError."""
    epochs.mend(vault)
    lost = [number for number in epochs.unusable(vault, vault.folder) if number >= epoch_of(today - 1)]
    if lost:
        raise RefusedError("publish.keys-lost", count=len(lost))
