"""Describes a paper: its head, its parts from top to bottom, who signs it.

Rule: a paper is data. Every text in it is printed as it is; no part of it is markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dropbox.wire.calendar import Day


@dataclass(frozen=True)
class Heading:
    """A heading; `level` is 1 for a chapter, 2 below it."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Small:
    """A paragraph in small letters: a definition, a note; one that leads to the next part is on its page."""

    text: str
    leads: bool = False


@dataclass(frozen=True)
class Items:
    """A list with bullets."""

    items: Sequence[str]


@dataclass(frozen=True)
class Fields:
    """Names and their values; each value is the lines of its cell."""

    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Table:
    """A grid whose heads are repeated on each page.

    Attributes:
        heads: of the columns.
        rows: a text for each column.
        widths: of the columns, relative to each other.
        size: of the letters, in points.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    size: float = 8.5


@dataclass(frozen=True)
class Bar:
    """A row of `Bars`: its cells, its length from 0 to 1, and whether it is the sum."""

    cells: Sequence[str]
    share: float = 0.0
    is_sum: bool = False


@dataclass(frozen=True)
class Bars:
    """A table of numbers; the last column has a bar for each row, `bar` is its head."""

    heads: Sequence[str]
    rows: Sequence[Bar]
    bar: str


@dataclass(frozen=True)
class Figures:
    """Numbers in large letters side by side, each with its name."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Entry:
    """Something at a rule in the margin: its head, names with values, and lines of text: a message, an event."""

    head: str
    lines: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True)
class NewPage:
    """The next part begins on a new page."""


Block = Heading | Text | Small | Items | Fields | Table | Bars | Figures | Entry | NewPage


@dataclass(frozen=True)
class Letterhead:
    """The lines above every first page: the office's names in bold, its address below them."""

    lines: Sequence[str]
    address: Sequence[str] = ()


@dataclass(frozen=True)
class Letter:
    """The opening of a letter.

    Attributes:
        lines: names and values: number, classification, subject; an empty value is a dotted line to write on.
        dated: place and date.
        to: the addressee's lines.
    """

    lines: Sequence[tuple[str, str]]
    dated: str
    to: Sequence[str]


@dataclass(frozen=True)
class Signature:
    """Who signs: lines above the signature, the name (empty: a dotted line), and the line of the NIP or ""."""

    above: Sequence[str]
    name: str = ""
    nip: str = ""


@dataclass(frozen=True)
class Paper:
    """A paper.

    Attributes:
        title: of the document; printed unless it is a letter.
        author: the office.
        language: `id` or `en`.
        day: of the paper; the PDF's own date.
        blocks: its parts, before the signature.
        annexes: parts that follow on a new page, after the signature.
        head: or None.
        letter: its opening, for a letter.
        signature: or None.
        copies: who gets a copy (tembusan), with their heading first; empty for nobody.
        notes: small lines at its end.
        classification: printed at the top and the foot of each page, such as RAHASIA; or "".
        is_landscape: whether its pages are wider than high.
        of: the word between the page's number and the number of pages.
    """

    title: str
    author: str
    language: str
    day: Day
    blocks: Sequence[Block]
    annexes: Sequence[Block] = ()
    head: Letterhead | None = None
    letter: Letter | None = None
    signature: Signature | None = None
    copies: Sequence[str] = field(default=())
    notes: Sequence[str] = field(default=())
    classification: str = ""
    is_landscape: bool = False
    of: str = "dari"
