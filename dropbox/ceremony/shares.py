"""Splits the root's seed into shares of words, and joins them again, in memory (SLIP-39 with one group, no passphrase).

    share: 2 of 5  needed: 3  set: 123    needed: how many rebuild the key; set: a random number, equal on all of a set
    …
      1 WORD   2 WORD   3 WORD  eleven rows of three words

Rule: it writes nothing, and what is wrong with a share is said by the number of a word, never by the word. The library
is not hardened against side channels: its only place is a machine without network.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shamir_mnemonic.shamir import combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share as Slip39
from shamir_mnemonic.utils import MnemonicError
from shamir_mnemonic.wordlist import WORDLIST

from dropbox.crypto.signing import root_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.errors import MalformedError, RefusedError
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import Day, date_of
from dropbox.wire.keyring import RootAnchor

SHARES_MAX: Final = 16  # of a set, SLIP-39
NEEDED_MIN: Final = 2
SHARE_WORDS: Final = 33  # for a secret of 32 bytes
ROW_WORDS: Final = 3
_SEED_BYTES: Final = 32
_PREFIX: Final = 4  # letters: no two words of SLIP-39's list begin alike
_BY_PREFIX: Final = {word[:_PREFIX]: word for word in WORDLIST}


@dataclass(frozen=True)
class Share:
    """A share that is whole: its set, its number in the set, how many rebuild the key, its words."""

    set: int
    number: int
    needed: int
    words: str = field(repr=False)


def split(seed: bytes, needed: int, count: int) -> list[Share]:
    """Split a seed (32 bytes) into `count` shares of which any `needed` rebuild it.

    Raises:
        RefusedError: fewer than 2 are needed, more than there are, or more than 16 are wanted.
    """
    if not NEEDED_MIN <= needed <= count <= SHARES_MAX:
        raise RefusedError("shares.numbers", least=NEEDED_MIN, most=SHARES_MAX)
    # The key is random, so that slow hashing (iteration exponent) protects nothing more.
    (group,) = generate_mnemonics(1, [(needed, count)], seed, iteration_exponent=0)
    made = [parse(words.split()) for words in group]
    if join(made) != seed:
        raise RefusedError("shares.not-made")
    return made


def known_word(typed: str) -> str | None:
    """Return the word of the list that begins with the first four letters of what was typed, None for no word."""
    word = _BY_PREFIX.get(typed.lower()[:_PREFIX])
    return word if word and word.startswith(typed.lower()) else None


def parse(typed: Sequence[str]) -> Share:
    """Return the share of 33 typed words, each whole or its first four letters.

    Raises:
        MalformedError: another number of words, an unknown word, a wrong checksum, or a share of another kind.
    """
    if len(typed) != SHARE_WORDS:
        raise MalformedError("shares.word-count", count=len(typed), wanted=SHARE_WORDS)
    words = []
    for number, one in enumerate(typed, 1):
        word = known_word(one)
        if word is None:
            raise MalformedError("shares.unknown-word", number=number)
        words.append(word)
    try:
        found = Slip39.from_mnemonic(" ".join(words))
    except MnemonicError:
        raise MalformedError("shares.checksum") from None
    if (found.group_count, found.group_threshold, len(found.value)) != (1, 1, _SEED_BYTES):
        raise MalformedError("shares.other-kind")
    return Share(found.identifier, found.index + 1, found.member_threshold, " ".join(words))


def check_together(shares: Sequence[Share]) -> None:
    """Pass if shares are of one set and none is there twice.

    Raises:
        RefusedError: they are of different sets, or one is there twice.
    """
    if len({(one.set, one.needed) for one in shares}) > 1:
        raise RefusedError("shares.mixed")
    if len({one.number for one in shares}) < len(shares):
        raise RefusedError("shares.twice")


def join(shares: Sequence[Share]) -> bytes:
    """Return the seed that shares rebuild; if there are more than needed, each takes part and all must agree.

    Raises:
        RefusedError: too few, of different sets, one twice, or shares that do not belong together.
    """
    check_together(shares)
    needed = shares[0].needed if shares else NEEDED_MIN
    if len(shares) < needed:
        raise RefusedError("shares.too-few", count=len(shares), needed=needed)
    ordered = sorted(shares, key=lambda one: one.number)
    some = (ordered[start : start + needed] for start in range(len(ordered) - needed + 1))
    try:
        seeds: set[bytes] = {combine_mnemonics([one.words for one in group]) for group in some}
    except MnemonicError:
        raise RefusedError("shares.apart") from None
    if len(seeds) != 1:
        raise RefusedError("shares.apart")
    return seeds.pop()


def paper(share: Share, count: int, anchor: RootAnchor, made: Day) -> list[str]:
    """Return the lines that a custodian copies: number, set, the root's twelve words, the share's words.

    Args:
        share: the share.
        count: shares of its set.
        anchor: the root's public half.
        made: day number.
    """
    numbered = [f"{number:>4} {word:<9}" for number, word in enumerate(share.words.split(), 1)]
    rows = ["".join(numbered[start : start + ROW_WORDS]).rstrip() for start in range(0, SHARE_WORDS, ROW_WORDS)]
    return [
        f"share: {share.number} of {count}  needed: {share.needed}  set: {share.set}  made: {date_of(made)}",
        f"root: {fingerprint_words(root_fingerprint(anchor))}",
        "",
        *rows,
        "",
        Sentence("shares.paper-rule", needed=share.needed),
        Sentence("shares.paper-custodian"),
    ]
