"""Writes the papers and recommendations of a case: a new one, a correction, a withdrawal.

Rule: an object is corrected by a new version or withdrawn, both with a reason, and never changed. Texts are bounded;
the log has kinds, codes and numbers. What is written here names no reporter.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import search
from dropbox.triage.followup.kinds import DAYS, KINDS, LINES, SETTLEMENT, Field
from dropbox.triage.tables.followup import records, waiting
from dropbox.triage.tables.followup.records import CURRENT, REPLACED, WITHDRAWN, Record
from dropbox.triage.tables.numbers import CaseNumber
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.vocabulary import vocabulary
from dropbox.wire.calendar import Day

LINE_MAX: Final = 200  # characters of a number, a team, a unit, a place
TEXT_MAX: Final = 2000
_SIGN: Final = re.compile(r"(?=.*\d)[\w ./()&-]{3,64}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_FAR_DAYS: Final = 10 * 366

Values = Mapping[str, str | Day]  # by names of the kind's fields; days as day numbers, 0 or "" for none


def add(work: Work, case: Case, kind: str, values: Values, parent: int = 0) -> int:
    """Write an object of a case; returns its number.

    Args:
        work: the vault, the settings and the day.
        case: that it follows from.
        kind: of KINDS.
        values: of its fields.
        parent: number of the object that it belongs to, for a kind that has one.

    Raises:
        RefusedError: the officer's roles do not allow it, or a value is missing or invalid; the sentence says which.
        NotFoundError: the officer is kept out of the case, or the case has no such parent.
    """
    permission.permit(work, Permission.FOLLOWUP_RECORD, case.number)
    if case.merged_into:
        raise RefusedError("followup.merged")
    record = _record(work, case.number, kind, values, _parent(work, case, kind, parent))
    with transaction(work.vault.db):
        root = _put(work, record)
        _log(work, record, "add", root)
    return root


def correct(work: Work, case: Case, root: int, values: Values, reason: str) -> None:
    """Write a new version of an object; raises as `add`, also RefusedError without a reason."""
    old = _current(work, case, root)
    record = _record(work, case.number, old.kind, values, old.parent)._replace(root=root)
    why = _text(reason, TEXT_MAX)
    if not why:
        raise RefusedError("followup.reason")
    with transaction(work.vault.db):
        records.set_state(work.vault.db, old.number, REPLACED, why)
        _put(work, record)
        _log(work, record, "change", root)


def withdraw(work: Work, case: Case, root: int, reason: str) -> None:
    """Withdraw an object.

    Raises:
        RefusedError: the officer's roles do not allow it, there is no reason, or another object belongs to it.
        NotFoundError: the officer is kept out of the case, or the case has no such object.
    """
    old, why = _current(work, case, root), _text(reason, TEXT_MAX)
    if not why:
        raise RefusedError("followup.reason")
    if records.has_children(work.vault.db, root):
        raise RefusedError("followup.has-children")
    with transaction(work.vault.db):
        records.set_state(work.vault.db, old.number, WITHDRAWN, why)
        search.put(work.vault, case.number, search.FOLLOWUP, root, "")
        _log(work, old, "withdraw", root)


def of_case(work: Work, case: Case) -> list[Record]:
    """Return every version of a case's objects, in the order of writing; raises as permission.permit."""
    permission.permit(work, Permission.CASE_READ, case.number)
    return records.of_case(work.vault.db, case.number)


def _put(work: Work, record: Record) -> int:
    root = records.add(work.vault.db, record)
    words = "\n".join(filter(None, (record.sign, record.who, record.whom, record.text)))
    search.put(work.vault, record.case, search.FOLLOWUP, root, words)
    return root


def _log(work: Work, record: Record, did: str, number: int) -> None:
    audit_log.write(
        work.vault, Permission.FOLLOWUP_RECORD, record.case, did=did, kind=record.kind, number=number, code=record.code
    )


def _current(work: Work, case: Case, root: int) -> Record:
    permission.permit(work, Permission.FOLLOWUP_RECORD, case.number)
    found = records.current(work.vault.db, root)
    if found is None or found.case != case.number:
        raise NotFoundError("followup.not-found")
    return found


def _parent(work: Work, case: Case, kind: str, number: int) -> int:
    """Return the parent's number, 0 for a kind without one."""
    wanted = KINDS[kind].parent if kind in KINDS else ""
    if not wanted:
        return 0
    found = records.current(work.vault.db, number)
    if found is None or (found.case, found.kind) != (case.number, wanted):
        raise NotFoundError("followup.parent")
    return number


def _record(work: Work, case: CaseNumber, kind: str, values: Values, parent: int) -> Record:
    """Return a checked version that is not stored yet."""
    if kind not in KINDS:
        raise RefusedError("followup.kind")
    days, words = dict.fromkeys(DAYS, Day(0)), dict.fromkeys((*LINES, "code", "text", "sha256"), "")
    for name, is_needed in KINDS[kind].fields.items():
        value = values.get(name, "")
        if name in DAYS:
            days[name] = _day(work, value)
        else:
            words[name] = _words(kind, name, str(value))
        if is_needed and not (days.get(name) or words.get(name)):
            raise RefusedError("followup.needed", field=Field(kind, name))
    if days["dated"] > work.today or days["begin"] > (days["until"] or days["begin"]):
        raise RefusedError("followup.order")
    if kind == SETTLEMENT and words["code"] in waiting.ENDED and not (words["sign"] or words["sha256"]):
        raise RefusedError("followup.evidence")
    officer = work.vault.officer.login
    dated, begin, until = (days[name] for name in DAYS)
    sign, who, whom, code, text, sha256 = words.values()
    return Record(
        *(0, 0, case, kind, parent, work.today, officer, CURRENT, ""),
        *(sign, dated, begin, until, code, who, whom, text, sha256),
    )


def _day(work: Work, value: str | Day) -> Day:
    day = value if isinstance(value, int) else 0
    if day and not work.today - _FAR_DAYS <= day <= work.today + _FAR_DAYS:
        raise RefusedError("followup.day")
    return Day(day)


def _words(kind: str, name: str, typed: str) -> str:
    """Return a checked text of a field."""
    if name == "text":
        return _text(typed, TEXT_MAX)
    word = " ".join(typed.split())
    if name == "code" and word not in vocabulary.codes(KINDS[kind].codes):
        raise RefusedError("followup.code")
    if name == "sign" and word and not _SIGN.fullmatch(word):
        raise RefusedError("followup.sign")
    if name == "sha256" and word and not _SHA256.fullmatch(word.lower()):
        raise RefusedError("followup.sha256")
    return _text(word.lower() if name == "sha256" else word, LINE_MAX)


def _text(typed: str, most: int) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise RefusedError("text.length", most=most)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise RefusedError("text.control-characters")
    return text
