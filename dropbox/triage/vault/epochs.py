"""The desk's epoch keys: made ahead, kept twice, destroyed when nothing is left for them.

    file  = lines ‖ base64(nonce ‖ XChaCha20-Poly1305(key, nonce, seed, ad = lines)) ‖ LF
    lines = "dropbox private file v1", kind and name
    key   = PRF(vault key, "epoch file")

Rule: a seed lies in the vault's epochs/ and in the standby of the second copy, nowhere else, and both go together.
"""

from collections.abc import Container, Mapping
from pathlib import Path

from dropbox.crypto.kdf import prf
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.crypto.private.private_files import open_below, seal_below
from dropbox.disk.pieces import shred
from dropbox.disk.private import private_folder, read_private, write_whole
from dropbox.errors import DamagedError, MalformedError
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS, EPOCHS_AHEAD
from dropbox.triage.tables import epochs as rows
from dropbox.triage.vault import anew
from dropbox.triage.vault.officer import is_vault
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import EPOCHS, Vault
from dropbox.wire.calendar import Day, epoch_last_day, epoch_of
from dropbox.wire.keyring import PRIVATE_FILE_LINE

REMADE = "keys made anew"  # how often: by it a second copy that still names the lost keys is known as the older one


def extend(vault: Vault, today: Day) -> None:
    """Make the keys of this week and of the weeks ahead that are not there yet.

    Raises:
        DamagedError: a key file that vault.db does not know is damaged; it is never overwritten.
    """
    known = {one.number for one in rows.everything(vault.db)}
    # Yesterday's week too: in UTC, by which epochs are told, the week turns some hours later than in Indonesia.
    needed = range(epoch_of(today - 1), epoch_of(today) + EPOCHS_AHEAD + 1)
    made = {number: _adopted(vault, number) or _made(vault, number) for number in needed if number not in known}
    if made:
        with transaction(vault.db):
            rows.add_all(vault.db, {number: key.public.raw for number, key in made.items()})


def _adopted(vault: Vault, number: int) -> EpochSecretKey | None:
    """A key whose file is there already: a kill, or an older vault.db, came between the file and the table."""
    path = _path(vault.folder, number)
    return EpochSecretKey(_unseal(vault, number, read_private(path))) if path.exists() else None


def _made(vault: Vault, number: int) -> EpochSecretKey:
    key = EpochSecretKey.generate()
    write_whole(_path(vault.folder, number), _seal(vault, number, key.seed), replace=True)
    return key


def replace_lost(vault: Vault, today: Day) -> list[int]:
    """Make keys anew that are in neither folder: those of this week and ahead. Older ones count as destroyed.

    Returns:
        The epochs whose keys were lost. Reports that were sealed to them open in an old copy alone.
    """
    lost = mend(vault)
    if lost:  # before the first new key: no blob of these weeks may ever pass for another desk's
        with transaction(vault.db):
            anew.mark(vault, today)
            vault.put_count(REMADE, vault.count(REMADE) + 1)
    for number in lost:
        is_needed = number >= epoch_of(today - 1)
        key = _made(vault, number) if is_needed else None
        with transaction(vault.db):
            if key:
                rows.replace(vault.db, number, key.public.raw)
            else:
                rows.destroy(vault.db, number, today)
    return lost


def public_keys(vault: Vault, first: int, last: int) -> dict[int, bytes]:
    """X-Wing public keys of the epochs from first to last that are not destroyed."""
    return {one.number: one.public for one in rows.live(vault.db) if first <= one.number <= last}


def first(vault: Vault) -> int | None:
    """The first epoch that this desk ever had a key of; None before it had any."""
    return rows.first(vault.db)


def is_destroyed(vault: Vault, number: int) -> bool:
    """Whether this desk had the key of an epoch and has destroyed it."""
    row = rows.of_number(vault.db, number)
    return row is not None and bool(row.destroyed)


def secret_key(vault: Vault, number: int) -> EpochSecretKey | None:
    """The private key of an epoch; None when this desk never had one or has destroyed it.

    Raises:
        DamagedError: it should be here, and neither the vault nor the standby has it whole.
    """
    row = rows.of_number(vault.db, number)
    if row is None or row.destroyed is not None:
        return None
    for folder in (vault.folder, vault.copy_folder):
        key = _opened(vault, folder, number)
        if key is not None and key.public.raw == row.public:
            return key
    raise DamagedError("key.epoch-missing", epoch=number)


def _opened(vault: Vault, folder: Path, number: int) -> EpochSecretKey | None:
    """The key that a folder has for an epoch, if its file is there and whole."""
    path = _path(folder, number)
    try:
        return EpochSecretKey(_unseal(vault, number, read_private(path))) if path.exists() else None
    except DamagedError:
        return None


def unusable(vault: Vault, place: Path) -> list[int]:
    """Epochs whose private key should be in a folder (of the vault or its second copy) and does not open there."""
    return [
        one.number
        for one in rows.live(vault.db)
        if (key := _opened(vault, place, one.number)) is None or key.public.raw != one.public
    ]


def whole(vault: Vault, place: Path) -> dict[int, EpochSecretKey]:
    """Every private key of this vault that a folder has and that opens, whatever the table says of it."""
    numbers = sorted(int(path.stem) for path in (place / EPOCHS).glob("*.key") if path.stem.isdecimal())
    return {number: key for number in numbers if (key := _opened(vault, place, number))}


def mend(vault: Vault) -> list[int]:
    """Put keys that the vault has lost back from the second copy; returns the epochs whose key is in neither."""
    lost = []
    for number in unusable(vault, vault.folder):
        try:
            key = secret_key(vault, number)
        except DamagedError:
            key = None
        if key is None:
            lost.append(number)
        else:
            write_whole(_path(vault.folder, number), _seal(vault, number, key.seed), replace=True)
    return lost


def put_standby(vault: Vault) -> None:
    """Bring the second copy's epoch keys to the vault's state, and finish what a kill interrupted."""
    standby = private_folder(vault.copy_folder / EPOCHS)
    for number, public, destroyed in rows.everything(vault.db):
        path = _path(vault.folder, number)
        if destroyed is not None:
            shred(path)
            shred(_path(vault.copy_folder, number))
        elif path.exists():
            sealed = read_private(path)
            other = standby / path.name
            if not other.exists() or read_private(other) != sealed:
                # Never spread a damaged key, or one of an older folder, over a good one.
                if EpochSecretKey(_unseal(vault, number, sealed)).public.raw != public:
                    raise DamagedError("key.epoch-swapped", epoch=number)
                write_whole(other, sealed, replace=True)


def destroy_spent(vault: Vault, still_held: Mapping[int, int], export_day: int, met: set[int], today: Day) -> list[str]:
    """Destroy the private keys that nothing needs any more; returns what must be said about it.

    Unfinished uploads are no reason to wait: they live for 12 hours at most (STAGING_HOURS), and the server completes
    nothing later than EPOCH_COMPLETE_DAYS after its epoch, half of the grace.

    Args:
        vault: whose.
        still_held: per epoch the blobs that the server has, by a believed export (vault.known_exports; an old one says
            what was true once), but those that need no key: they are safe here, or wait (anew).
        export_day: the day on which it was made.
        met: epochs of which this very export brought a blob.
        today: day number.
    """
    said = []
    held = {epoch for epoch, count in still_held.items() if count > 0} | met
    for number in [one.number for one in rows.live(vault.db)]:
        days_over = min(export_day, today) - epoch_last_day(number) - EPOCH_GRACE_DAYS
        if days_over <= 0:
            continue
        if number in held:
            waited = f"reports of epoch {number} have waited on the server for {days_over} days beyond its grace"
            if days_over > EPOCH_EXPIRY_DAYS:
                said.append(f"WARNING: {waited}: two officers must decide whether its key goes")
            else:
                said.append(f"{waited}: its key was kept for them")
        else:
            both = destroy(vault, number, today)
            where = "and in its second copy" if both else "in the second copy it goes at its next sync"
            said.append(f"the private key of epoch {number} was destroyed in the vault, {where}")
    return said


def destroy(vault: Vault, number: int, today: Day) -> bool:
    """Destroy a private key, decision first; False when the second copy was not there: its next sync does the rest."""
    with transaction(vault.db):
        rows.destroy(vault.db, number, today)
    shred(_path(vault.folder, number))
    try:
        shred(_path(vault.copy_folder, number))
    except OSError:
        return False
    return is_vault(vault.copy_folder)


def shred_all(folder: Path, but: Container[int] = ()) -> None:
    """Destroy the keys of a second copy that is given up, but those of some epochs; raises OSError."""
    for path in sorted((folder / EPOCHS).glob("*.key")):
        if not path.stem.isdecimal() or int(path.stem) not in but:
            shred(path)


def _path(folder: Path, number: int) -> Path:
    return folder / EPOCHS / f"{number}.key"


def _head(vault: Vault, number: int) -> bytes:
    return PRIVATE_FILE_LINE + f"\nkind: epoch\nname: {vault.desk}-{number}\n".encode("ascii")


def _seal(vault: Vault, number: int, seed: bytes) -> bytes:
    return seal_below(_head(vault, number), prf(vault.key, "epoch file"), seed)


def _unseal(vault: Vault, number: int, untrusted: bytes) -> bytes:
    try:
        return open_below(_head(vault, number), prf(vault.key, "epoch file"), untrusted)
    except (DamagedError, MalformedError):
        raise DamagedError("key.epoch-damaged", epoch=number) from None
