"""Describes one file of the generator: how it is made, and what the workstation must and must never say of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dropbox.triage.evidence.findings import READ


@dataclass(frozen=True)
class Row:
    """One file.

    Attributes:
        name: file name as the sender gave it; unique among all rows.
        make: returns its bytes.
        kind: code of its kind.
        found: words that the search must find in it.
        never: words that its text must not have, and codes of warnings, notes or states that it must not get.
        warnings: codes of the warnings that it must get, and no others.
        notes: codes of the notes that it must get; others are allowed.
        state: code of the state that it must have.
        parts: (place, kind) of each part that it must have, and no others; None: not looked at.
        pages: pages of the preview; None: it has no preview, or its pages are not looked at.
        seen: points (page, x, y, colour) of the preview: x and y in thousandths of the page, colour as (r, g, b).
        copy: words that the cleaned copy must have, if it is a text.
        recognized: words that a machine must read in its pictures or those of its parts; () to have none read.
        not_in_copy: bytes that the cleaned copy must not have; () if there is no copy to look at.
    """

    name: str
    make: Callable[[], bytes]
    kind: str
    found: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    state: str = READ
    parts: tuple[tuple[str, str], ...] | None = None
    pages: int | None = None
    seen: tuple[tuple[int, int, int, tuple[int, int, int]], ...] = ()
    copy: tuple[str, ...] = ()
    recognized: tuple[str, ...] = ()
    not_in_copy: tuple[bytes, ...] = field(default=())
