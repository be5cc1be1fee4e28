"""Verifies receiver cards, and seals and verifies answers (FORMAT "Receiver card", "Dossier's answer").

    card   = lines ‖ signature(sign key, "receiver card", no bytes, lines)
    key    = PRF(ss, "answer", header, SHA-256(reply key), ct)
    sealed = ChaCha20-Poly1305-IETF(key, nonce = 12 zero bytes, signed answer)

Rule: a card proves only that one key holder made it; two people verify the holder's identity by voice.
"""

import hashlib
from typing import Final

import nacl.bindings

from dropbox.crypto.kdf import labelled_hash, prf
from dropbox.crypto.kem import EpochPublicKey, encapsulate
from dropbox.crypto.signing import verify
from dropbox.errors import UntrustedError
from dropbox.limits import MADE_AHEAD_DAYS
from dropbox.wire.calendar import Day
from dropbox.wire.dossier import Answer, SealedAnswer, parse_answer
from dropbox.wire.receiver import ReceiverCard, parse_card

CARD_LABEL: Final = "receiver card"
ANSWER_LABEL: Final = "referral answer"
ONCE: Final = bytes(12)  # every key here is used once


def verify_card(untrusted: bytes) -> ReceiverCard:
    """Verify that a card's own key signed its file; raises MalformedError or UntrustedError."""
    card, signature = parse_card(untrusted)
    verify(card.sign, CARD_LABEL, b"", card.encode(), signature)
    return card


def receiver_fingerprint(card_file: bytes) -> bytes:
    """Return HASH("receiver fingerprint", the card's file), 32 bytes."""
    return labelled_hash("receiver fingerprint", card_file)


def answer_key(secret: bytes, header: bytes, reply_key: bytes, ciphertext: bytes) -> bytes:
    """Derive the key (32 bytes) of one answer.

    Args:
        secret: shared secret of the encapsulation, 32 bytes.
        header: the clear bytes of the answer.
        reply_key: X-Wing public key, 1216 bytes, made for this dossier.
        ciphertext: of the encapsulation, 1120 bytes.
    """
    return prf(secret, "answer", header, hashlib.sha256(reply_key).digest(), ciphertext)


def seal_answer(dossier: bytes, reply_key: bytes, signed: bytes) -> bytes:
    """Seal a signed answer to the desk that made the dossier; returns the bytes of the answer's file.

    Raises:
        MalformedError: the reply key (X-Wing, 1216 bytes) is invalid.
    """
    ciphertext, secret = encapsulate(EpochPublicKey(reply_key))
    head = SealedAnswer(dossier, ciphertext, b"")
    key = answer_key(secret, head.header, reply_key, ciphertext)
    sealed = nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt(signed, None, ONCE, key)
    return SealedAnswer(dossier, ciphertext, sealed).encode()


def verify_answer(signed: bytes, card: ReceiverCard, instance: bytes, dossier: bytes, today: Day) -> Answer:
    """Verify that the card's holder signed the answer for this dossier while the card was valid.

    Args:
        signed: the opened answer, body ‖ signature.
        card: the receiver's card.
        instance: 16 bytes.
        dossier: id of the dossier, 16 bytes.
        today: day number.

    Raises:
        MalformedError: not an answer.
        UntrustedError: of another receiver, dossier or instance, of a day outside the card's validity or to come, or
            forged.
    """
    answer, signature = parse_answer(signed)
    if answer.instance != instance or answer.dossier != dossier:
        raise UntrustedError("dossier.answer-other")
    verify(card.sign, ANSWER_LABEL, instance, answer.encode(), signature)
    if not card.first <= answer.day <= card.last:
        raise UntrustedError("dossier.answer-key-day")
    if answer.day > today + MADE_AHEAD_DAYS:
        raise UntrustedError("referral.answer-future")
    return answer
