"""Writes a document of parts with headings, as plain text or PDF.

Rule: typed text is written as it is, never interpreted.
"""

from collections.abc import Sequence
from typing import Final

from dropbox.disk.visible import visible_lines
from dropbox.errors import RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.papers import office
from dropbox.triage.papers.paper import Block, Heading, Text
from dropbox.triage.papers.printing import printed
from dropbox.wire.calendar import Day

KINDS: Final = ("pdf", "txt")
Part = tuple[str, Sequence[str]]  # heading, paragraphs


def check_kind(kind: str) -> None:
    """Pass for a code of KINDS; raises RefusedError for any other."""
    if kind not in KINDS:
        raise RefusedError("paper.kinds", kinds=" or ".join(KINDS))


def written(settings: Settings, today: Day, title: str, parts: Sequence[Part], kind: str, language: str) -> bytes:
    """Return the bytes of a document.

    Args:
        settings: of the installation: the office's name and letterhead.
        today: day of the document.
        title: of the document.
        parts: heading and paragraphs of each.
        kind: of KINDS.
        language: `id` or `en`.

    Raises:
        RefusedError: there is no such kind.
        ConfigurationError: this installation cannot make papers.
    """
    check_kind(kind)
    if kind == "txt":
        lines = [settings.office[language], title]
        for heading, paragraphs in parts:
            lines += ["", heading, *(line for text in paragraphs for line in visible_lines(text))]
        return ("\n".join(lines) + "\n").encode("utf-8")
    blocks: list[Block] = []
    for heading, paragraphs in parts:
        blocks += [Heading(heading), *(Text(line) for text in paragraphs for line in visible_lines(text))]
    return printed(office.report(settings, today, title, blocks, language=language))
