"""Adds and retires receivers, the bodies to which dossiers are sealed; a card's words are compared by voice first.

Rule: only the card is stored: no address, no name of a person. A card is refused if it was altered, is not valid today,
or is a drill's where cases are real (or the reverse).
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from dropbox.crypto.receivers import receiver_fingerprint, verify_card
from dropbox.crypto.words import fingerprint_words
from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day
from dropbox.wire.receiver import DRILL, ReceiverCard

LAPOR: Final = "lapor"  # a code of the settings: a public portal, to which nothing is sealed
_COLUMNS: Final = "number, card, target, added, officer, retired"


@dataclass(frozen=True)
class Receiver:
    """A receiver of the vault.

    Attributes:
        number: running number.
        file: bytes of its card's file.
        card: the decoded file.
        target: a code of workstation.referral_targets.
        added: day number.
        officer: login of the officer who compared the words.
        retired: day number from which nothing is sealed to it, or 0.
    """

    number: int
    file: bytes
    card: ReceiverCard
    target: str
    added: int
    officer: str
    retired: int

    @property
    def words(self) -> str:
        """Return the card's twelve fingerprint words, to read aloud."""
        return fingerprint_words(receiver_fingerprint(self.file))

    @property
    def sha256(self) -> bytes:
        """Return the SHA-256 of the card, by which a dossier names the receiver."""
        return hashlib.sha256(self.file).digest()

    def is_good(self, today: Day) -> bool:
        """Return whether a dossier may be sealed to it today."""
        return not self.retired and self.card.first <= today <= self.card.last


def look_at(vault: Vault, untrusted: bytes, today: Day) -> Receiver:
    """Return a card as it would be added, so that its words can be compared; nothing is stored.

    Raises:
        MalformedError: not a card.
        UntrustedError: altered.
        RefusedError: it is not valid today, or is a drill's where cases are real (or the reverse).
    """
    card = verify_card(untrusted)
    if not card.first <= today <= card.last:
        raise RefusedError("receiver.card-day")
    if (card.purpose == DRILL) != vault.anchor.demo:
        raise RefusedError("receiver.demo")
    return Receiver(0, untrusted, card, "", today, vault.officer.login, 0)


def add(work: Work, untrusted: bytes, target: str, words: str) -> Receiver:
    """Add a receiver whose words were read over the telephone; return it.

    Args:
        work: the vault, the settings and the day.
        untrusted: the card's file.
        target: a code of workstation.referral_targets.
        words: the twelve words as the receiver read them aloud, typed by the officer.

    Raises:
        MalformedError, UntrustedError: see look_at.
        RefusedError: see look_at; the words differ, there is no such body, the receiver is known already, or the
            officer's roles do not allow it.
    """
    permission.permit(work, Permission.RECEIVER_MANAGE)
    found = look_at(work.vault, untrusted, work.today)
    if target not in work.settings.workstation.referral_targets or target == LAPOR:
        raise RefusedError("receiver.target")
    if words.lower().split() != found.words.split():
        raise RefusedError("receiver.words")
    if work.vault.db.execute("select 1 from receivers where card = ?", (untrusted,)).fetchone():
        raise RefusedError("receiver.exists")
    with transaction(work.vault.db):
        (number,) = work.vault.db.execute(
            "insert into receivers (card, target, added, officer) values (?, ?, ?, ?) returning number",
            (untrusted, target, work.today, work.vault.officer.login),
        ).fetchone()
        audit_log.write(
            work.vault,
            Permission.RECEIVER_MANAGE,
            did="add",
            receiver=number,
            target=target,
            sha256=found.sha256.hex()[:16],
        )
    return receiver_of(work.vault, number)


def retire(work: Work, number: int) -> None:
    """Retire a receiver: nothing is sealed to it, and no answer of its key is accepted, as it may be lost or stolen.

    Raises:
        RefusedError: the officer's roles do not allow it, or it is retired already.
        NotFoundError: there is no such receiver.
    """
    permission.permit(work, Permission.RECEIVER_MANAGE)
    if receiver_of(work.vault, number).retired:
        raise RefusedError("receiver.retired")
    with transaction(work.vault.db):
        work.vault.db.execute("update receivers set retired = ? where number = ?", (work.today, number))
        audit_log.write(work.vault, Permission.RECEIVER_MANAGE, did="retire", receiver=number)


def all_receivers(vault: Vault) -> list[Receiver]:
    """Return all receivers, the oldest first."""
    rows = vault.db.execute(f"select {_COLUMNS} from receivers order by number")  # noqa: S608
    return [_from(row) for row in rows]


def receiver_of(vault: Vault, number: int) -> Receiver:
    """Return the receiver of a number; raises NotFoundError."""
    row = vault.db.execute(f"select {_COLUMNS} from receivers where number = ?", (number,)).fetchone()  # noqa: S608
    if row is None:
        raise NotFoundError("receiver.not-found")
    return _from(row)


def _from(row: tuple[Any, ...]) -> Receiver:
    number, file, target, added, officer, retired = row
    return Receiver(number, bytes(file), verify_card(bytes(file)), target, added, officer, retired or 0)
