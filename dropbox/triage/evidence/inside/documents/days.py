"""Writes days and times as a number format shows them (ECMA-376 part 1, 18.8.31 and 18.17.4).

Rule: the two ways to count days (from 1900, from 1904) are kept apart; month names are those of the format's language.
"""

import datetime
import math
from typing import Final

from dropbox.triage.evidence.inside.documents.formats import Token, is_time, locale, sections, tokens_of

_LONG_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ID_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_INDONESIAN: Final = 0x21
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_SECONDS: Final = 86_400
_LEAP_1900: Final = 60  # day 60 of the 1900 system is 29 February 1900, which never was


def day(value: float, *, is_1904: bool = False) -> datetime.datetime | None:
    """Return the moment that a serial number means; None outside the years 1900 to 9999."""
    if not math.isfinite(value) or value < 0:
        return None
    start = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30)  # noqa: DTZ001  no zone
    if not is_1904 and value < _LEAP_1900:
        start += datetime.timedelta(days=1)
    try:
        return start + datetime.timedelta(days=math.floor(value), seconds=round((value % 1) * _DAY_SECONDS))
    except OverflowError:
        return None


def is_date(code: str) -> bool:
    """Return whether a format shows days or times."""
    return any(map(is_time, tokens_of(sections(code)[0])))


def shown(value: float, tokens: list[Token], *, is_1904: bool) -> str | None:
    """Return a serial number as the parts of a section show it; None if it means no day."""
    moment = day(value, is_1904=is_1904)
    if moment is None:
        return None
    is_12 = any(kind == "ampm" for kind, _ in tokens)
    months = _ID_MONTHS if locale(tokens) == _INDONESIAN else _LONG_MONTHS
    out = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "date":
            out.append(_date_part(moment, text.lower(), months, is_minute=_is_minute(tokens, place), is_12=is_12))
        elif kind == "bracket" and is_time((kind, text)):
            seconds = round(value * _DAY_SECONDS)
            whole = seconds // {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
            out.append(str(whole).rjust(len(text), "0"))
        elif kind == "ampm":
            out.append("AM" if moment.hour < 12 else "PM")
        elif kind == "digits":
            out.append(text if text in (".", ",") else "")
        elif kind in ("quoted", "escaped", "other", "slash"):
            out.append(text)
        elif kind == "space":
            out.append(" ")
    return "".join(out).strip().removesuffix(".")


def _is_minute(tokens: list[Token], place: int) -> bool:
    """Return whether "m" at a place means minutes: after hours or before seconds."""
    around = [one[1].lower()[0] for one in tokens if is_time(one)]
    own = sum(map(is_time, tokens[:place]))
    before = around[own - 1] if own else ""
    after = around[own + 1] if own + 1 < len(around) else ""
    return before == "h" or after == "s"


def _date_part(moment: datetime.datetime, part: str, months: tuple[str, ...], *, is_minute: bool, is_12: bool) -> str:
    length = len(part)
    if part[0] == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    if part[0] == "d":
        return _day_part(moment, length)
    if part[0] == "h":
        hour = (moment.hour - 1) % 12 + 1 if is_12 else moment.hour
        return f"{hour:02d}" if length > 1 else str(hour)
    if part[0] == "s" or is_minute:
        number = moment.second if part[0] == "s" else moment.minute
        return f"{number:02d}" if length > 1 else str(number)
    month, name = moment.month, months[moment.month - 1]
    return (str(month), f"{month:02d}", name[:3], name, name[0])[min(length, 5) - 1]


def _day_part(moment: datetime.datetime, length: int) -> str:
    name = _DAYS[moment.weekday()]
    return (str(moment.day), f"{moment.day:02d}", name[:3], name)[min(length, 4) - 1]
