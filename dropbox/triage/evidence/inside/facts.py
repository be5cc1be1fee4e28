"""Collects numbers about a file, and signs of what it would do if a desktop program opened it (1 = yes, 0 = no).

Rule: only numbers leave the sandbox.
"""

import re
import sys
from collections.abc import Callable
from typing import Final

from dropbox.triage.evidence.inside import pdf, texts
from dropbox.triage.evidence.inside.archives import listing as archives
from dropbox.triage.evidence.inside.documents import reader
from dropbox.triage.evidence.inside.media import probing
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import write_facts

_READ_MAX: Final = 64 << 20
_PDF_SIGNS: Final = {
    "script": re.compile(rb"/(?:JavaScript|JS)\b"),
    "launch": re.compile(rb"/(?:Launch|SubmitForm|ImportData|GoToR)\b"),
    "attachments": re.compile(rb"/EmbeddedFiles?\b"),
}
_GPS: Final = 0x8825


def facts(reading: Reading) -> None:
    """Write the facts of the file on standard input as the reply; none for a family without facts.

    Raises:
        CannotError: the file is damaged, locked, too large when unpacked, or needs a program that is not installed.
    """
    if reading.family in COLLECTORS:
        reading.facts |= COLLECTORS[reading.family](reading)
    write_facts(reading.facts)


def _signs(signs: dict[str, re.Pattern[bytes]]) -> dict[str, int]:
    """Return which signs occur in the raw bytes. Compressed parts may hide one: nothing may rely on its absence."""
    sys.stdin.buffer.seek(0)
    raw = sys.stdin.buffer.read(_READ_MAX)
    return {name: int(bool(sign.search(raw))) for name, sign in signs.items()}


def _picture() -> dict[str, int]:
    from dropbox.triage.evidence.inside.photos import decoding  # noqa: PLC0415  only pictures need it

    with decoding.open_picture() as opened:
        if opened.format == "PNG":  # its metadata may stand behind the pixels, which are then decoded
            decoding.measure(opened, opened.width * opened.height)
        exif = opened.getexif()
        return {"width": opened.width, "height": opened.height, "tags": len(exif), "place": int(_GPS in exif)}


COLLECTORS: dict[str, Callable[[Reading], dict[str, int]]] = {
    "pdf": lambda _: {"pages": pdf.count(), **_signs(_PDF_SIGNS)},
    "zip": archives.facts,
    "office": reader.facts,
    "old-office": reader.old_facts,
    "picture": lambda _: _picture(),
    "media": probing.facts,
    "text": texts.warnings,
}
