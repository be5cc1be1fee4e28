"""FORMAT "Receiver card" and "Dossier's answer": what anybody can check of a receiver, and sealing an answer.

    card   = lines ‖ signature(sign key, "receiver card", no bytes, lines)
    key    = PRF(ss, "answer", header, SHA-256(reply key), ct)
    sealed = ChaCha20-Poly1305-IETF(key, nonce = 12 zero bytes, signed answer)

Rule: a card vouches for nothing but that one holder made it; who the holder is, two people compare by voice.
"""

import hashlib
from typing import Final

import nacl.bindings

from dropbox.crypto.kdf import labelled_hash, prf
from dropbox.crypto.kem import EpochPublicKey, encapsulate
from dropbox.crypto.signing import verify
from dropbox.errors import UntrustedError
from dropbox.wire.dossier import Answer, SealedAnswer, parse_answer
from dropbox.wire.receiver import ReceiverCard, parse_card

CARD_LABEL: Final = "receiver card"
ANSWER_LABEL: Final = "referral answer"
ONCE: Final = bytes(12)  # every key here is used once


def verify_card(untrusted: bytes) -> ReceiverCard:
    """The card of a file, if its own key signed it; raises MalformedError or UntrustedError."""
    card, signature = parse_card(untrusted)
    verify(card.sign, CARD_LABEL, b"", card.encode(), signature)
    return card


def receiver_fingerprint(card_file: bytes) -> bytes:
    """HASH("receiver fingerprint", the card's file), 32 bytes."""
    return labelled_hash("receiver fingerprint", card_file)


def answer_key(secret: bytes, header: bytes, reply_key: bytes, ciphertext: bytes) -> bytes:
    """The key of one answer, from the shared secret of its encapsulation."""
    return prf(secret, "answer", header, hashlib.sha256(reply_key).digest(), ciphertext)


def seal_answer(dossier: bytes, reply_key: bytes, signed: bytes) -> bytes:
    """The bytes of an answer's file: a signed answer, for the desk that made the dossier alone."""
    ciphertext, secret = encapsulate(EpochPublicKey(reply_key))
    head = SealedAnswer(dossier, ciphertext, b"")
    key = answer_key(secret, head.header, reply_key, ciphertext)
    sealed = nacl.bindings.crypto_aead_chacha20poly1305_ietf_encrypt(signed, None, ONCE, key)
    return SealedAnswer(dossier, ciphertext, sealed).encode()


def verify_answer(signed: bytes, card: ReceiverCard, instance: bytes, dossier: bytes) -> Answer:
    """The answer, if the card's holder signed it for this dossier while the card was good.

    Raises:
        MalformedError: not an answer.
        UntrustedError: another receiver's, for another dossier or instance, of a day outside the card's, or forged.
    """
    answer, signature = parse_answer(signed)
    if answer.instance != instance or answer.dossier != dossier:
        raise UntrustedError("the answer is about another dossier")
    verify(card.sign, ANSWER_LABEL, instance, answer.encode(), signature)
    if not card.first <= answer.day <= card.last:
        raise UntrustedError("the answer was signed when the receiver's key was not good")
    return answer
