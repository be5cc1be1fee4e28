"""Parses and builds the card of a body that receives dossiers: its public keys (FORMAT "Receiver card").

Rule: a card has exactly one encoding; a private file in its place is rejected. Verifies nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from dropbox.errors import MalformedError
from dropbox.wire.calendar import Day
from dropbox.wire.fields import is_printable, text
from dropbox.wire.keyring import PRIVATE_FILE_LINE

REFERRAL: Final = "referral"
DRILL: Final = "drill"
PURPOSES: Final = (REFERRAL, DRILL)
LABEL_MAX: Final = 80  # characters
CARD_MAX_BYTES: Final = 4096
CARD_DAYS_MAX: Final = 2 * 366  # bounds how long a lost key can do harm

_DAY: Final = rb"(0|[1-9][0-9]{0,6})"
_CARD: Final = re.compile(
    rb"(dropbox receiver key v1\nlabel: ([^\n]{1,320})\npurpose: (referral|drill)\nnot before: " + _DAY + rb"\n"
    rb"not after: " + _DAY + rb"\nsign: ([0-9a-f]{64})\nseal: ([0-9a-f]{2432})\n)signature: ([0-9a-f]{128})\n\Z"
)


@dataclass(frozen=True)
class ReceiverCard:
    """A receiver's own description of itself.

    Attributes:
        label: name of the body, 1 to 80 printable characters.
        purpose: REFERRAL, or DRILL for a card that never gets real cases.
        first: first day number on which it is valid.
        last: last day number on which it is valid.
        sign: Ed25519 public key (32 bytes) that verifies its answers.
        seal: X-Wing public key (1216 bytes) to which dossiers are sealed.
    """

    label: str
    purpose: str
    first: Day
    last: Day
    sign: bytes
    seal: bytes

    def encode(self) -> bytes:
        """Return the lines that the receiver signs; raises MalformedError for an invalid label."""
        return (
            f"dropbox receiver key v1\nlabel: {check_label(self.label)}\npurpose: {self.purpose}\n"
            f"not before: {self.first}\nnot after: {self.last}\nsign: {self.sign.hex()}\nseal: {self.seal.hex()}\n"
        ).encode()


def encode_card(card: ReceiverCard, signature: bytes) -> bytes:
    """Return the bytes of a card's file; raises MalformedError for an invalid label."""
    return card.encode() + f"signature: {signature.hex()}\n".encode("ascii")


def parse_card(untrusted: bytes) -> tuple[ReceiverCard, bytes]:
    """Return (card, signature) of a card's file; raises MalformedError. The signature is not verified here."""
    if untrusted.startswith(PRIVATE_FILE_LINE):
        raise MalformedError("private-file.as-card")
    match = _CARD.match(untrusted)
    if not match:
        raise MalformedError("card.damaged")
    _lines, label, purpose, first, last, sign, seal, signature = match.groups()
    card = ReceiverCard(
        check_label(text(label)),
        purpose.decode("ascii"),
        Day(int(first)),
        Day(int(last)),
        bytes.fromhex(sign.decode("ascii")),
        bytes.fromhex(seal.decode("ascii")),
    )
    if not 0 <= card.last - card.first <= CARD_DAYS_MAX:
        raise MalformedError("card.days")
    return card, bytes.fromhex(signature.decode("ascii"))


def check_label(label: str) -> str:
    """Return the label; raises MalformedError unless it has 1 to 80 printable characters, no space at either end."""
    ends = {unicodedata.category(sign) for sign in label[:1] + label[-1:]}
    if not is_printable(label) or "Zs" in ends or not 0 < len(label) <= LABEL_MAX:
        raise MalformedError("card.label")
    return label
