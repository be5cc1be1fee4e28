"""Does what the gate is asked, with the functions of `dropbox courier export` and `import`.

Rule: the store is opened for each request and closed after it, so that a restored or moved store is never mixed with
what was open before. Whoever asks again and again learns no hour of an arrival: what waits is looked at once in
STATE_SECONDS, and the answer says when.
"""

import contextlib
import datetime
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from dropbox.courier import signer
from dropbox.courier.exchange import expected_bytes, write_export
from dropbox.courier.gate.messages import Export, Taken
from dropbox.courier.gate.spool import Spool
from dropbox.courier.importing import import_bundle
from dropbox.courier.state import State
from dropbox.courier.survey import export_notes, renewed, survey
from dropbox.courier.upkeep import note_export
from dropbox.published import trust
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import RootAnchor

STATE_SECONDS: Final = 6 * 3600  # as coarse as the expiry of unfinished uploads, which a copy of the server shows


@dataclass(frozen=True)
class _Seen:
    key: object
    at: float
    state: State


@dataclass
class Broker:
    """What answers, between a store and a spool; the settings name the store, the desks and the help numbers."""

    settings: Settings
    anchor: RootAnchor
    spool: Spool
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _seen: _Seen | None = field(default=None, repr=False)
    _written: tuple[int, int] | None = field(default=None, repr=False)  # number and night of the newest export

    def state(self) -> State:
        """Return what waits and what the desks owe.

        What waits is looked at after an import and an export, on a new day, and when the last look is older than
        STATE_SECONDS. What reveals no arrival is read each time (`survey.renewed`).

        Raises:
            DropboxError: the store cannot be read.
        """
        today = trust.today()
        with self._lock, self._store() as store:
            key, now = (today, store.published.numbers()), self.spool.clock()
            if self._seen is None or self._seen.key != key or now - self._seen.at >= STATE_SECONDS:
                return self._look(store, today)
            return renewed(self._seen.state, store, self.anchor, self.settings, today)

    def prepare(self) -> Export:
        """Write a new export into the spool and return it.

        Raises:
            GateError: one is being written or read, or there were too many today.
            ConfigurationError: the server has no certificate; an older export stays.
            RefusedError: the certificate's numbers are used up, or an import interfered.
            StorageFullError: the disk has no room for it, or failed.
        """
        with self._store() as store:
            signs, day = signer.signer(store, self.anchor), trust.today()
            needed = expected_bytes(store)

            def write(file: BinaryIO, measured: Callable[[], tuple[int, str]]) -> Export:
                done = write_export(file, store, signs, day)
                self._written = (done.number, self.settings.night())
                length, sha256 = measured()
                trusted = trust.trust_of(store, self.anchor, day)
                notes, is_urgent = export_notes(store, done, signs, trusted, self.settings)
                return Export(done.number, day, length, sha256, done.blobs, notes, is_urgent)

            export = self.spool.write(needed, write)
            with self._lock:  # at once: a look at any later time would show more than the export does
                self._look(store, day)
            return export

    def collected(self, number: int) -> None:
        """Store the day on which an export was written, after its last byte was read; raises DropboxError."""
        if self._written and self._written[0] == number:
            with self._store() as store:
                note_export(store, self._written[1])

    def take(self, untrusted: bytes) -> Taken:
        """Import a file; raises as `import_bundle`."""
        with self._store() as store:
            done = import_bundle(store, self.anchor, untrusted, self.settings.desks, trust.today())
        if done.is_new:  # one that is known already, again and again, must not show when a report came
            with self._lock:
                self._seen = None
        return Taken(done.what, done.is_new, done.deleted, done.warnings)

    def expire(self) -> None:
        """Remove an old export."""
        self.spool.expire()

    def _look(self, store: Store, today: Day) -> State:
        state = survey(store, self.anchor, self.settings, today)
        state = replace(state, looked=_looked(datetime.datetime.now(datetime.UTC), self.settings.zone))
        self._seen = _Seen((today, store.published.numbers()), self.spool.clock(), state)
        return state

    @contextlib.contextmanager
    def _store(self) -> Iterator[Store]:
        chosen = self.settings
        shares = Shares(chosen.store_bytes, chosen.store_files_percent, chosen.store_unfinished_percent)
        store = Store.open(chosen.database, shares)
        try:
            yield store
        finally:
            store.close()


def _looked(now: datetime.datetime, zone: datetime.tzinfo) -> Sentence:
    """Return when it was looked, as the step of STATE_SECONDS (UTC) in which it was, in the installation's zone."""
    start = datetime.datetime.fromtimestamp(now.timestamp() // STATE_SECONDS * STATE_SECONDS, zone)
    end = start + datetime.timedelta(seconds=STATE_SECONDS)
    return Sentence("courier.looked", day=start.date(), start=f"{start:%H.%M}", end=f"{end:%H.%M}")
