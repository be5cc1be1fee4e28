"""Create a vault: its keys, its empty database, its first officer, and the beginning of its second copy.

Rule: the first officer's file is written last, into the vault after its copy, so that a vault that a kill left half
made is not taken for one (officer.is_vault).
"""

import os
from pathlib import Path

from dropbox.crypto.kdf import prf
from dropbox.crypto.private.desk_keys import SEED_BYTES, StationKey
from dropbox.crypto.private.officer_keys import public_of
from dropbox.crypto.private.private_files import DEFAULT_COST, Cost, seal_below
from dropbox.disk.durable import sync_folder
from dropbox.disk.passphrases import check_passphrase
from dropbox.disk.private import private_folder, write_whole
from dropbox.errors import RefusedError
from dropbox.matching.names import check_name
from dropbox.triage.tables import officers
from dropbox.triage.vault import phrasebook, schema
from dropbox.triage.vault.officer import (
    NewOfficer,
    Officer,
    check_login,
    key_path,
    make_key_file,
)
from dropbox.triage.vault.vault import (
    ANCHOR,
    BLOBS,
    DATABASE,
    EPOCHS,
    STATION_KEY,
    Vault,
    request_path,
    station_head,
    take_lock,
)
from dropbox.wire.fields import check_desk
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.request import StationRequest, encode_request


def create_vault(
    folder: Path,
    *,
    copy: Path,
    desk: str,
    anchor: RootAnchor,
    first: NewOfficer,
    cost: Cost = DEFAULT_COST,
) -> Vault:
    """Return a new vault with its first officer, opened and locked; begin its second copy.

    Args:
        folder: empty or not there yet.
        copy: the second copy's folder, likewise; it belongs on another disk.
        desk: the name that its certificate will have.
        anchor: the pinned root.
        first: the officer who can add the others.
        cost: of Argon2id, for the officer's passphrase.

    Raises:
        MalformedError: not a desk name, or not a login.
        RefusedError: a folder is not empty, one contains the other, the passphrase is too short, the officer's name
            is a post or a title, or another command works in the folder.
        ConfigurationError: the folder cannot be written, or others may read it.
    """
    check_desk(desk)
    check_passphrase(first.passphrase)
    check_login(first.login)
    check_name(first.name)
    folder, copy = folder.resolve(), copy.resolve()
    if folder.is_relative_to(copy) or copy.is_relative_to(folder):
        raise RefusedError("copy.nested-option")
    for path in (folder, copy):
        if path.exists() and any(path.iterdir()):
            raise RefusedError("file.folder-not-empty", name=path.name)
    for path in (folder, folder / BLOBS, folder / EPOCHS, copy):
        private_folder(path)
    lock = take_lock(folder)
    key, station, seed = os.urandom(SEED_BYTES), StationKey.generate(), os.urandom(SEED_BYTES)
    write_whole(folder / ANCHOR, anchor.encode())
    write_whole(folder / STATION_KEY, seal_below(station_head(desk), prf(key, "station file"), station.seed))
    write_whole(request_path(folder, desk), encode_request(StationRequest(desk, anchor.instance, station.public)))
    db = schema.connect(folder / DATABASE, key, is_new=True)
    officer = Officer(first.login, first.name, first.unit, first.roles, "id", seed)
    vault = Vault(folder, anchor, desk, officer, db, key, station, lock)
    with schema.transaction(db):
        vault.put("desk", desk.encode())
        vault.put("anchor", anchor.encode())
        vault.put("copy", os.fsencode(copy))
        phrasebook.seed(db)
        row = officers.Row(first.login, first.name, first.unit, first.roles, "", active=True, public=public_of(seed))
        officers.add(db, row)
    wrapped = make_key_file(first.login, key, seed, first.passphrase, cost)
    for place in (copy, folder):
        path = key_path(place, first.login)
        private_folder(path.parent)
        write_whole(path, wrapped)
    sync_folder(folder.parent)
    return vault
