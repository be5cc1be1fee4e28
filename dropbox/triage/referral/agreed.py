"""Makes fingerprints of this desk's cases, and finds cases that another body has too.

Rule: fingerprints are of names that an officer wrote down (criteria), never of a reporter's words. The file that leaves
has no name and no case number.
"""

from dropbox.errors import RefusedError
from dropbox.matching import fingerprints
from dropbox.matching.fingerprints import Row
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.referral import criteria
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work


def made(work: Work, key: bytes) -> bytes:
    """Return the file of fingerprints of all assessed cases that the officer may see.

    Raises:
        RefusedError: there is no such case, or the officer's roles do not allow it.
    """
    found = _own(work, key)
    if not found:
        raise RefusedError("fingerprints.no-case")
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.REFER_PROPOSE, did="fingerprints", count=len(found))
    return fingerprints.encode(found)


def shared(work: Work, key: bytes, theirs: frozenset[bytes]) -> list[Case]:
    """Return the cases of which the other body has a fingerprint too, oldest first; raises RefusedError as `made`."""
    found = {case.number: case for mark, cases in _own(work, key).items() if mark in theirs for case in cases}
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.REFER_PROPOSE, did="compare", count=len(found))
    return [found[number] for number in sorted(found)]


def _own(work: Work, key: bytes) -> dict[bytes, list[Case]]:
    permission.permit(work, Permission.REFER_PROPOSE)
    found: dict[bytes, list[Case]] = {}
    for case in casebook.visible_cases(work.vault):
        judged = criteria.assessment(work.vault, case)
        if judged.year and case.unit:
            rows = [Row(case.unit, name, judged.year) for name in judged.people]
            for mark in fingerprints.from_rows(key, rows):
                found.setdefault(mark, []).append(case)
    return found
