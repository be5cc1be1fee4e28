"""What a blob is to this desk: opened, another desk's, or why not. It changes nothing.

    opened · other-desk · unopened · no-key · malformed · damaged        (`replay` is found in joining)

Rule: a blob whose key this desk should have, or may have had (`unopened`), is never given up for the want of it: it
waits without a receipt.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.opening import Opened, check, epoch_of_blob
from dropbox.errors import DamagedError, MalformedError, NotForThisKeyError
from dropbox.limits import DESKS_MAX
from dropbox.sentences.catalogue import Sentence
from dropbox.triage.vault import anew, epochs
from dropbox.triage.vault.anew import UNOPENED
from dropbox.triage.vault.vault import Vault
from dropbox.wire.blob import HEADER_BYTES, blob_length
from dropbox.wire.calendar import Epoch
from dropbox.wire.padding import BUCKETS

OPENED: Final = "opened"
OTHER_DESK: Final = "other-desk"
NO_KEY: Final = "no-key"
MALFORMED: Final = "malformed"
DAMAGED: Final = "damaged"
REPLAY: Final = "replay"
ENTERED: Final = "entered"  # keyed in by an officer: no server ever had the blob, and none gets a receipt for it
LONGEST: Final = blob_length(DESKS_MAX, BUCKETS[-1])
_NO_EPOCH: Final = Epoch(0)


class KeyMissingError(Exception):
    """The private key of an epoch should be here and is not: the blob must wait, not be given up.

    `epoch` is set when the key was destroyed here: it does not come back, and two officers decide.
    """

    def __init__(self, why: Sentence, epoch: Epoch = _NO_EPOCH) -> None:
        super().__init__(why)
        self.sentence = why.sentence
        self.epoch = epoch


@dataclass(frozen=True)
class Examined:
    """What became of a blob, why, and what was in it."""

    outcome: str
    reason: str = ""
    opened: Opened | None = None
    epoch: Epoch = _NO_EPOCH

    @property
    def is_kept(self) -> bool:
        """Whether its ciphertext may ever be of use again."""
        return self.outcome in (OPENED, DAMAGED, MALFORMED, REPLAY)


class Examiner:
    """Examines the blobs of one export; `met` are the epochs of those that it saw."""

    def __init__(self, vault: Vault, old: Mapping[int, EpochSecretKey] | None = None) -> None:
        """`old`: keys of a copy that was found again (old_copy), tried after the vault's own."""
        self.met: set[int] = set()
        self._vault, self._old = vault, old or {}
        self._keys: dict[int, EpochSecretKey | None] = {}

    def examine(self, path: Path, length: int, *, is_new: bool = True) -> Examined:
        """What a blob is; raises KeyMissingError when it must wait. One that is not new does not count as met."""
        if length > LONGEST:
            return Examined(MALFORMED, Sentence("blob.longest"))
        epoch = 0
        with path.open("rb") as file:
            try:
                epoch = epoch_of_blob(file.read(HEADER_BYTES), self._vault.instance)
                if is_new:
                    self.met.add(epoch)
                keys, missing = self._keys_of(epoch)
                if not keys and not anew.is_anew(self._vault, epoch):
                    return Examined(NO_KEY, f"epoch {epoch} was over before this desk had keys", epoch=epoch)
                for key in keys:
                    file.seek(0)
                    with contextlib.suppress(NotForThisKeyError):
                        opened = check(file.read, length, self._vault.instance, self._vault.desk, key)
                        return Examined(OPENED, "", opened, epoch)
                if missing:
                    raise missing
            except MalformedError as error:
                return Examined(MALFORMED, Sentence(error.code, **error.values), epoch=Epoch(epoch))
            except DamagedError as error:
                return Examined(DAMAGED, Sentence(error.code, **error.values), epoch=Epoch(epoch))
        return Examined(UNOPENED if anew.is_anew(self._vault, epoch) else OTHER_DESK, epoch=epoch)

    def _keys_of(self, epoch: Epoch) -> tuple[list[EpochSecretKey], KeyMissingError | None]:
        """The keys to be tried, and what is to be raised when none of them opens; raises it when there is none."""
        old, missing = self._old.get(epoch), None
        if anew.is_anew(self._vault, epoch):
            try:
                own = epochs.secret_key(self._vault, epoch)
            except DamagedError:  # what it might open is counted as unopened, and waits all the same
                own = None
        else:
            try:
                own = self._key(epoch)
            except KeyMissingError as error:
                if old is None:
                    raise
                own, missing = None, error
        return [key for key in (own, old) if key is not None], missing

    def _key(self, epoch: Epoch) -> EpochSecretKey | None:
        """None for an epoch before this desk's first."""
        if epoch not in self._keys:
            try:
                key = epochs.secret_key(self._vault, epoch)
            except DamagedError as error:
                raise KeyMissingError(Sentence("key.bring-back", error=error)) from None
            first = epochs.first(self._vault)
            if key is None and first is not None and epoch >= first:
                raise KeyMissingError(
                    Sentence("key.epoch-not-here", epoch=epoch),
                    epoch if epochs.is_destroyed(self._vault, epoch) else _NO_EPOCH,
                )
            self._keys[epoch] = key
        return self._keys[epoch]
