"""Writes the record of processing activities (UU 27/2022): whose data are processed and how, with this desk's numbers.

Rule: it has numbers and settings of this desk, never text of a report; it names the unconfirmed entries. Cases
from which the officer is excluded are not counted.
"""

from typing import Final

from dropbox.errors import ConfigurationError
from dropbox.settings import policy_files
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission
from dropbox.triage.access.names import Names
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.oversight import document
from dropbox.triage.oversight.document import Line, Part
from dropbox.triage.tables import case_list, identities, officers
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.vocabulary.dates import spoken_date
from dropbox.vocabulary.vocabulary import Words
from dropbox.wire.calendar import Day, date_of

_FILE: Final = "processing.toml"
TITLE: Final[Words] = {"id": "Daftar kegiatan pemrosesan data pribadi", "en": "Register of processing of personal data"}
_FIELDS: Final[dict[str, Words]] = {
    "purpose": {"id": "Tujuan", "en": "Purpose"},
    "people": {"id": "Subjek data", "en": "Data subjects"},
    "data": {"id": "Data", "en": "Data"},
    "recipients": {"id": "Penerima", "en": "Recipients"},
    "basis": {"id": "Dasar", "en": "Basis"},
    "safeguards": {"id": "Pengamanan", "en": "Safeguards"},
}
_UNCONFIRMED: Final[Words] = {"id": "Belum dipastikan oleh inspektorat", "en": "Not confirmed by the inspectorate"}
_HELD: Final[Words] = {"id": "Yang tersimpan pada {day}", "en": "What is held on {day}"}
_BY: Final[Words] = {"id": "Dihitung oleh, menurut hak bacanya", "en": "Counted by, as far as they may read"}
_KEPT: Final[Words] = {"id": "Masa simpan setelah kasus berakhir", "en": "Kept after a case has ended"}
_DAYS: Final[Words] = {"id": "{days} hari", "en": "{days} days"}
_COUNTED: Final[dict[str, Words]] = {
    "cases": {"id": "Kasus dengan isi", "en": "Cases with content"},
    "deleted": {"id": "Kasus yang isinya sudah dihapus", "en": "Cases whose content was deleted"},
    "spent": {"id": "Kasus yang masa simpannya habis", "en": "Cases whose time is over"},
    "identities": {"id": "Identitas tersegel", "en": "Sealed identities"},
    "officers": {"id": "Petugas aktif", "en": "Active officers"},
}


def counts(work: Work) -> dict[str, int]:
    """Return numbers of what is stored; `spent`: cases whose deletion should be proposed. Raises RefusedError."""
    permission.permit(work, Permission.OVERSIGHT_MANAGE)

    db, login = work.vault.db, work.vault.officer.login
    kept = work.settings.workstation.retention_days.items()
    spent = ((status, Day(work.today - days)) for status, days in kept if status in permission.ENDED)
    return {
        "cases": case_list.count_live(db, login),
        "deleted": case_list.count_deleted(db, login),
        "spent": sum(case_list.count_closed_until(db, login, status, day) for status, day in spent),
        "identities": identities.count(db, login),
        "officers": len(officers.active(db)),
    }


def held_lines(work: Work, held: dict[str, int], language: str) -> list[Line]:
    """Return the numbers of `counts` with their names; the last line names the officer for whom was counted."""
    lines: list[Line] = [(_COUNTED[name][language], str(number)) for name, number in held.items()]
    officer = Names(work.vault.db, work.settings, language).full(work.vault.officer.login)
    return [*lines, (_BY[language], officer)]


def register(work: Work, kind: str, language: str = "id") -> bytes:
    """Return the record as a file.

    Args:
        work: the vault, the settings and the day.
        kind: of document.KINDS.
        language: `id` or `en`.

    Raises:
        RefusedError: the officer's roles do not allow it, or there is no such kind.
        ConfigurationError: processing.toml is invalid.
    """
    held = counts(work)
    activities, unconfirmed = _activities(work.settings, language)
    parts: list[Part] = [
        *activities,
        (
            _HELD[language].format(day=spoken_date(date_of(work.today), language)),
            held_lines(work, held, language),
        ),
        (
            _KEPT[language],
            [
                (vocabulary.label("status", status, language), _DAYS[language].format(days=days))
                for status, days in work.settings.workstation.retention_days.items()
            ],
        ),
        # domain notes 3.13: the ministry's schedule (JRA) is not known
        (_UNCONFIRMED[language], [*unconfirmed, _KEPT[language]]),
    ]
    desk = work.settings.desks.get(work.vault.desk)
    title = f"{TITLE[language]}: {desk.label[language] if desk else work.vault.desk}"
    made = document.written(work.settings, work.today, title, parts, kind, language)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.OVERSIGHT_MANAGE, did="register", kind=kind)
    return made


def _activities(settings: Settings, language: str) -> tuple[list[Part], list[str]]:
    """Return the activities, and the titles of those that the inspectorate has not confirmed."""
    entries = policy_files.load(settings, _FILE).get("activities")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
        raise ConfigurationError("settings.activities", file=_FILE)
    parts: list[Part] = []
    unconfirmed: list[str] = []
    for entry in entries:
        title = policy_files.by_language(entry, "title", _FILE)[language]
        lines = [
            (label[language], policy_files.by_language(entry, name, _FILE)[language]) for name, label in _FIELDS.items()
        ]
        if not policy_files.is_confirmed(entry, _FILE):
            unconfirmed.append(title)
        parts.append((title, lines))
    return parts, unconfirmed
