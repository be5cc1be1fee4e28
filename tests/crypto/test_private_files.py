"""Private files: the right passphrase opens them, and nothing else does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.crypto.private.private_files import DEFAULT_COST, Cost, unwrap, wrap
from dropbox.errors import DropboxError, MalformedError, WrongPassphraseError
from dropbox.limits import ARGON2_LANES, ARGON2_MEMORY_KIB, ARGON2_TIME
from dropbox.wire.keyring import PRIVATE_FILE_LINE

CHEAP = Cost(1, 8, 1)  # Argon2's least: the tests are of the file, not of the work
SECRET = b"s" * 33  # its base64 has a last sign with spare bits
FILE = wrap("epoch", "itjen.2968", SECRET, "kuda hijau melompat", CHEAP)


@given(st.binary(max_size=100), st.text(st.characters(codec="utf-8"), max_size=30))
@settings(max_examples=15)
def test_round_trip(secret: bytes, passphrase: str) -> None:
    """The passphrase that wrapped a secret opens it."""
    assert unwrap("vault", wrap("vault", "a", secret, passphrase, CHEAP), passphrase) == secret


def test_the_first_line_says_what_it_is() -> None:
    """A scan for private files finds it by its first line."""
    assert FILE.split(b"\n")[0] == PRIVATE_FILE_LINE


def test_the_usual_cost_is_that_of_the_rfc() -> None:
    """Without a wish the cost is RFC 9106's second choice."""
    assert Cost(ARGON2_TIME, ARGON2_MEMORY_KIB, ARGON2_LANES) == DEFAULT_COST == Cost(3, 65536, 4)


@pytest.mark.parametrize("passphrase", ["", "kuda hijau melompat ", "Kuda hijau melompat", "lain"])
def test_another_passphrase_is_refused(passphrase: str) -> None:
    """Nearly right is wrong."""
    with pytest.raises(WrongPassphraseError):
        unwrap("epoch", FILE, passphrase)


def test_another_kind_is_refused() -> None:
    """A station's key is not taken for an epoch's."""
    with pytest.raises(MalformedError):
        unwrap("station", FILE, "kuda hijau melompat")
    with pytest.raises(WrongPassphraseError):
        unwrap("station", FILE.replace(b"kind: epoch", b"kind: station"), "kuda hijau melompat")


def test_no_byte_can_be_changed() -> None:
    """Every byte of the file counts, the spare bits of its base64 too."""
    for at in range(len(FILE)):
        for flip in (1, 2, 4, 32):
            altered = FILE[:at] + bytes([FILE[at] ^ flip]) + FILE[at + 1 :]
            if b" t=" in altered and altered.split(b"\n")[3] != FILE.split(b"\n")[3]:
                continue  # the line of costs: test_altered_costs_are_refused
            with pytest.raises((MalformedError, WrongPassphraseError)):
                unwrap("epoch", altered, "kuda hijau melompat")


@pytest.mark.parametrize(
    "costs",
    (
        *("t=2 m=8 p=1", "t=1 m=9 p=1", "t=1 m=16 p=2", "t=1 m=7 p=1", "t=1 m=8 p=2", "t=0 m=8 p=1", "t=01 m=8 p=1"),
        *("t=17 m=8 p=1", "t=1 m=1048577 p=1", "t=1 m=200 p=17", "t=-1 m=8 p=1", "t=1 m=999999999 p=1"),
    ),
)
def test_altered_costs_are_refused(costs: str) -> None:
    """Other costs, impossible ones and unreasonable ones are refused, the last without trying."""
    with pytest.raises((MalformedError, WrongPassphraseError)):
        unwrap("epoch", FILE.replace(b"t=1 m=8 p=1", costs.encode()), "kuda hijau melompat")


@given(st.one_of(st.binary(max_size=200), st.builds(lambda tail: FILE[:-20] + tail, st.binary(max_size=40))))
@settings(max_examples=40)
def test_any_bytes_are_refused(junk: bytes) -> None:
    """Whatever the bytes, the errors are ours."""
    if junk != FILE:
        with pytest.raises((MalformedError, WrongPassphraseError)):
            unwrap("epoch", junk, "kuda hijau melompat")


@pytest.mark.parametrize("end", [b"", b"\n\n", b" \n", b"\r\n"])
def test_one_line_feed_at_the_end(end: bytes) -> None:
    """A file has one form."""
    with pytest.raises(DropboxError):
        unwrap("epoch", FILE[:-1] + end, "kuda hijau melompat")
