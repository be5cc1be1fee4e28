"""Receipt code and passphrase: every slip of the pen is noticed, and every way of typing them is read."""

import json
import random
import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox.crypto.secret import (
    SYMBOLS,
    ReporterSecret,
    form_nonce,
    new_secret,
    parse_code,
    parse_secret,
    secret_from,
)
from dropbox.crypto.thread_keys import ContentDigest
from dropbox.crypto.typed_secret import read_typed
from dropbox.crypto.words import index_of, word_list
from dropbox.errors import WrongCodeError, WrongWordsError

INSTANCE = bytes(range(16))
SECRETS = st.builds(
    secret_from, st.text(SYMBOLS, min_size=15, max_size=15), st.integers(min_value=0, max_value=2**83 - 1)
)
SEPARATORS = st.text(" -–_.,;:/\n\t\u00a0", max_size=3)


def drawn(seed: int) -> ReporterSecret:
    source = random.Random(seed)  # noqa: S311  a fixed choice
    return secret_from("".join(source.choices(SYMBOLS, k=15)), source.getrandbits(83))


@given(SECRETS)
def test_shown_and_typed_is_the_same(secret: ReporterSecret) -> None:
    """What is shown is read back as the same secret."""
    assert parse_secret(secret.code, secret.words) == secret
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", secret.code)


def test_new_secrets_are_new_and_fit() -> None:
    """Fresh secrets differ, and each one's code and words fit together."""
    secrets = [new_secret() for _ in range(50)]
    assert len({secret.code for secret in secrets}) == len({secret.words for secret in secrets}) == 50
    assert [parse_secret(secret.code, secret.words) for secret in secrets] == secrets


@given(SECRETS, st.data())
def test_any_way_of_typing(secret: ReporterSecret, data: st.DataObject) -> None:
    """Case, separators, O for 0 and I or L for 1 do not matter."""
    looks = {"0": "0Oo", "1": "1IiLl"}
    code = "".join(
        data.draw(SEPARATORS) + data.draw(st.sampled_from(looks.get(symbol, symbol + symbol.lower())))
        for symbol in secret.code.replace("-", "")
    )
    words = "".join(
        data.draw(SEPARATORS) + " " + data.draw(st.sampled_from((word, word.upper(), word[:4], word.title())))
        for word in secret.words.split()
    )
    assert parse_secret(code, words) == secret


@pytest.mark.parametrize("seed", range(20))
def test_any_one_wrong_symbol_is_noticed(seed: int) -> None:
    """At each of the 16 places each of the 31 other symbols is refused."""
    full = drawn(seed).code.replace("-", "")
    for at in range(16):
        for symbol in SYMBOLS.replace(full[at], ""):
            with pytest.raises(WrongCodeError) as wrong:
                parse_code(full[:at] + symbol + full[at + 1 :])
            assert wrong.value.reason == "check"


@pytest.mark.parametrize("seed", range(20))
def test_any_two_exchanged_symbols_are_noticed(seed: int) -> None:
    """Two different symbols in each other's place are refused, neighbours or not."""
    full = drawn(seed).code.replace("-", "")
    for one, other in combinations(range(16), 2):
        if full[one] == full[other]:
            continue
        symbols = list(full)
        symbols[one], symbols[other] = symbols[other], symbols[one]
        with pytest.raises(WrongCodeError):
            parse_code("".join(symbols))


def test_a_mix_up_of_the_fields_is_seen_through() -> None:
    """Labels before them, both in one field, each in the other's field, invisible signs (tests/js reads the same)."""
    vectors = json.loads((Path(__file__).parents[1] / "js/typed.json").read_text("utf-8"))
    for code, words in vectors["typed"]:
        assert read_typed(code, words) == parse_secret(vectors["code"], vectors["words"])


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_refused(typed: str) -> None:
    """Whatever is typed gives 15 symbols or the one error."""
    try:
        assert len(parse_code(typed)) == 15
    except WrongCodeError as error:
        assert error.reason in ("length", "symbol", "check")


@given(st.text(max_size=100))
def test_any_text_is_a_passphrase_or_refused(typed: str) -> None:
    """Whatever is typed gives a secret or the one error."""
    try:
        parse_secret(drawn(0).code, typed)
    except WrongWordsError as error:
        assert error.reason in ("count", "unknown", "mismatch")


@pytest.mark.parametrize("place", range(8))
def test_a_wrong_word_is_noticed_but_for_one_in_32(place: int) -> None:
    """Of the 2047 other words at a place about one in 32 passes the checksum of five bits."""
    secret = drawn(99)
    words, accepted = secret.words.split(), 0
    for word in word_list():
        if word == words[place]:
            continue
        try:
            parse_secret(secret.code, " ".join([*words[:place], word, *words[place + 1 :]]))
        except WrongWordsError as error:
            assert error.reason == "mismatch"
        else:
            accepted += 1
    assert 32 <= accepted <= 96  # 64 expected, four standard deviations to each side


def test_words_of_another_code_are_noticed_but_for_one_in_32() -> None:
    """The checksum binds the words to their code."""
    words, accepted = drawn(1).words, 0
    for seed in range(1000, 2000):
        try:
            parse_secret(drawn(seed).code, words)
            accepted += 1
        except WrongWordsError:
            pass
    assert 10 <= accepted <= 53


def test_four_letters_stand_for_each_word() -> None:
    """Each of the 2048 words is known from its first four letters on, and by its whole self."""
    for index, word in enumerate(word_list()):
        assert index_of(word, 1) == index_of(word[:4], 1) == index
        assert index_of(word[:4] + "q" * (len(word) > 3), 1) == index


def test_three_letters_stand_for_a_word_of_three_alone() -> None:
    """Fewer letters are refused unless they are the whole word."""
    whole = set(word_list())
    for word in whole:
        if len(word) > 3 and word[:3] not in whole:
            with pytest.raises(WrongWordsError) as wrong:
                index_of(word[:3], 4)
            assert (wrong.value.reason, wrong.value.position) == ("unknown", 4)


def test_another_instance_gives_other_keys() -> None:
    """No key of a thread is the same at two instances."""
    secret = drawn(3)
    here, there = secret.keys(INSTANCE, "itjen"), secret.keys(bytes(16), "itjen")
    ours = {here.thread, here.claim, here.tag_key, here.answer_key, here.auth_key, here.id_key, here.digest_key}
    theirs = {
        there.thread, there.claim, there.tag_key, there.answer_key, there.auth_key, there.id_key, there.digest_key
    }  # fmt: skip
    assert len(ours | theirs) == 14


def test_desks_share_no_key() -> None:
    """What one desk learns of a thread is of no use at another: no key, id or claim is the same."""
    here, there = drawn(4).keys(INSTANCE, "itjen"), drawn(4).keys(INSTANCE, "irjen")
    assert not set(vars(here).values()) & set(vars(there).values())


def test_blob_ids_differ_by_desk_and_nonce() -> None:
    """Each desk and each nonce has an id of its own."""
    both = [drawn(4).keys(INSTANCE, desk) for desk in ("itjen", "irjen")]
    nonces = [
        form_nonce(form, index, attempt) for form in (bytes(12), b"f" * 12) for index in (0, 1) for attempt in (0, 1)
    ]
    assert len({keys.blob_id(nonce) for keys in both for nonce in nonces}) == 16


def test_a_form_nonce_has_one_length() -> None:
    """A form of another length is a mistake of the caller."""
    assert form_nonce(b"f" * 12, 258, 3) == b"f" * 12 + b"\x01\x02\x00\x03"
    with pytest.raises(ValueError, match="12 bytes"):
        form_nonce(b"f" * 11, 0, 0)


@given(SECRETS, st.text(" .\n", max_size=3))
def test_a_text_that_holds_the_code_tells_the_secret(secret: ReporterSecret, around: str) -> None:
    """The code is found in any spelling."""
    assert secret.is_revealed_by(f"kode saya{around}{secret.code.lower().replace('-', ' ')}{around}!")
    assert secret.is_revealed_by(secret.code.replace("0", "o").replace("1", "l"))


@given(SECRETS, st.integers(min_value=0, max_value=4))
def test_four_words_in_a_row_tell_the_secret(secret: ReporterSecret, at: int) -> None:
    """Four consecutive words are found behind any separators."""
    words = secret.words.split()[at : at + 4]
    assert secret.is_revealed_by("Ini " + ", ".join(words).upper() + ".")


@given(SECRETS)
@settings(max_examples=30)
def test_less_does_not_tell_the_secret(secret: ReporterSecret) -> None:
    """Three words in a row, four out of order, or 15 symbols are an ordinary text."""
    words = secret.words.split()
    apart = [word for pair in zip(words, ["dan"] * 8, strict=True) for word in pair]
    assert not secret.is_revealed_by(" ".join(words[:3]))
    assert not secret.is_revealed_by(" ".join(apart))
    assert not secret.is_revealed_by(secret.code[:-1])
    assert not secret.is_revealed_by("")


def digest_of(pieces: list[bytes], blob_id: bytes = b"i" * 32) -> bytes:
    digest = ContentDigest(b"k" * 32)
    for piece in pieces:
        digest.update(piece)
    return digest.value(blob_id)


@given(st.lists(st.binary(max_size=50), max_size=8))
def test_digest_does_not_depend_on_pieces(pieces: list[bytes]) -> None:
    """The digest is of the content, however it came."""
    assert digest_of(pieces) == digest_of([b"".join(pieces)])


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_digest_tells_contents_apart(one: bytes, other: bytes) -> None:
    """Two contents have the same digest only if they are the same."""
    assert (digest_of([one]) == digest_of([other])) is (one == other)


def test_digest_differs_by_id_and_key() -> None:
    """The same content under another id or another key has another digest, and the value can be asked again."""
    digest, other = ContentDigest(b"k" * 32), ContentDigest(b"l" * 32)
    digest.update(b"content")
    other.update(b"content")
    first = digest.value(b"i" * 32)
    assert digest.value(b"i" * 32) == first
    assert len({first, digest.value(b"j" * 32), other.value(b"i" * 32)}) == 3
