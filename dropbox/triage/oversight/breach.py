"""Writes the notice of a personal data breach (UU 27/2022 art. 46): in writing, within 3 x 24 hours.

    deadline = time of discovery + 72 hours, shown in the installation's zone

Rule: the notice has everything that the law requires. The desk has no contact to reporters: they are informed by the
answers that they fetch, and by a public notice.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from dropbox.errors import RefusedError
from dropbox.limits import BREACH_NOTICE_HOURS
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.oversight import document, processing
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.dates import spoken_time
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import Day, day_of

TEXT_MAX: Final = 5000  # characters of each answer
TITLE: Final[Words] = {
    "id": "Pemberitahuan kegagalan pelindungan data pribadi",
    "en": "Notice of a breach of personal data",
}
_HEADS: Final[dict[str, Words]] = {
    "data": {"id": "Data pribadi yang terungkap", "en": "Personal data revealed"},
    "when": {"id": "Kapan", "en": "When"},
    "how": {"id": "Bagaimana terungkap", "en": "How it was revealed"},
    "steps": {"id": "Penanganan dan pemulihan", "en": "What was done, and to recover"},
    "held": {"id": "Yang tersimpan di meja ini", "en": "What this desk holds"},
    "whom": {"id": "Diberitahukan kepada", "en": "To be told"},
    "contact": {"id": "Hubungi", "en": "Contact"},
}
_WHOM: Final[Words] = {
    "id": "Subjek data. Lembaga pelindungan data pribadi. Pelapor: lewat kotak jawaban dan pengumuman umum.",
    "en": "Data subjects. The data protection agency. Reporters: in their answers, and by public notice.",
}
_SINCE: Final[Words] = {"id": "Terjadi sejak", "en": "Since"}
_UNKNOWN: Final[Words] = {"id": "belum diketahui", "en": "not known yet"}
_FOUND: Final[Words] = {"id": "Diketahui", "en": "Discovered"}
_DEADLINE: Final[Words] = {
    "id": "Batas pemberitahuan (3 x 24 jam)",
    "en": "To be told by (3 x 24 hours)",
}
_LATE: Final[Words] = {"id": "Batas itu sudah lewat. Tulis alasannya.", "en": "That time is over. Write down why."}
_PEOPLE: Final[Words] = {"id": "Banyaknya orang", "en": "Number of persons"}


@dataclass(frozen=True)
class Facts:
    """What is known about a breach.

    Attributes:
        data: which data were disclosed.
        how: how it happened.
        steps: what was done against it, and to recover.
        contact: whom to ask.
        found: when it was discovered, with a zone.
        since: when it began, with a zone, or None.
        people: number of persons concerned, or None.
    """

    data: str
    how: str
    steps: str
    contact: str
    found: datetime.datetime
    since: datetime.datetime | None = None
    people: int | None = None


def local_time(settings: Settings, typed: str) -> datetime.datetime:
    """Return the time of a text like `2026-03-12T08:30` in the installation's zone; raises RefusedError."""
    try:
        read = datetime.datetime.fromisoformat(typed.strip())
    except ValueError:
        read = None
    if read is None or len(typed.strip()) < len("2026-03-12T08:30") or read.tzinfo is not None or read.year < 2000:
        raise RefusedError("breach.time")
    return read.replace(tzinfo=settings.zone)


def deadline(settings: Settings, found: datetime.datetime) -> datetime.datetime:
    """Return when everybody must have been informed, in the installation's zone."""
    end = found.astimezone(datetime.UTC) + datetime.timedelta(hours=BREACH_NOTICE_HOURS)
    return end.astimezone(settings.zone)


def note(work: Work, facts: Facts, now: datetime.datetime, kind: str, language: str = "id") -> bytes:
    """Return the notice as a file.

    Args:
        work: the vault, the settings and the day.
        facts: what is known.
        now: with a zone.
        kind: of document.KINDS.
        language: `id` or `en`.

    Raises:
        RefusedError: the officer's roles do not allow it, a fact is missing or invalid, or there is no such kind.
    """
    permission.permit(work, Permission.OVERSIGHT_MANAGE)
    _check(facts, now)
    today = _day(work.settings, now)
    held = processing.counts(work.on(today))
    end = deadline(work.settings, facts.found)
    unknown = _UNKNOWN[language]
    since = _told(work.settings, facts.since, language) if facts.since else unknown
    times: list[document.Line] = [
        (_SINCE[language], since),
        (_FOUND[language], _told(work.settings, facts.found, language)),
        (_DEADLINE[language], _told(work.settings, end, language)),
        *([_LATE[language]] if now > end else []),
    ]
    texts: dict[str, list[document.Line]] = {
        "data": [facts.data, (_PEOPLE[language], unknown if facts.people is None else str(facts.people))],
        "when": times,
        "how": [facts.how],
        "steps": [facts.steps],
        "held": processing.held_lines(work, held, language),
        "whom": [_WHOM[language]],
        "contact": [facts.contact],
    }
    parts = [(_HEADS[name][language], lines) for name, lines in texts.items()]
    made = document.written(work.settings, today, TITLE[language], parts, kind, language, is_open=True)
    with transaction(work.vault.db):
        audit_log.write(
            work.vault,
            Permission.OVERSIGHT_MANAGE,
            did="breach",
            kind=kind,
            found=facts.found.isoformat(),
            late=int(now > end),
        )
    return made


def _check(facts: Facts, now: datetime.datetime) -> None:
    texts = (facts.data, facts.how, facts.steps, facts.contact)
    if not all(text.strip() for text in texts) or any(len(text) > TEXT_MAX for text in texts):
        raise RefusedError("breach.texts", most=TEXT_MAX)
    if facts.found > now or (facts.since and facts.since > facts.found):
        raise RefusedError("breach.order")
    if facts.people is not None and facts.people < 0:
        raise RefusedError("breach.persons")


def _told(settings: Settings, when: datetime.datetime, language: str) -> str:
    return spoken_time(when.astimezone(settings.zone), language)


def _day(settings: Settings, now: datetime.datetime) -> Day:
    return day_of(settings.today(now))
