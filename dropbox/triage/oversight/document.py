"""Writes a document of parts with headings, as plain text or PDF.

Rule: typed text is written as it is, never interpreted.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dropbox.disk.visible import visible_lines
from dropbox.errors import RefusedError
from dropbox.settings.installation import Settings
from dropbox.triage.papers import office
from dropbox.triage.papers.paper import Block, Fields, Heading, Text
from dropbox.triage.papers.printing import printed
from dropbox.wire.calendar import Day

KINDS: Final = ("pdf", "txt")
Line = str | tuple[str, str]  # a paragraph, or a name and its value
Part = tuple[str, Sequence[Line]]  # with its heading


def check_kind(kind: str) -> None:
    """Pass for a code of KINDS; raises RefusedError for any other."""
    if kind not in KINDS:
        raise RefusedError("paper.kinds", kinds=", ".join(KINDS))


def written(
    settings: Settings,
    today: Day,
    title: str,
    parts: Sequence[Part],
    kind: str,
    language: str,
    *,
    is_open: bool = False,
) -> bytes:
    """Return the bytes of a document.

    Args:
        settings: of the installation: the office's name and letterhead.
        today: day of the document.
        title: of the document.
        parts: heading, and paragraphs or names with values, of each.
        kind: of KINDS.
        language: `id` or `en`.
        is_open: whether it may be shown to others (papers.office).

    Raises:
        RefusedError: there is no such kind.
        ConfigurationError: this installation cannot make papers.
    """
    check_kind(kind)
    if kind == "txt":
        lines = [settings.office[language], title]
        for heading, paragraphs in parts:
            lines += ["", heading, *(line for one in paragraphs for line in visible_lines(_text(one)))]
        return ("\n".join(lines) + "\n").encode("utf-8")
    blocks: list[Block] = []
    for heading, paragraphs in parts:
        blocks += [Heading(heading), *_blocks(paragraphs)]
    return printed(office.report(settings, today, title, blocks, language=language, is_open=is_open))


def _text(line: Line) -> str:
    return line if isinstance(line, str) else ": ".join(line)


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the paragraphs, and each run of names with values as one block."""
    rows: list[tuple[str, list[str]]] = []
    for line in lines:
        if not isinstance(line, str):
            rows.append((line[0], list(visible_lines(line[1]))))
            continue
        if rows:
            yield Fields(rows)
            rows = []
        yield from map(Text, visible_lines(line))
    if rows:
        yield Fields(rows)
