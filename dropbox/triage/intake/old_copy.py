"""Epoch keys of an old copy that was found again: read for one import, kept nowhere.

Rule: they go into memory alone, so that their destruction stays where they lie: in that copy.
"""

from pathlib import Path

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.vault import epochs
from dropbox.triage.vault.officer import is_vault
from dropbox.triage.vault.vault import Vault


def keys(vault: Vault, folder: Path, login: str, passphrase: str) -> dict[int, EpochSecretKey]:
    """The epoch keys of an old vault, or second copy, of the same desk.

    Args:
        vault: the one at work.
        folder: of the old one.
        login: an officer's, who could open it.
        passphrase: theirs, as it was there.

    Raises:
        NotFoundError: there is no vault, no such officer, or no key that opens.
        WrongPassphraseError, DamagedError, UntrustedError: as Vault.open.
        RefusedError: it is another desk's.
    """
    if not is_vault(folder) or folder.resolve() == vault.folder:
        raise NotFoundError("old-copy.missing")
    with Vault.open(folder, login, passphrase) as old:
        if (old.desk, old.anchor) != (vault.desk, vault.anchor):
            raise RefusedError("old-copy.other-desk")
        found = epochs.whole(old, old.folder)
    if not found:
        raise NotFoundError("old-copy.no-key")
    return found
