"""Who a reporter is, if they ever say so: sealed apart, opened by two officers together, each with their passphrase.

    plaintext = record(identity, file-key, blob)      (of the message that it came with, so that its blob stays closed)
    ad        = HASH("sealed identity", instance, desk, u32(case))

Rule: no vault key and no single officer opens an identity; it is in no list, no index and no statistic. Its reporter is
told before it is opened (EU 2019/1937, Art. 16(3); casework.safety.notice). Every opening is in the log with both names
and its reason. Until the key of its epoch is destroyed (EPOCH_GRACE_DAYS), that
key could open the blob once more: dropbox/GAPS.md says so.
"""

import itertools
from dataclasses import dataclass, field
from typing import Final

from dropbox.crypto.kdf import labelled_hash
from dropbox.crypto.private import identities
from dropbox.crypto.private.officer_keys import public_of
from dropbox.errors import NotFoundError, RefusedError, UntrustedError
from dropbox.triage.access import officers, permission, roles
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import identities as identity_rows
from dropbox.triage.tables.identities import Share
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.tables.safety import notices
from dropbox.triage.vault.officer import open_key_file
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.fields import decode_record, encode_record, text, u32

TEXT_MAX: Final = 2000
# Why an identity is opened. Without the reporter's consent only danger or a court's order is a reason.
REASONS: Final = vocabulary.table("identity_reason")


@dataclass(frozen=True)
class Credentials:
    """An officer who consents with their passphrase."""

    login: str
    passphrase: str = field(repr=False)


def seal(
    work: Work,
    case: CaseNumber,
    identity: str,
    *,
    source: str,
    blob: bytes = b"",
    key: bytes = b"",
) -> int:
    """Seal an identity for every pair of officers who may open it; inside a transaction. Returns its number.

    Nothing is lost where there is one such officer alone, or none: then it is sealed to that one, or to all others, and
    opens when two are there who may.

    Args:
        work: the vault, the settings and the day.
        case: number.
        identity: what the reporter said of themselves.
        source: `message` or `officer`.
        blob: SHA-256 of the blob that it came in, whose file key is sealed along.
        key: that file key.
    """
    secret, sealed = identities.seal(
        encode_record({"identity": identity.encode("utf-8", "replace"), "file-key": key, "blob": blob}),
        _ad(work.vault, case),
    )
    number = identity_rows.add(work.vault.db, case, source, sealed, work.today)
    _share(work, number, secret)
    return number


def enter(work: Work, case: Case, identity: str) -> int:
    """Seal what a walk-in told an officer; raises RefusedError, NotFoundError as policy.permit."""
    permission.permit(work, Permission.IDENTITY_SEAL, case.number)
    if not 0 < len(identity.strip()) <= TEXT_MAX:
        raise RefusedError("identity.length", most=TEXT_MAX)
    with transaction(work.vault.db):
        number = seal(work, case.number, identity.strip(), source="officer")
        audit_log.write(work.vault, "identity.seal", case.number, identity=number)
    return number


def numbers(vault: Vault, case: Case) -> list[int]:
    """Numbers of the case's sealed identities, oldest first: that there are some, never what they say."""
    return identity_rows.of_case(vault.db, case.number)


def open_together(work: Work, number: int, both: tuple[Credentials, Credentials], reason: str) -> str:
    """What the reporter said of themselves, to two officers at once.

    Args:
        work: the vault, the settings and the day.
        number: of the identity.
        both: two officers with their passphrases.
        reason: a code of REASONS, for the log.

    Raises:
        NotFoundError: there is no such identity, one of the officers is none, or is kept out of the case.
        RefusedError: they are one and the same, may not, the reason is none, its reporter was not told of it
            (may_be_opened), or it is not sealed to these two.
        WrongPassphraseError: one of the passphrases is wrong.
    """
    if reason not in REASONS:
        raise RefusedError("identity.reason", codes=", ".join(REASONS))
    found = identity_rows.sealed(work.vault.db, number)
    if found is None:
        raise NotFoundError("identity.not-found")
    case, sealed = found
    seeds = _seeds(work, both, case)
    if not may_be_opened(work, number, reason):
        raise RefusedError("identity.not-told", days=work.settings.workstation.identity_notice.days)
    key = _key(work.vault, number, seeds)
    if key is None:
        raise RefusedError("identity.other-officers")
    plaintext = decode_record(identities.unseal(sealed, _ad(work.vault, case), key))
    with transaction(work.vault.db):
        first, second = sorted(seeds)
        audit_log.write(
            work.vault, Permission.IDENTITY_OPEN, case, identity=number, first=first, second=second, reason=reason
        )
    return text(plaintext["identity"])


def may_be_opened(work: Work, number: int, reason: str) -> bool:
    """Return whether the reporter was told of an opening for that reason, or two officers decided not to tell them.

        published + days <= today <= published + days + valid_days          ([identity_notice] of the settings)

    Nobody waits after such a decision; it is good for as many days.
    """
    rule = work.settings.workstation.identity_notice
    for one in notices.of_identity(work.vault.db, number):
        first = one.published + (0 if one.why else rule.days)
        if one.published and one.reason == reason and first <= work.today <= first + rule.valid_days:
            return True
    return False


def share_anew(work: Work, both: tuple[Credentials, Credentials]) -> int:
    """Seal anew, to all pairs of today, each identity that two officers can open; returns how many; raises as above."""
    seeds = _seeds(work, both, CaseNumber(0))
    done = 0
    with transaction(work.vault.db):
        for number, case in identity_rows.everything(work.vault.db):
            if any(permission.is_excluded(officers.in_hands_of(work.vault, login), case) for login in seeds):
                continue
            key = _key(work.vault, number, seeds)
            if key is not None:
                _share(work, number, key)
                done += 1
        first, second = sorted(seeds)
        audit_log.write(work.vault, "identity.share", first=first, second=second, identities=done)
    return done


def _ad(vault: Vault, case: CaseNumber) -> bytes:
    return labelled_hash("sealed identity", vault.instance, vault.desk.encode("ascii"), u32(case))


def _share(work: Work, number: int, key: bytes) -> None:
    active = [one for one in officers.all_officers(work.vault) if one.active]
    allowed = [
        one
        for one in active
        if roles.may(work.settings.workstation, officers.as_officer(one), Permission.IDENTITY_OPEN)
    ]
    may = {one.login: one.public for one in allowed or active}
    pairs = list(itertools.combinations(sorted(may), 2)) or [(login, login) for login in may]
    shares = [Share(first, second, identities.share(key, may[first], may[second])) for first, second in pairs]
    identity_rows.share(work.vault.db, number, shares)


def _seeds(work: Work, both: tuple[Credentials, Credentials], case: CaseNumber) -> dict[str, bytes]:
    """Both officers' seeds by login, if each gave the passphrase, may open identities, and may see the case."""
    if len({one.login for one in both}) != 2:
        raise RefusedError("identity.two-officers")
    if work.vault.officer.login not in {one.login for one in both}:
        raise RefusedError("identity.officer-at-work")
    seeds = {}
    for one in both:
        entry = officers.find(work.vault, one.login)
        permission.permit(
            Work(officers.in_hands_of(work.vault, one.login), work.settings, work.today), Permission.IDENTITY_OPEN, case
        )
        key, seed = open_key_file(work.vault.folder, one.login, one.passphrase)
        if key != work.vault.key or public_of(seed) != entry.public:
            raise UntrustedError("identity.key-swapped")
        seeds[one.login] = seed
    return seeds


def _key(vault: Vault, number: int, seeds: dict[str, bytes]) -> bytes | None:
    first, second = sorted(seeds)
    for one in identity_rows.shares(vault.db, number, first, second):
        return identities.open_share(one.sealed, seeds[one.first], seeds[one.second])
    return None
