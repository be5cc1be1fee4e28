"""Extracts text from any kind of file, to be shown and searched.

Rule: at most as many bytes as were asked for; a character that cannot be decoded becomes U+FFFD, never a guess.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Final

from dropbox.triage.evidence.inside import office, pdf
from dropbox.triage.evidence.inside.archives import listing as archives
from dropbox.triage.evidence.inside.mail import reading as mail
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import DONE, CannotError, facts_block, write

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def text(reading: Reading) -> None:
    """Write the text of the file on standard input as the reply: what was noted on the way, and UTF-8.

    Raises:
        CannotError: `unsupported` for a family without text; else see its reader.
    """
    if reading.family not in READERS:
        raise CannotError("unsupported")
    collected = bytearray()
    for piece in READERS[reading.family](reading):
        collected += piece.encode("utf-8", "replace")
        if len(collected) > reading.most:
            reading.note("cut")
            break
    kept = bytes(collected[: reading.most]).decode("utf-8", "ignore").encode()
    write(DONE + facts_block(reading.facts) + kept)


def _plain(reading: Reading) -> Iterator[str]:
    raw = sys.stdin.buffer.read(4 * reading.most)
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            yield raw.decode(encoding, "replace")
            return
    try:
        # The bound may cut a character: up to three bytes at the end are not an error.
        yield raw.decode("utf-8") if len(raw) < 4 * reading.most else raw[:-3].decode("utf-8", "ignore")
    except UnicodeDecodeError:
        yield raw.decode("cp1252", "replace")


READERS: dict[str, Callable[[Reading], Iterator[str]]] = {
    "text": _plain,
    "mail": mail.text,
    "zip": archives.text,
    "pdf": lambda _: pdf.pieces(),
    "office": lambda _: office.pieces(),
}
