"""X-Wing against its draft, and against itself."""

import json
from pathlib import Path

import pytest

from dropbox.crypto.kem import EpochPublicKey, encapsulate, ephemeral_public_key
from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.errors import MalformedError, NotForThisKeyError

DRAFT = json.loads((Path(__file__).parents[1] / "vectors/xwing-draft.json").read_text("ascii"))


@pytest.mark.parametrize("case", DRAFT, ids=range(len(DRAFT)))
def test_draft_key(case: dict[str, str]) -> None:
    """A seed of the draft gives the draft's public key."""
    assert EpochSecretKey(bytes.fromhex(case["seed"])).public.raw.hex() == case["pk"]


@pytest.mark.parametrize("case", DRAFT, ids=range(len(DRAFT)))
def test_draft_decapsulation(case: dict[str, str]) -> None:
    """A ciphertext of the draft gives the draft's shared secret."""
    assert EpochSecretKey(bytes.fromhex(case["seed"])).decapsulate(bytes.fromhex(case["ct"])).hex() == case["ss"]


def test_round_trip() -> None:
    """What is encapsulated to a fresh key comes out of it, and is new each time."""
    key = EpochSecretKey.generate()
    (first, secret), (second, other) = encapsulate(key.public), encapsulate(key.public)
    assert (key.decapsulate(first), key.decapsulate(second)) == (secret, other)
    assert len({first, second}) == len({secret, other}) == 2
    assert (len(first), len(secret)) == (1120, 32)


def test_another_key_gets_another_secret() -> None:
    """A ciphertext for another key gives a secret that is not the sender's, and no error."""
    ciphertext, secret = encapsulate(EpochSecretKey.generate().public)
    assert EpochSecretKey.generate().decapsulate(ciphertext) != secret


@pytest.mark.parametrize("at", [0, 500, 1087, 1088, 1119])
def test_a_changed_ciphertext_gives_another_secret(at: int) -> None:
    """Every part of the ciphertext decides the secret, the bit that X25519 ignores too."""
    key = EpochSecretKey.generate()
    ciphertext, secret = encapsulate(key.public)
    changed = bytearray(ciphertext)
    changed[at] ^= 0x80
    assert key.decapsulate(bytes(changed)) != secret


@pytest.mark.parametrize("size", [0, 1119, 1121])
def test_a_ciphertext_of_another_length_is_not_for_us(size: int) -> None:
    """Other lengths count as not for this key."""
    with pytest.raises(NotForThisKeyError):
        EpochSecretKey.generate().decapsulate(bytes(size))


def test_a_small_order_share_is_not_for_us() -> None:
    """An exception of X25519 counts as not for this key."""
    ciphertext, _ = encapsulate((key := EpochSecretKey.generate()).public)
    with pytest.raises(NotForThisKeyError):
        key.decapsulate(ciphertext[:1088] + bytes(32))


@pytest.mark.parametrize("raw", [bytes(1216), b"\xff" * 1216, bytes(1215), bytes(1217)], ids=range(4))
def test_an_invalid_public_key_is_malformed(raw: bytes) -> None:
    """Neither a zero share, nor coefficients above the modulus, nor another length is a key."""
    with pytest.raises(MalformedError):
        encapsulate(EpochPublicKey(raw))


def test_throw_away_keys_are_valid_and_new() -> None:
    """A key for decoys takes an encapsulation, and no two are alike."""
    one, other = ephemeral_public_key(), ephemeral_public_key()
    assert one != other
    assert len(encapsulate(one)[0]) == 1120


def test_a_seed_has_32_bytes() -> None:
    """A shorter seed is no key."""
    with pytest.raises(MalformedError):
        EpochSecretKey(bytes(31))
