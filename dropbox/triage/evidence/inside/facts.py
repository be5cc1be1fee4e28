"""Collects numbers about a file, and signs of what it would do if a desktop program opened it (1 = yes, 0 = no).

Rule: only numbers leave the sandbox.
"""

from collections.abc import Callable

from dropbox.triage.evidence.inside import texts
from dropbox.triage.evidence.inside.archives import listing as archives
from dropbox.triage.evidence.inside.documents import reader
from dropbox.triage.evidence.inside.media import probing
from dropbox.triage.evidence.inside.pdfs import contents as pdf_contents
from dropbox.triage.evidence.inside.reading import Reading
from dropbox.triage.evidence.inside.reply import write_facts


def facts(reading: Reading) -> None:
    """Write the facts of the file on standard input as the reply; none for a family without facts.

    Raises:
        CannotError: the file is damaged, locked, too large when unpacked, or needs a program that is not installed.
    """
    if reading.family in COLLECTORS:
        reading.facts |= COLLECTORS[reading.family](reading)
    write_facts(reading.facts)


def _picture(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.photos import facts as photo_facts  # noqa: PLC0415  only pictures need libheif

    return photo_facts.facts(reading)


COLLECTORS: dict[str, Callable[[Reading], dict[str, int]]] = {
    "pdf": pdf_contents.facts,
    "zip": archives.facts,
    "office": reader.facts,
    "old-office": reader.old_facts,
    "picture": _picture,
    "media": probing.facts,
    "text": texts.warnings,
}
