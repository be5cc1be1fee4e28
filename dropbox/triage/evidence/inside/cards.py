"""Reads contacts (vCard, RFC 6350), calendars (iCalendar, RFC 5545) and SMS of old phones (vMessage): a line a value.

Rule: lines about program, identifiers and pictures are left out and counted; folded and encoded lines become readable.
"""

import quopri
import re
from collections.abc import Iterator
from typing import Final

from dropbox.triage.evidence.inside.reading import Reading

_LINE: Final = re.compile(r"(?:[\w-]+\.)?([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_ABOUT: Final = frozenset(
    {
        "PRODID",
        "VERSION",
        "UID",
        "REV",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "CLASS",
        "METHOD",
        "CALSCALE",
    }
    | {"TZOFFSETFROM", "TZOFFSETTO", "TZID", "KEY", "SOURCE", "CLIENTPIDMAP"}
)
_PICTURES: Final = frozenset({"PHOTO", "LOGO", "SOUND"})
_SHOWN_X: Final = re.compile(
    r"X-(?:IRMC|MESSAGE|ANDROID|SMS|ABLABEL|ABDATE|WA-|PHONETIC|SOCIALPROFILE|JABBER|SKYPE)", re.IGNORECASE
)
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_SOFT: Final = re.compile(r"=\r?\n")
_ESCAPE: Final = re.compile(r"\\([nN,;:\\])")
_CHARSET: Final = re.compile(r"CHARSET=([\w-]+)", re.IGNORECASE)


def cards(text: str, reading: Reading) -> Iterator[str]:
    """Yield the lines of a card, calendar or message file."""
    for line in _lines(text):
        match = _LINE.fullmatch(line)
        if match is None:
            yield f"{line}\n"  # the words of an SMS
            continue
        name, parameters, value = match[1].upper(), match[2].upper(), match[3]
        if name in ("BEGIN", "END"):
            yield "\n" if name == "BEGIN" else ""
        elif name in _PICTURES or "ENCODING=B" in parameters:
            reading.note("undrawn")
        elif name in _ABOUT or (name.startswith("X-") and not _SHOWN_X.match(name)):
            reading.note("source-lines")
        else:
            kinds = " ".join(re.findall(r"(?:TYPE=)?\b(HOME|WORK|CELL|FAX|TZID=[^;:]+)\b", parameters))
            yield f"{match[1]}{f' ({kinds.lower()})' if kinds else ''}: {_value(value, parameters)}\n"


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, unfolded; a line in quoted-printable goes on after "=" (vCard 2.1, 2.1.3)."""
    held = ""
    for line in _FOLD.sub("", text).split("\n"):
        line = held + line.rstrip("\r")  # noqa: PLW2901
        held = ""
        if line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper():
            held = line[:-1]
        elif line:
            yield line
    if held:
        yield held


def _value(value: str, parameters: str) -> str:
    if "QUOTED-PRINTABLE" in parameters:
        charset = _CHARSET.search(parameters)
        raw = quopri.decodestring(_SOFT.sub("", value).encode("utf-8", "replace"))
        try:
            value = raw.decode(charset[1] if charset else "utf-8")
        except (LookupError, UnicodeDecodeError):
            value = raw.decode("utf-8", "replace")
    return _ESCAPE.sub(lambda match: "\n  " if match[1] in "nN" else match[1], value).replace(";", " ; ").strip(" ;")
