"""Collects numbers about a file, and signs of what it would do if a desktop program opened it (1 = yes, 0 = no).

Rule: only numbers leave the sandbox.
"""

from collections.abc import Callable

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


def _pdf(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.pdfs import contents

    return contents.facts(reading)


def _zip(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.archives import listing

    return listing.facts(reading)


def _office(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.documents import reader

    return reader.facts(reading)


def _old_office(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.documents import reader

    return reader.old_facts(reading)


def _picture(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.photos import facts as photo_facts

    return photo_facts.facts(reading)


def _media(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside.media import probing

    return probing.facts(reading)


def _text(reading: Reading) -> dict[str, int]:
    from dropbox.triage.evidence.inside import texts

    return texts.warnings(reading)


COLLECTORS: dict[str, Callable[[Reading], dict[str, int]]] = {
    "pdf": _pdf,
    "zip": _zip,
    "office": _office,
    "old-office": _old_office,
    "picture": _picture,
    "media": _media,
    "text": _text,
}
