"""A message as it is shown: its head, its texts, and what is attached, in the order of the message.

    From: …                     the head: what HEADS names
    Subject: …

    text
    ▷ 2: name (type)            the second attachment, place 2
    ┃ From: …                   what it holds, if it is a message itself: every line of it has the mark
    ┃ ▷ 2.1: name (type)

Rule: the marks ┃ and ▷ never come from a message: there they become | and >. So the words of one writer never look like
another's.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

HEADS: Final = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Date", "Subject", "Snapshot-Content-Location")
_NESTED: Final = "┃ "
_MARKS: Final = str.maketrans({"┃": "|", "▷": ">"})
_DEPTH_MAX: Final = 8  # messages within messages whose text is shown with the outermost; each can be opened alone
_WORD: Final = re.compile(r"\w+")


@dataclass
class Attachment:
    """Something attached to a message.

    Attributes:
        name: as its sender named it; may be empty.
        type: media type that its sender stated.
        read: returns its bytes.
        message: what it holds, if it is a message.
    """

    name: str
    type: str
    read: Callable[[], bytes]
    message: "Message | None" = None


@dataclass
class Message:
    """A message: (name, value) of its head, and its texts and attachments in order."""

    head: list[tuple[str, str]] = field(default_factory=list)
    content: list[str | Attachment] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """Return the subject; may be empty."""
        return next((value for name, value in self.head if name == "Subject"), "")

    @property
    def attachments(self) -> list[Attachment]:
        """Return the attachments in order."""
        return [one for one in self.content if isinstance(one, Attachment)]


def lines(message: Message, place: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the message as lines, without their ends; the module docstring has the layout."""
    for name, value in message.head:
        yield _plain(f"{name}: {' '.join(value.split())}")
    if message.head:
        yield ""
    number = 0
    for one in message.content:
        if isinstance(one, str):
            yield from (_plain(line) for line in one.splitlines())
            continue
        number += 1
        here = f"{place}{number}"
        name = f"{' '.join(one.name.split())} ({one.type})" if one.name else one.type
        yield f"▷ {here}: {_plain(name)}"
        if one.message is not None and depth < _DEPTH_MAX:
            yield from (_NESTED + line for line in lines(one.message, f"{here}.", depth + 1))


def _plain(text: str) -> str:
    return text.translate(_MARKS)


def chosen(plain: str, other: str) -> tuple[str, bool]:
    """Return (text, whether they differ) of two texts of one content: the plain one; both, if the other says more."""
    said = set(_WORD.findall(plain.casefold()))
    if not said:
        return other, False
    if set(_WORD.findall(other.casefold())) <= said:
        return plain, False
    return f"{plain.rstrip()}\n\n* * *\n\n{other}", True
