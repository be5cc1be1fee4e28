"""Makes untrusted text safe for a terminal or a file system: characters that could control either are replaced.

Rule: no control character, escape sequence, direction override or path leaves this module.
"""

import unicodedata
from typing import Final

NAME_MAX_BYTES: Final = 120
_ENDING_MAX: Final = 16  # characters of a file's extension that are kept when its name is cut
_RESERVED: Final = frozenset('<>:"/\\|?*')


def _is_plain(character: str) -> bool:
    """Return whether it is not a control, format (direction), surrogate, private, unassigned or separator character."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def visible(untrusted: str) -> str:
    r"""Return the text as one line for a terminal; a character that could control it is shown like \u{1b}."""
    return "".join(character if _is_plain(character) else f"\\u{{{ord(character):x}}}" for character in untrusted)


def visible_lines(untrusted: str) -> list[str]:
    """Return the lines of a text, each made visible; only LF and CR LF end a line."""
    return [visible(line) for line in untrusted.replace("\r\n", "\n").split("\n")]


def safe_name(untrusted: str, number: int, count: int) -> str:
    """Return a file name of at most 120 bytes: `01-` and the harmless characters of the reporter's file name.

    Args:
        untrusted: name from the reporter's device, possibly a path.
        number: number of the file in its case, which makes equal names different.
        count: number of the case's files.
    """
    last = unicodedata.normalize("NFC", untrusted).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    kept = "".join("_" if character in _RESERVED or not _is_plain(character) else character for character in last)
    kept = kept.strip(" ._-~") or "file"
    prefix = f"{number:0{max(2, len(str(count)))}d}-"
    return prefix + _cut(kept, NAME_MAX_BYTES - len(prefix))


def _cut(name: str, most: int) -> str:
    """Cut a name to `most` bytes of UTF-8 and keep its extension."""
    if len(name.encode()) <= most:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = dot + ending if stem and len(ending) <= _ENDING_MAX else ""
    room = most - len(tail.encode())
    return (stem if tail else name).encode()[:room].decode("utf-8", "ignore").rstrip(" .") + tail
