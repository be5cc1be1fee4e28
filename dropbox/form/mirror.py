"""Finds passages of a text that may point to the person who wrote it: numbers, addresses, words for place and role.

    rule = kind ‖ pattern: ASCII, in any case; the one group that took part is the passage, a match without one is none

Rule: the patterns are data (mirror.json), and one pattern takes time in proportion to the text. The browser's twin,
form/mirror.js, finds the same passages: both are tested with tests/js/mirror.json. What is found is shown to its
writer, and kept nowhere.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

PASSAGE_MAX: Final = 40  # characters; a longer one is cut
# What each passage of a kind contains: most texts lack it, and this is found faster than the pattern.
_DIGITS: Final = re.compile("[0-9](?:[ .-]?[0-9]){7}")
_SELF: Final = re.compile(r"\b(?:saya|kami|aku|i|my|our)\b", re.ASCII | re.IGNORECASE)
_NEEDS: Final = {
    **dict.fromkeys(("nip", "nik", "phone", "account"), _DIGITS),
    "email": re.compile("@"),
    **dict.fromkeys(("self", "place"), _SELF),
}
_PART: Final = re.compile(r"\{([a-z]+)\}")
_BLANKS: Final = re.compile(r"[ \t\r\n]+")


@functools.cache
def patterns() -> Mapping[str, str]:
    """Return the pattern of each kind, in the order in which they are shown; Python and JavaScript read them alike."""
    table = json.loads((importlib.resources.files("dropbox.form") / "mirror.json").read_text("utf-8"))

    def whole(pattern: str) -> str:
        return _PART.sub(lambda name: whole(table["parts"][name[1]]), pattern)

    return {kind: whole("|".join(alternatives)) for kind, alternatives in table["kinds"].items()}


@functools.cache
def _compiled(kind: str) -> re.Pattern[str]:
    return re.compile(patterns()[kind], re.ASCII | re.IGNORECASE)


def passages(text: str, kind: str) -> Iterator[str]:
    """Yield the passages of a kind that a text contains, from left to right, each at most PASSAGE_MAX characters long.

    Args:
        text: what somebody wrote.
        kind: a key of `patterns`.
    """
    line = _BLANKS.sub(" ", text)
    if _NEEDS[kind].search(line):
        for match in _compiled(kind).finditer(line):
            if match.lastindex:
                yield match[match.lastindex][:PASSAGE_MAX]
