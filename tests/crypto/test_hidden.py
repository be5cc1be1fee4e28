"""No value that holds a secret shows it: not by repr, str, format or an f-string."""

import base64

import pytest
from sealing_samples import opened, record, seal

from dropbox.crypto.private.desk_keys import EpochSecretKey, RootKey, StationKey
from dropbox.crypto.secret import ReporterSecret, secret_from

SEED = bytes(range(65, 97))  # printable, so that a raw repr would show too
SECRET: ReporterSecret = secret_from("0123456789ABCDE", 0x5A5A5A5A5A5A5A5A5A5A5)


def shown(value: object) -> str:
    return " ".join((repr(value), str(value), f"{value}", format(value), "%r %s" % (value, value)))  # noqa: UP031


def spellings(secret: bytes) -> list[str]:
    return [
        secret.hex(),
        secret.hex().upper(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        repr(secret)[2:-1],
        ", ".join(map(str, secret)),
        str(int.from_bytes(secret, "big")),
        str(int.from_bytes(secret, "little")),
    ]


def assert_hidden(value: object, *secrets: bytes) -> None:
    text = shown(value)
    for secret in secrets:
        # A quarter of a secret is a leak too.
        for part in (secret, secret[:8], secret[-8:]):
            assert [spelling for spelling in spellings(part) if spelling in text] == []


@pytest.mark.parametrize("role", [EpochSecretKey, StationKey, RootKey])
def test_private_keys(role: type[EpochSecretKey | StationKey | RootKey]) -> None:
    """The inspectorate's private keys show no byte of their seeds."""
    assert_hidden(role(SEED), SEED)


def test_the_expanded_epoch_key() -> None:
    """Neither does the X25519 half that follows from the seed."""
    key = EpochSecretKey(SEED)
    assert_hidden(key, key._x25519)


def test_reporter_secret() -> None:
    """A reporter's secret shows neither code nor words nor indices."""
    text = shown(SECRET)
    assert SECRET.code not in text
    assert SECRET.code.replace("-", "")[:8] not in text
    assert [word for word in SECRET.words.split() if word in text] == []
    assert str(SECRET._indices)[1:-1] not in text


def test_thread_keys() -> None:
    """A thread's keys show nothing, nor which thread it is."""
    keys = SECRET.keys(bytes(16), "itjen")
    everything = (keys.thread, keys.claim, keys.tag_key, keys.answer_key, keys.auth_key, keys.id_key, keys.digest_key)
    assert_hidden(keys, *everything)
    assert_hidden(keys.content_digest(), keys.digest_key)


def test_an_opened_message() -> None:
    """An opened blob shows neither its keys nor what the reporter wrote."""
    result = opened(seal([], values=record(b"report", nonce=SEED[:16], what=b"Rahasia sekali", who=b"Bapak Fulan")))
    message = result.message
    assert_hidden(result, result.file_key, message.thread, message.nonce, message.member, *message.keys.values())
    assert "Rahasia" not in shown(result)
    assert "Fulan" not in shown(message)
    assert "bukti.jpg" not in shown(opened(seal([b"x"], values=record(name=b"bukti.jpg"))))
