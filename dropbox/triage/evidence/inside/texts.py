"""Extracts text from any kind of file, to be shown and searched.

Rule: at most as many bytes as were asked for; a character that cannot be decoded becomes U+FFFD, never a guess.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from dropbox.triage.evidence.inside import letters
from dropbox.triage.evidence.inside.marks import readable
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import DONE, CannotError, facts_block, write

_MARKED: Final = ("html", "svg", "xml")
_CARDS: Final = ("vcf", "ics", "vmg")


def text(reading: Reading) -> None:
    """Write the text of the file on standard input as the reply: what was noted on the way, and UTF-8.

    Raises:
        CannotError: `unsupported` for a family without text; else see its reader.
    """
    if reading.family not in READERS:
        raise CannotError("unsupported")
    pieces, left = [], reading.most
    for piece in READERS[reading.family](reading):
        text, removed = readable(piece)
        if removed:
            reading.note("marks", removed)
        raw = text.encode("utf-8", "replace")
        if len(raw) > left:
            pieces.append(raw[:left].decode("utf-8", "ignore").encode())
            reading.facts["cut"] = sum(len(kept.decode()) for kept in pieces)
            break
        pieces.append(raw)
        left -= len(raw)
    write(DONE + facts_block(reading.facts))
    for raw in pieces:
        write(raw)


def _plain(reading: Reading) -> Iterator[str]:
    encoding = letters.encoding_of(0) or letters.Encoding("utf-8")
    if encoding.is_guess:
        reading.note("letters-guessed")
    broken: Counter[str] = Counter()
    pieces = letters.decoded(0, encoding, broken)
    if reading.code in _MARKED:
        yield from _marked("".join(pieces), reading)
    elif reading.code in _CARDS:
        from dropbox.triage.evidence.inside import cards

        yield from cards.cards("".join(pieces), reading)
    else:
        held = ""
        for piece in pieces:  # the end of a file of DOS is no sign of the text
            yield held
            held = piece
            if broken["broken"]:
                reading.facts["broken"] = broken["broken"]
        yield held.rstrip("\x1a")
    if broken["broken"]:
        reading.facts["broken"] = broken["broken"]


def _marked(source: str, reading: Reading) -> Iterator[str]:
    from dropbox.triage.evidence.inside.markup import Markup

    page = Markup(source, reading.code)
    counted = {
        "source-lines": page.left_out,
        "hidden-text": page.hidden,
        "undrawn": page.undrawn,
        "addresses": page.links,
    }
    reading.facts |= {name: number for name, number in counted.items() if number}
    yield page.text()


def _mail(reading: Reading) -> Iterator[str]:
    from dropbox.triage.evidence.inside.mail import reading as mail

    return mail.text(reading)


def _zip(reading: Reading) -> Iterator[str]:
    from dropbox.triage.evidence.inside.archives import listing

    return listing.text(reading)


def _pdf(reading: Reading) -> Iterator[str]:
    from dropbox.triage.evidence.inside.pdfs import words

    return words.pieces(reading)


def _office(reading: Reading) -> Iterator[str]:
    from dropbox.triage.evidence.inside.documents import reader

    return reader.text(reading)


READERS: dict[str, Callable[[Reading], Iterator[str]]] = {
    "text": _plain,
    "mail": _mail,
    "zip": _zip,
    "pdf": _pdf,
    "office": _office,
}


def warnings(reading: Reading) -> dict[str, int]:
    """Return what opening a page or drawing would do: `script`, `external`, `entities` (1 = yes)."""
    if reading.code not in _MARKED:
        return {}
    from dropbox.triage.evidence.inside.markup import Markup

    encoding = letters.encoding_of(0) or letters.Encoding("utf-8")
    page = Markup("".join(letters.decoded(0, encoding, Counter())), reading.code)
    found = {"script": page.scripts, "external": page.loads, "entities": page.entities}
    return {name: int(bool(number)) for name, number in found.items()}
