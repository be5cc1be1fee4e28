"""Vectors of the report form: the word that is written once more (FORMAT "Reporter's secret"), and words that tell."""

from collections.abc import Iterator

from construction import INSTANCE, SYMBOLS, WORD_LIST, Secret, Vector, make_secret


def _number(secret: Secret) -> int:
    return sum(SYMBOLS.index(symbol) for symbol in secret.symbols) % 8 + 1


def _confirm() -> Iterator[Vector]:
    for name in ("first", "second", "third", "fourth", "fifth"):
        secret = make_secret(name, INSTANCE)
        number = _number(secret)
        word = secret.words.split()[number - 1]
        fits = (
            ("as-shown", word),
            ("capitals", f" {word.upper()}. "),
            ("four-letters", word[:4]),
            ("longer", word[:4] + "xyz" if len(word) > 3 else word),
        )
        shared = {"code": secret.code, "words": secret.words, "number": str(number)}
        for how, typed in fits:
            yield Vector("confirm", f"ok-{name}-{how}", "ok", how, shared | {"typed-hex": typed.encode().hex()})
    secret = make_secret("first", INSTANCE)
    number = _number(secret)
    word, next_word = secret.words.split()[number - 1], secret.words.split()[number % 8]
    other = WORD_LIST[(WORD_LIST.index(word) + 1) % 2048]
    wrong = (
        ("empty", "nothing typed", ""),
        ("next-word", "another word of the passphrase", next_word),
        ("other-word", "another word of the list", other),
        ("unknown", "no word of the list", "zzzz"),
        ("three-letters", "too few letters", word[:3]),
        ("twice", "more than one word", f"{word} {word}"),
        ("whole", "the whole passphrase", secret.words),
        ("number", "the number instead of the word", str(number)),
    )
    shared = {"code": secret.code, "words": secret.words, "number": str(number)}
    for name, comment, typed in wrong:
        yield Vector("confirm", name, "wrong", comment, shared | {"typed-hex": typed.encode().hex()})


PHRASES = "inspektorat jenderal|itjen|di bawah umur|Ma'had"


def _keyword_match() -> Iterator[Vector]:
    cases = (
        ("ok-plain", "ok", "a phrase by itself", "itjen"),
        ("ok-in-a-sentence", "ok", "in any case", "Pegawai ITJEN itu meminta uang."),
        ("ok-suffix", "ok", "a phrase may end inside a word", "Orang itjennya"),
        ("ok-two-words", "ok", "any signs between its words", "Inspektorat\r\n  -Jenderal"),
        ("ok-sign-inside", "ok", "a sign in the phrase separates as well", "kepala Ma-had Aly"),
        ("ok-behind-a-letter-of-no-ascii", "ok", "letters outside ASCII separate", "\u00e9itjen"),
        ("none-nothing", "none", "an empty text", ""),
        ("none-inside-a-word", "none", "a phrase does not begin inside a word", "kitjen"),
        ("none-behind-a-digit", "none", "a digit is of the word", "7itjen"),
        ("none-digit-between", "none", "a digit does not separate words", "inspektorat2jenderal"),
        ("none-half", "none", "the first word alone", "inspektorat kabupaten jenderal"),
        ("none-run-together", "none", "words without a sign between them", "inspektoratjenderal"),
        ("none-other-letters", "none", "a dotted capital I is no ASCII letter", "\u0130tjen"),
    )
    for name, expect, comment, text in cases:
        yield Vector("keyword-match", name, expect, comment, {"phrases": PHRASES}, text.encode())


def vectors() -> Iterator[Vector]:
    """Families confirm/ and keyword-match/."""
    yield from _confirm()
    yield from _keyword_match()
