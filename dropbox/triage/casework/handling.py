"""What officers write on a case for each other: what it is about, tags, notes, and to whom it goes (disposisi).

Rule: nothing of it is ever seen by the reporter (but the agenda number). Each act is one transaction with its line in
the log, which holds codes and numbers, none of the words.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, cast

from dropbox.errors import NotFoundError, RefusedError
from dropbox.form import details, regions
from dropbox.matching.words import fold
from dropbox.triage.access import conflict, holds, permission, roles, safeguarding
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda, search
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.casework.safety import risk
from dropbox.triage.tables import cases, exclusions, notes, officers
from dropbox.triage.tables import tags as tag_rows
from dropbox.triage.tables.case_row import Changes
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.notes import Note
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.officer import Officer
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day
from dropbox.wire.statuses import CATEGORIES

NOTE: Final = "note"
DISPOSITION: Final = "disposition"
WITHDRAWAL: Final = "withdrawal"
LABEL_MAX: Final = 200  # characters of a unit, a place or a subject
NOTE_MAX: Final = 20_000
TAGS_MAX: Final = 20
NO_DAY: Final = Day(0)
_DUE_DAYS_MAX: Final = 366
_TAG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class Classification:
    """What a case is about, as an officer sees it. None leaves what stands there, "" clears it.

    Attributes:
        unit: name of the unit complained of; whoever is of it is kept out (access.conflict).
        unit_type: a code of the form's units, such as `kankemenag`.
        province: a code of dropbox.form.regions, such as `32`.
        district: kabupaten or kota.
        category: a code of wire.statuses; the reporter's own stays in the report.
        subject: the case in a few words (perihal).
    """

    unit: str | None = None
    unit_type: str | None = None
    province: str | None = None
    district: str | None = None
    category: str | None = None
    subject: str | None = None


def classify(work: Work, case: Case, chosen: Classification) -> Case:
    """Write down what a case is about; the first time it gets its agenda number. Returns the case as it then is.

    Raises:
        RefusedError: the officer's roles do not allow it, or a value is none.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_CLASSIFY, case.number)
    values = {one.name: getattr(chosen, one.name) for one in fields(chosen) if getattr(chosen, one.name) is not None}
    values = {name: _line(value, LABEL_MAX) for name, value in values.items()}
    if values.get("category", CATEGORIES[0]) not in CATEGORIES:
        raise RefusedError("case.category", codes=", ".join(CATEGORIES))
    if values.get("province", "") not in ("", *regions.provinces()):
        raise RefusedError("case.province")
    if values.get("unit_type") and not details.form_of(work.settings).has_unit(values["unit_type"]):
        raise RefusedError("case.unit-type")
    if not values:
        raise RefusedError("case.nothing-said")
    with transaction(work.vault.db):
        cases.change(work.vault.db, case.number, **cast("Changes", values))
        with recorded(work, Permission.CASE_CLASSIFY, case.number):
            agenda.give(work, case.number)
        search.put_labels(work.vault, case.number)
        audit_log.write(
            work.vault, "case.classify", case.number, category=values.get("category", ""), fields=len(values)
        )
        conflict.check_case(work.vault, case.number)
        risk.renew(work, case.number)
    return casebook.case_of(work.vault, case.number)


def give_agenda(work: Work, case: Case) -> str:
    """The case's agenda number, given now if it has none; raises as `classify`."""
    permission.permit(work, Permission.CASE_CLASSIFY, case.number)
    with transaction(work.vault.db), recorded(work, Permission.CASE_CLASSIFY, case.number):
        return agenda.give(work, case.number)


def tag(work: Work, case: Case, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Add and take off tags; what is there already, or is not, changes nothing.

    Raises:
        RefusedError: the officer's roles do not allow it, or a tag is none.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_TAG, case.number)
    new, old = ({checked_tag(one) for one in some} for some in (add, remove))
    with transaction(work.vault.db):
        for one in sorted(new):
            tag_rows.add(work.vault.db, case.number, one)
        for one in sorted(old):
            tag_rows.remove(work.vault.db, case.number, one)
        if len(tags(work.vault, case)) > TAGS_MAX:
            raise RefusedError("case.tags", most=TAGS_MAX)
        safeguarding.check_tags(work)
        search.put_labels(work.vault, case.number)
        risk.renew(work, case.number)
        audit_log.write(work.vault, "case.tag", case.number, added=len(new), removed=len(old))


def tags(vault: Vault, case: Case) -> list[str]:
    """A case's tags in the alphabet's order."""
    return tag_rows.of_case(vault.db, case.number)


def checked_tag(typed: str) -> str:
    """A tag as it is stored: small letters, digits and -; raises RefusedError."""
    found = re.sub(r"[\s_]+", "-", fold(typed).strip())
    if not _TAG.fullmatch(found):
        raise RefusedError("case.tag")
    return found


def note(work: Work, case: Case, text: str) -> int:
    """Write an internal note; returns its number.

    Raises:
        RefusedError: the officer's roles do not allow it, or the text is empty or too long.
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_NOTE, case.number)
    text = _text(text)
    if not text:
        raise RefusedError("note.empty")
    with transaction(work.vault.db):
        number = _put_note(work.vault, case.number, NOTE, text, work.today)
        audit_log.write(work.vault, "case.note", case.number, note=number)
    return number


def take_back_note(work: Work, case: Case, number: int) -> None:
    """Undo a note of one's own of the same day; later it stays, as others may have acted on it.

    Raises:
        RefusedError: it is somebody else's or of another day, the officer's roles do not allow it, or a legal
            hold keeps it.
        NotFoundError: there is no such note, or the officer is kept out of the case.
    """
    permission.permit(work, Permission.CASE_NOTE, case.number)
    mine = [one for one in notes.of_case(work.vault.db, case.number) if one.number == number and one.kind == NOTE]
    if not mine:
        raise NotFoundError("note.not-found")
    if (mine[0].officer, mine[0].day) != (work.vault.officer.login, work.today):
        raise RefusedError("note.withdraw")
    holds.check(work.vault, case.number)
    with transaction(work.vault.db):
        notes.remove(work.vault.db, number)
        search.put(work.vault, case.number, search.NOTE, number, "")
        audit_log.write(work.vault, "case.note", case.number, taken_back=number)


def assign(work: Work, case: Case, *, office: str = "", officer: str = "", text: str = "", due: Day = NO_DAY) -> int:
    """Hand a case to an office, an officer or both (disposisi); an open one is passed on by it. Returns its number.

    Args:
        work: the vault, the settings and the day.
        case: which.
        office: a code of workstation.offices.
        officer: login of somebody who may read cases, and is not kept out of this one.
        text: what is to be done; may be empty.
        due: day by which, NO_DAY for none.

    Raises:
        RefusedError: the officer's roles do not allow it, nobody is named, or who is named cannot work on it, or the
            day has passed.
        NotFoundError: the officer at work is kept out of the case.
    """
    permission.permit(work, Permission.CASE_ASSIGN, case.number)
    if case.merged_into:
        raise RefusedError("case.assign-merged")
    if not office and not officer:
        raise RefusedError("case.assign-nobody")
    if office and office not in work.settings.workstation.offices:
        raise RefusedError("case.office", codes=", ".join(work.settings.workstation.offices))
    if officer:
        _check_assignee(work, case, officer)
    if due != NO_DAY and not work.today <= due <= work.today + _DUE_DAYS_MAX:
        raise RefusedError("disposition.due")
    text = _text(text)
    with transaction(work.vault.db):
        cases.change(work.vault.db, case.number, office=office, officer=officer)
        _end_open(work, case, dispositions.PASSED)
        number = _put_note(work.vault, case.number, DISPOSITION, text, work.today, office, officer)
        dispositions.add(work.vault.db, number, due)
        audit_log.write(work.vault, "case.assign", case.number, office=office, officer=officer, note=number)
    return number


def withdraw(work: Work, case: Case, text: str = "") -> None:
    """Take a case back from whom it was assigned to.

    Raises:
        RefusedError: the officer's roles do not allow it, or the case is not assigned.
        NotFoundError: the officer at work is kept out of the case.
    """
    permission.permit(work, Permission.CASE_ASSIGN, case.number)
    stored = casebook.case_of(work.vault, case.number)
    office, officer = stored.office, stored.officer
    if not office and not officer:
        raise RefusedError("case.not-assigned")
    text = _text(text)
    with transaction(work.vault.db):
        cases.change(work.vault.db, case.number, office="", officer="")
        _end_open(work, case, dispositions.WITHDRAWN)
        number = _put_note(work.vault, case.number, WITHDRAWAL, text, work.today, office, officer)
        audit_log.write(
            work.vault, "case.assign", case.number, withdrawn=1, office=office, officer=officer, note=number
        )


def _end_open(work: Work, case: Case, state: str) -> None:
    found = dispositions.open_of(work.vault.db, case.number)
    if found is not None:
        dispositions.end(work.vault.db, found.number, state, work.today)


def _check_assignee(work: Work, case: Case, login: str) -> None:
    row = officers.active_of(work.vault.db, login)
    if row is None:
        raise RefusedError("officer.not-found")
    officer = Officer(login, row.name, row.unit, row.roles, row.lang, b"")
    if not roles.may(work.settings.workstation, officer, Permission.CASE_READ):
        raise RefusedError("case.assignee-role")
    if exclusions.is_excluded(work.vault.db, case.number, login):
        raise RefusedError("case.assignee-excluded")


def _put_note(
    vault: Vault, case: CaseNumber, kind: str, text: str, today: Day, office: str = "", assignee: str = ""
) -> int:
    number = notes.add(vault.db, Note(0, case, today, vault.officer.login, kind, text, office, assignee))
    search.put(vault, case, search.NOTE, number, text)
    return number


def _line(typed: str, most: int) -> str:
    """A line without control characters and doubled blanks; raises RefusedError."""
    line = " ".join(typed.split())
    if len(line) > most:
        raise RefusedError("text.field-length", most=most)
    return _plain(line)


def _text(typed: str) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if len(text) > NOTE_MAX:
        raise RefusedError("note.length", most=NOTE_MAX)
    return _plain(text)


def _plain(text: str) -> str:
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise RefusedError("text.control-characters")
    return text
