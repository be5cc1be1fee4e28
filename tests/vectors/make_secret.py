"""Vectors of FORMAT "Reporter's secret" and "Ids and digests"."""

from collections.abc import Iterator
from dataclasses import replace

from construction import (
    INSTANCE,
    OTHER_INSTANCE,
    SYMBOLS,
    WORD_LIST,
    Secret,
    Vector,
    check_symbol,
    fixed,
    make_secret,
    words_checksum,
)

NEXT_NONCE = fixed("form", 12) + bytes((0, 3, 0, 1))


def _derived(secret: Secret) -> dict[str, str]:
    keys = ("thread id", "tag key", "answer key", "blob id key", "digest key", "auth key", "claim key")
    names = ("thread", "tag-key", "answer-key", "id-key", "digest-key", "auth-key", "claim-seed")
    first, following = secret.blob_id(bytes(16)), secret.blob_id(NEXT_NONCE)
    content = fixed("digested content", 100)
    return {
        "instance": secret.instance.hex(),
        "desk": secret.desk,
        "master": secret.master.hex(),
        **{name: secret.key(label).hex() for name, label in zip(names, keys, strict=True)},
        "claim": secret.claim.hex(),
        "first-blob-id": first.hex(),
        "next-nonce": NEXT_NONCE.hex(),
        "next-blob-id": following.hex(),
        "content": content.hex(),
        "digest-first": secret.digest(first, content).hex(),
        "digest-next": secret.digest(following, content).hex(),
        "digest-of-nothing": secret.digest(first, b"").hex(),
    }


def _typed(code: str, words: str) -> dict[str, str]:
    return {"code": code, "words": words}


def _good() -> Iterator[Vector]:
    first = make_secret("first", INSTANCE)
    for name in ("first", "second", "third"):
        secret = make_secret(name, INSTANCE)
        inputs = _typed(secret.code, secret.words) | _derived(secret)
        yield Vector("secret", f"ok-{name}", "ok", "as shown to the reporter", inputs)
    elsewhere = make_secret("first", OTHER_INSTANCE)
    yield Vector(
        "secret",
        "ok-other-instance",
        "ok",
        "the code and words of ok-first at another instance give other keys",
        _typed(elsewhere.code, elsewhere.words) | _derived(elsewhere),
    )
    desk = replace(first, desk="irjen")
    yield Vector(
        "secret",
        "ok-other-desk",
        "ok",
        "the code and words of ok-first at another desk give other keys",
        _typed(desk.code, desk.words) | _derived(desk),
    )
    # A code that holds 0 and 1, so that the letters for them can be tried.
    zeros = Secret("0101" + first.symbols[4:], first.indices, INSTANCE)
    checked = _with_checksum(zeros)
    letters = checked.code.replace("0", "o").replace("1", "I").replace("I", "l", 1)
    spoken = "\t".join(word[:4].upper() for word in checked.words.split())
    same = {"same-code": checked.code, "same-words": checked.words} | _derived(checked)
    variants = (
        ("lower-case", "small letters, blanks for hyphens", checked.code.lower().replace("-", " "), checked.words),
        ("letters-for-digits", "o for 0, I and l for 1", letters, checked.words),
        ("no-separators", "the code in one piece", checked.code.replace("-", ""), checked.words.replace(" ", ", ")),
        ("odd-separators", "any sign separates", f"<{checked.code.replace('-', '_/')}>", f"1. {checked.words}."),
        ("four-letters", "the first four letters of each word, in capitals", checked.code, spoken),
        (
            "longer-words",
            "letters behind the fourth do not count",
            checked.code,
            " ".join(word if len(word) < 4 else word[:4] + "xyz" for word in checked.words.split()),
        ),
        ("digits-between-words", "digits separate words", checked.code, checked.words.replace(" ", "22")),
    )
    for name, comment, code, words in variants:
        yield Vector("secret", f"ok-{name}", "ok", comment, _typed(code, words) | same)
    typographic = {
        "code-hex": checked.code.replace("-", "\u2013").encode().hex(),
        "words-hex": ("\ufeff" + checked.words.replace(" ", "\u00a0")).encode().hex(),
    }
    yield Vector("secret", "ok-typographic", "ok", "dashes and blanks that phones put in (UTF-8)", typographic | same)


def _with_checksum(secret: Secret) -> Secret:
    """The same words but for the last, which fits the code."""
    bits = 0
    for index in secret.indices:
        bits = bits << 11 | index
    bits = bits >> 5 << 5
    bits |= words_checksum(secret.symbols, bits)
    return Secret(secret.symbols, tuple(bits >> shift & 2047 for shift in range(77, -1, -11)), secret.instance)


def _bad() -> Iterator[Vector]:
    secret = make_secret("first", INSTANCE)
    code, words = secret.code, secret.words.split()
    full = secret.symbols + check_symbol(secret.symbols)
    exchanged = _exchanged(full)
    u_code = full[:6] + "U" + full[7:]
    other_check = SYMBOLS[SYMBOLS.index(full[15]) ^ 1]
    codes = (
        ("code-empty", "code-length", "nothing typed", ""),
        ("code-short", "code-length", "15 symbols", code[:-1]),
        ("code-long", "code-length", "17 symbols", code + "0"),
        ("code-letter-u", "code-symbol", "U is no symbol", u_code),
        ("code-check-symbol", "code-check", "the check symbol itself is wrong", full[:15] + other_check),
        ("code-wrong-symbol", "code-check", "one wrong symbol", SYMBOLS[SYMBOLS.index(full[0]) ^ 16] + full[1:]),
        ("code-exchanged", "code-check", "two different neighbours exchanged", exchanged),
        (
            "code-exchanged-far",
            "code-check",
            "the first and the last symbol exchanged",
            full[15] + full[1:15] + full[0],
        ),
    )
    for name, expect, comment, typed in codes:
        yield Vector("secret", name, expect, comment, _typed(typed, secret.words))
    unknown = [*words[:4], "zzzz", *words[5:]]
    wrong = WORD_LIST[(secret.indices[2] + 1) % 2048]
    phrases: tuple[tuple[str, str, str, list[str]], ...] = (
        ("words-empty", "words-count", "nothing typed", []),
        ("words-seven", "words-count", "seven words", words[:7]),
        ("words-nine", "words-count", "nine words", [*words, words[0]]),
        ("words-unknown", "words-unknown", "the fifth word is not of the list", unknown),
        ("words-three-letters", "words-unknown", "three letters are too few for this word", [words[0][:3], *words[1:]]),
        (
            "words-wrong-one",
            "words-mismatch",
            "one word of the list instead of another",
            [*words[:2], wrong, *words[3:]],
        ),
        ("words-exchanged", "words-mismatch", "two words exchanged", [words[1], words[0], *words[2:]]),
    )
    for name, expect, comment, chosen in phrases:
        place = {"position": "5"} if name == "words-unknown" else {"position": "1"} if "three" in name else {}
        yield Vector("secret", name, expect, comment, _typed(code, " ".join(chosen)) | place)
    other = make_secret("second", INSTANCE)
    yield Vector(
        "secret", "words-of-another-code", "words-mismatch", "both are right, for others", _typed(code, other.words)
    )


def _exchanged(full: str) -> str:
    at = next(place for place in range(15) if full[place] != full[place + 1])
    return full[:at] + full[at + 1] + full[at] + full[at + 2 :]


def vectors() -> Iterator[Vector]:
    """Family secret/."""
    yield from _good()
    yield from _bad()
