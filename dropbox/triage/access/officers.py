"""Who may open the vault: let in, changed, shown out; each with a passphrase of their own.

Rule: nobody, and no role, can set another's passphrase anew: a forgotten one ends that login, and the officer is let in
under another. The vault always keeps somebody who can let others in.
"""

import contextlib
import os
from dataclasses import dataclass, replace
from typing import Final

from dropbox.crypto.private.desk_keys import SEED_BYTES
from dropbox.crypto.private.officer_keys import public_of
from dropbox.crypto.private.private_files import DEFAULT_COST, Cost
from dropbox.disk.passphrases import check_passphrase
from dropbox.disk.pieces import shred
from dropbox.disk.private import private_folder, write_whole
from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.matching.names import check_name
from dropbox.settings.installation import LANGUAGES, Settings
from dropbox.triage.access import conflict, permission, roles, safeguarding
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.tables import cases, identities
from dropbox.triage.tables import officers as rows
from dropbox.triage.tables.records import holds as hold_rows
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.officer import (
    NewOfficer,
    Officer,
    check_login,
    key_path,
    make_key_file,
    open_key_file,
)
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work

Entry = rows.Row
_NAME_MAX: Final = 100
_ROLES_SHOWN: Final = 64  # characters of the names of roles that the log takes


@dataclass(frozen=True)
class Change:
    """What is to be different; None leaves it."""

    name: str | None = None
    unit: str | None = None
    roles: tuple[str, ...] | None = None
    lang: str | None = None


def all_officers(vault: Vault) -> list[Entry]:
    """Everybody who ever had a login, by login."""
    return rows.everybody(vault.db)


def find(vault: Vault, login: str) -> Entry:
    """The active officer of a login; raises NotFoundError."""
    found = rows.active_of(vault.db, login)
    if found is None:
        raise NotFoundError("officer.not-active")
    return found


def add(work: Work, new: NewOfficer, cost: Cost = DEFAULT_COST) -> None:
    """Let an officer in; the second copy gets their file too, now or at its next sync.

    Raises:
        RefusedError: the officer's roles do not allow it, the passphrase is too short, the login was used before, the
            name is a post or a title, or a role is none of the settings'.
        MalformedError: not a login.
    """
    permission.permit(work, Permission.OFFICER_MANAGE)
    check_login(new.login)
    check_passphrase(new.passphrase)
    names = _checked_roles(work.settings, new.roles)
    if any(one.login == new.login for one in all_officers(work.vault)):
        raise RefusedError("officer.login-used")
    _check_texts(new.name, new.unit)
    seed = os.urandom(SEED_BYTES)
    # The file first: one whose row never came opens nothing (officer_of), and is replaced when the same is tried again.
    _write(work.vault, new.login, make_key_file(new.login, work.vault.key, seed, new.passphrase, cost))
    with transaction(work.vault.db):
        new_row = Entry(
            new.login, new.name.strip(), new.unit.strip(), tuple(names.split()), "", active=True, public=public_of(seed)
        )
        rows.add(work.vault.db, new_row)
        conflict.check_officer(work, new.login)
        safeguarding.check_tags(work)
        audit_log.write(work.vault, Permission.OFFICER_MANAGE, did="add", login=new.login, roles=names[:_ROLES_SHOWN])
    _to_copy(work.vault)


def change(work: Work, login: str, changed: Change) -> None:
    """Change name, unit, roles or language of an officer.

    Raises:
        RefusedError: the officer's roles do not allow it, the name is a post or a title, a role is none of the
            settings', or nobody would be left who can let others in.
        NotFoundError: there is no active officer of that login.
    """
    permission.permit(work, Permission.OFFICER_MANAGE)
    before = find(work.vault, login)
    names = before.roles if changed.roles is None else tuple(_checked_roles(work.settings, changed.roles).split())
    after = before._replace(
        name=before.name if changed.name is None else changed.name.strip(),
        unit=before.unit if changed.unit is None else changed.unit.strip(),
        lang=before.lang if changed.lang is None else changed.lang,
        roles=names,
    )
    _check_texts(after.name, after.unit)
    _check_language(after.lang)
    _check_somebody_manages(work, after)
    with transaction(work.vault.db):
        rows.change(work.vault.db, after)
        conflict.check_officer(work, login)
        safeguarding.check_tags(work)
        held = " ".join(after.roles)[:_ROLES_SHOWN]
        audit_log.write(work.vault, Permission.OFFICER_MANAGE, did="change", login=login, roles=held)


def remove(work: Work, login: str, *, lose_identities: bool = False) -> bool:
    """Show an officer out: their file goes, in the second copy too, and their shares of identities.

    Args:
        work: the vault, the settings and the day.
        login: of an active officer.
        lose_identities: go on although some identity could then be opened by no two officers any more.

    Returns:
        False when the second copy could not be reached: until its next sync the officer can still open that one.

    Raises:
        RefusedError: the officer's roles do not allow it, nobody would be left who can let others in, identities
            would be lost, or a legal hold keeps one of those (access.holds).
        NotFoundError: there is no active officer of that login.
    """
    permission.permit(work, Permission.OFFICER_MANAGE)
    gone = find(work.vault, login)._replace(active=False)
    _check_somebody_manages(work, gone)
    lost = identities.lost_without(work.vault.db, login)
    if hold_rows.is_in_force(work.vault.db, cases.group(work.vault.db, lost)):
        raise RefusedError("officer.held-identities", login=login)
    if lost and not lose_identities:
        raise RefusedError("officer.lost-identities", login=login, count=len(lost))
    with transaction(work.vault.db):
        rows.deactivate(work.vault.db, login)
        identities.remove_shares_of(work.vault.db, login)
        safeguarding.check_tags(work)
        audit_log.write(work.vault, Permission.OFFICER_MANAGE, did="remove", login=login, identities_lost=len(lost))
    shred(key_path(work.vault.folder, login))
    return _to_copy(work.vault)


def change_passphrase(vault: Vault, old: str, new: str, cost: Cost = DEFAULT_COST) -> None:
    """Give the officer at work another passphrase; nobody else's can be changed.

    Raises:
        WrongPassphraseError: the old one is wrong.
        RefusedError: the new one is too short, or the same.
    """
    key, seed = open_key_file(vault.folder, vault.officer.login, old)
    if new == old:
        raise RefusedError("passphrase.same")
    wrapped = make_key_file(vault.officer.login, key, seed, check_passphrase(new), cost)
    with transaction(vault.db):
        audit_log.write(vault, "officer.passphrase")
    _write(vault, vault.officer.login, wrapped)
    _to_copy(vault)


def change_language(vault: Vault, lang: str) -> None:
    """Give the officer at work pages in another language, from their next unlocking on; raises RefusedError."""
    _check_language(lang)
    with transaction(vault.db):
        rows.change_language(vault.db, vault.officer.login, lang)
        audit_log.write(vault, "officer.language", lang=lang)


def _write(vault: Vault, login: str, wrapped: bytes) -> None:
    path = key_path(vault.folder, login)
    private_folder(path.parent)
    write_whole(path, wrapped, replace=True)


def _to_copy(vault: Vault) -> bool:
    """At once if the second copy is there; else (False) its next sync does it."""
    with contextlib.suppress(DropboxError, OSError):
        if second_copy.refuse_if_behind(vault):
            second_copy.copy_officers(vault, vault.copy_folder)
            second_copy.copy_database(vault)
            return True
    return False


def _checked_roles(settings: Settings, names: tuple[str, ...]) -> str:
    if not names or not set(names) <= settings.workstation.roles.keys():
        raise RefusedError("officer.roles", codes=", ".join(settings.workstation.roles))
    return " ".join(dict.fromkeys(names))


def _check_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise RefusedError("officer.language", codes=", ".join(LANGUAGES))


def _check_texts(name: str, unit: str) -> None:
    if not 0 < len(check_name(name)) <= _NAME_MAX or len(unit.strip()) > _NAME_MAX:
        raise RefusedError("officer.name-length", most=_NAME_MAX)


def _check_somebody_manages(work: Work, changed: Entry) -> None:
    left = [changed if one.login == changed.login else one for one in all_officers(work.vault)]
    if not any(
        one.active and roles.may(work.settings.workstation, as_officer(one), Permission.OFFICER_MANAGE) for one in left
    ):
        raise RefusedError("officer.last-manager")


def in_hands_of(vault: Vault, login: str) -> Vault:
    """The same open vault as another active officer would have it, without their seed; raises NotFoundError."""
    return replace(vault, officer=as_officer(find(vault, login)))


def as_officer(entry: Entry) -> Officer:
    """The officer of an entry, without their seed."""
    return Officer(entry.login, entry.name, entry.unit, entry.roles, entry.lang, b"")
