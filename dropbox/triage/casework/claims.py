"""Proof of authorship: the desk gives a challenge, the claimant signs it off-line with code and words, the desk checks.

Rule: a challenge is for one case and good for one success. It works when the case is archived or deleted long since:
its claim key is all that is needed, and stays.
"""

import os

from dropbox.crypto import claims
from dropbox.errors import DropboxError, RefusedError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.tables import cases, meta
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work
from dropbox.wire.claim import CHALLENGE_BYTES


def challenge(work: Work, case: Case) -> bytes:
    """A new challenge (32 bytes) for whoever says to have written the case; an older one ends.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: they are kept out of the case.
    """
    permission.permit(work, Permission.CLAIM_CHECK, case.number)
    fresh = os.urandom(CHALLENGE_BYTES)
    with transaction(work.vault.db):
        work.vault.put(_name(case), fresh)
        audit_log.write(work.vault, Permission.CLAIM_CHECK, case.number, did="challenge")
    return fresh


def waiting(work: Work, case: Case) -> bytes | None:
    """The challenge of a case that waits for its claim, or None; raises as `challenge`."""
    permission.permit(work, Permission.CLAIM_CHECK, case.number)
    return work.vault.get(_name(case))


def check(work: Work, case: Case, untrusted: bytes) -> str:
    """The claimant's statement, if they hold the case's secret; tried and proven claims are both in the log.

    Raises:
        RefusedError: no challenge waits, the case's keys are not proven, or the officer's roles do not allow it.
        NotFoundError: the officer is kept out of the case.
        MalformedError: not a claim.
        UntrustedError: forged, or of another report, desk or challenge.
    """
    permission.permit(work, Permission.CLAIM_CHECK, case.number)
    if not case.proven:
        raise RefusedError("claim.never-proven")
    expected = work.vault.get(_name(case))
    if expected is None:
        raise RefusedError("claim.no-challenge")
    key = cases.claim_key(work.vault.db, case.number)
    try:
        statement = claims.verify_claim(untrusted, key, work.vault.instance, work.vault.desk, expected)
    except DropboxError:
        with transaction(work.vault.db):
            audit_log.write(work.vault, Permission.CLAIM_CHECK, case.number, did="check", proven=0)
        raise
    with transaction(work.vault.db):
        meta.remove(work.vault.db, _name(case))
        audit_log.write(work.vault, Permission.CLAIM_CHECK, case.number, did="check", proven=1)
    return statement


def _name(case: Case) -> str:
    return f"claim challenge {case.number}"
