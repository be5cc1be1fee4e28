"""The parsers that meet a hostile sandbox's bytes: fixed lengths, small numbers, or nothing."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox.triage.evidence import reasons, replies
from dropbox.triage.evidence.inside import reply as inside
from dropbox.triage.evidence.inside.media import probing
from dropbox.triage.evidence.reasons import UnreadableError
from dropbox.triage.evidence.replies import Reply

SIDE = 100


def _head(pages: int, width: int, height: int) -> bytes:
    return b"+" + b"".join(number.to_bytes(4, "big") for number in (pages, width, height))


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 200))
def test_a_picture_is_read_whatever_its_pieces(width: int, height: int, size: int) -> None:
    """Rows come out as they were, however the pipe cuts them."""
    rgb = bytes(range(3 * 81))[: 3 * width * height]
    picture = replies.picture(Reply(_cut(_head(7, width, height) + rgb, size)), SIDE)
    assert (picture.pages, picture.width, picture.height) == (7, width, height)
    assert b"".join(picture.rows) == rgb


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"?",
        b"+",
        _head(1, 2, 2) + bytes(11),
        _head(1, 2, 2) + bytes(13),
        _head(1, 0, 2),
        _head(1, SIDE + 1, 1) + bytes(3 * SIDE + 3),
        _head(0, 1, 1) + bytes(3),
        _head(1 << 31, 1, 1) + bytes(3),
    ],
)
def test_a_false_picture_is_refused(raw: bytes) -> None:
    """Too short, too long, too large, without pages."""
    with pytest.raises(UnreadableError):
        list(replies.picture(Reply(iter([raw])), SIDE).rows)


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_are_read_or_refused(raw: bytes, size: int) -> None:
    """Whatever comes, in whatever pieces, there is a value or an UnreadableError."""
    for parse in (replies.text, replies.facts, lambda reply: list(replies.picture(reply, SIDE).rows)):
        for data in (raw, b"+" + raw):
            try:
                parse(Reply(_cut(data, size)))
            except UnreadableError as error:
                assert error.reason in reasons.SENTENCES


@given(st.dictionaries(st.sampled_from(sorted(replies.FACTS)), st.integers(0, 10**12 - 1)))
def test_facts_are_numbers_by_known_names(facts: dict[str, int]) -> None:
    """What the program wrote is read."""
    raw = "".join(f"{name}={number}\n" for name, number in facts.items()).encode()
    assert replies.facts(Reply(iter([b"+" + raw]))) == facts


@pytest.mark.parametrize(
    "raw", [b"pages=x\n", b"evil=1\n", b"pages=1", b"pages=1\npages=2\n", b"pages=-1\n", b"\n", b"pages=\xff\n"]
)
def test_other_facts_are_refused(raw: bytes) -> None:
    """Unknown names, no numbers, twice the same, half a line."""
    with pytest.raises(UnreadableError):
        replies.facts(Reply(iter([b"+" + raw])))


def test_both_sides_know_the_same_words() -> None:
    """Every failure of the program has a sentence out here, and codecs the same numbers."""
    for reason, letter in inside.FAILURES.items():
        with pytest.raises(UnreadableError) as caught:
            Reply(iter([letter]))
        assert caught.value.reason == reason
        assert str(caught.value) == reasons.SENTENCES[reason]
    assert replies.CODECS == probing.CODECS
