"""Writes dates and times in words, as letters and pages have them: `12 Maret 2026`.

Rule: a month is written as a word, so that no reader confuses it with a day.
"""

import datetime
from typing import Final

_MONTHS: Final = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def spoken_date(date: datetime.date, language: str) -> str:
    """Return a date such as `12 Maret 2026` (`id`) or `12 March 2026` (`en`)."""
    return f"{date.day} {spoken_month(date.year, date.month, language)}"


def spoken_month(year: int, month: int, language: str) -> str:
    """Return a month of 1 to 12 with its year, such as `Maret 2026` (`id`) or `March 2026` (`en`)."""
    return f"{_MONTHS[language][month - 1]} {year}"


def spoken_time(time: datetime.datetime, language: str) -> str:
    """Return a time with its zone, such as `12 Maret 2026 pukul 08.30 WIB` or `12 March 2026, 08:30 WIB`."""
    form = "pukul %H.%M %Z" if language == "id" else "%H:%M %Z"
    return f"{spoken_date(time.date(), language)}{' ' if language == 'id' else ', '}{time.strftime(form)}"
