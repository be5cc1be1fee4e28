"""Does what the gate is asked, with the functions of `dropbox courier export` and `import`.

Rule: the store is opened for each request and closed after it, so that a restored or moved store is never mixed with
what was open before. Whoever asks again and again learns no hour of an arrival: the state is good for STATE_SECONDS.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from dropbox.courier import signer
from dropbox.courier.exchange import write_export
from dropbox.courier.gate.messages import Export, Taken
from dropbox.courier.gate.spool import Spool
from dropbox.courier.importing import import_bundle
from dropbox.courier.state import State
from dropbox.courier.survey import export_notes, survey
from dropbox.limits import MIB
from dropbox.published import trust
from dropbox.settings.installation import Settings
from dropbox.store.database import Store
from dropbox.store.room import Shares
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

    def state(self) -> State:
        """Return what waits and what the desks owe.

        It is read anew after an import, on a new day, or when it is older than STATE_SECONDS.

        Raises:
            DropboxError: the store cannot be read.
        """
        today = trust.today()
        with self._lock, self._store() as store:
            key, now = (today, store.published.numbers()), self.spool.clock()
            if self._seen is None or self._seen.key != key or now - self._seen.at >= STATE_SECONDS:
                self._seen = _Seen(key, now, survey(store, self.anchor, self.settings, today))
            return self._seen.state

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
            needed = sum(blob.length for blob in store.blobs.snapshot()) + MIB

            def write(file: BinaryIO, measured: Callable[[], tuple[int, str]]) -> Export:
                done = write_export(file, store, signs, day)
                length, sha256 = measured()
                trusted = trust.trust_of(store, self.anchor, day)
                notes, is_urgent = export_notes(store, done, signs, trusted, self.settings)
                return Export(done.number, day, length, sha256, done.blobs, notes, is_urgent)

            return self.spool.write(needed, write)

    def take(self, untrusted: bytes) -> Taken:
        """Import a file; raises as `import_bundle`."""
        with self._store() as store:
            done = import_bundle(store, self.anchor, untrusted, self.settings.desks, trust.today())
        return Taken(done.what, done.is_new, done.deleted, done.warnings)

    def expire(self) -> None:
        """Remove an old export."""
        self.spool.expire()

    @contextlib.contextmanager
    def _store(self) -> Iterator[Store]:
        chosen = self.settings
        shares = Shares(chosen.store_bytes, chosen.store_files_percent, chosen.store_unfinished_percent)
        store = Store.open(chosen.database, shares)
        try:
            yield store
        finally:
            store.close()
