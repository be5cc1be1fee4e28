"""How long a case's content is kept after its end, and its deletion by two officers; likewise epochs nobody collected.

Rule: of a deleted case nothing of what anybody wrote remains, in the vault or in its second copy; the row stays for the
counts, and the claim key, so that its reporter can still prove to have written it. The log keeps its codes.
"""

from typing import Final

from dropbox.errors import DropboxError, NotFoundError, RefusedError
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.triage.access import approvals, holds, permission
from dropbox.triage.access.roles import Decision
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import search
from dropbox.triage.tables import (
    cases,
    events,
    findings,
    identities,
    measures,
    messages,
    notes,
    proposals,
    protections,
    reads,
    seen,
    tags,
)
from dropbox.triage.tables import epochs as epoch_rows
from dropbox.triage.tables.followup import records
from dropbox.triage.tables.numbers import NO_CASE_NUMBER, CaseNumber, ProposalNumber
from dropbox.triage.tables.outgoing import redactions, referrals, tellings
from dropbox.triage.tables.records import clearings, statements
from dropbox.triage.tables.records import holds as hold_rows
from dropbox.triage.tables.safety import follow_ups, notices, risks
from dropbox.triage.vault import epochs, second_copy
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, Epoch, epoch_last_day

DELETE: Final = Decision.DELETION
EPOCH: Final = Decision.EPOCH


def spent(work: Work) -> list[Case]:
    """Cases whose time is over, as far as the officer may know of them, but those under a legal hold; oldest first.

    A case that was merged away goes with the one that is worked on instead.
    """
    permission.permit(work, DELETE.to_propose)
    return [
        case
        for case in casebook.visible_cases(work.vault)
        if not case.merged_into
        and _is_spent(work.settings, case, work.today)
        and not holds.is_held(work.vault, case.number)
    ]


def _is_spent(settings: Settings, case: Case, today: Day) -> bool:
    days = settings.workstation.retention_days.get(case.status)
    return days is not None and case.status in permission.ENDED and 0 < case.closed <= today - days


def propose(work: Work, case: Case) -> int:
    """Ask a second officer to delete a case; returns the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, its time is not over, or a hold keeps it (access.holds).
        NotFoundError: the officer is kept out of the case.
    """
    permission.permit(work, DELETE.to_propose, case.number)
    _check(work, case)
    with transaction(work.vault.db):
        return approvals.propose(work, DELETE, case.number, {})


def approve(work: Work, number: ProposalNumber) -> list[str]:
    """Delete the case of a proposal, with those merged into it; returns what must be said about the second copy.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: it is the officer's own, their roles do not allow it, the case was opened again meanwhile, or
            a hold keeps it.
    """
    with transaction(work.vault.db):
        proposal = approvals.decide(work, number, approve=True)
        if proposal.action != DELETE:
            raise NotFoundError("retention.other-proposal")
        _check(work, casebook.case_of(work.vault, proposal.case))
        for case in (proposal.case, *cases.followers(work.vault.db, proposal.case)):
            _empty(work.vault, case, work.today)
    return finish(work.vault)


def decline(work: Work, number: ProposalNumber) -> None:
    """Keep it; raises as `approve`."""
    with transaction(work.vault.db):
        if approvals.decide(work, number, approve=False).action not in (DELETE, EPOCH):
            raise NotFoundError("retention.neither")


def finish(vault: Vault) -> list[str]:
    """Overwrite what no row names any more, here and in the second copy; after a kill the next call does the rest.

    Returns:
        A sentence when the second copy was not there: its next sync, or the next deletion, does it.
    """
    vault.db.execute("vacuum")  # pages that were freed hold nothing (secure_delete); this gives them back as well
    second_copy.shred_unnamed(vault, vault.folder)
    try:
        return second_copy.sync(vault)
    except (DropboxError, OSError) as error:
        return [Sentence("retention.copy-behind", error=error)]


def _check(work: Work, case: Case) -> None:
    if case.merged_into:
        raise RefusedError("retention.merged")
    holds.check(work.vault, case.number)
    if not _is_spent(work.settings, case, work.today):
        raise RefusedError("retention.time", case=case.name)
    if case.due:  # its reporter wrote after its end (casework.transitions)
        raise RefusedError("retention.later-message", case=case.name)
    if protections.has_open(work.vault.db, [case.number, *cases.followers(work.vault.db, case.number)]):
        raise RefusedError("retention.protection", case=case.name)


def _empty(vault: Vault, case: CaseNumber, today: Day) -> None:
    """Everything but the row for the counts and the claim key; inside a transaction."""
    db = vault.db
    hashes = messages.hashes(db, case)
    search.forget_case(vault, case)
    messages.remove_all(db, case)
    for module in (
        *(events, notes, tags, reads, protections, notices, identities, referrals, redactions, tellings),
        *(risks, follow_ups, clearings, hold_rows, statements),
    ):
        module.remove_all(db, case)
    measures.empty(db, case)
    records.empty(db, case)
    for sha256, file_sha256 in hashes:
        seen.drop_file(db, sha256)
        findings.remove_unused(db, file_sha256)
    # What still waits for a decision about it has nothing left to decide.
    proposals.empty(db, case, approvals.DECLINED, today)
    cases.empty(db, case, today)


def epochs_waiting(vault: Vault, today: Day) -> list[int]:
    """Epochs of which the server may still hold reports, long after their grace."""
    return [one.number for one in epoch_rows.live(vault.db) if _days_over(one.number, today) > EPOCH_EXPIRY_DAYS]


def propose_epoch(work: Work, epoch: Epoch) -> int:
    """Ask a second officer to destroy the key of an epoch; what was sealed under it is then lost for ever.

    Raises:
        RefusedError: the officer's roles do not allow it, the epoch's time is not over, or a hold is in force.
    """
    permission.permit(work, EPOCH.to_propose)
    _check_epoch(work.vault, epoch, work.today)
    if any(one.action == EPOCH and one.details["epoch"] == epoch for one in approvals.pending(work.vault)):
        raise RefusedError("proposal.waiting")
    with transaction(work.vault.db):
        return approvals.propose(work, EPOCH, NO_CASE_NUMBER, {"epoch": epoch})


def approve_epoch(work: Work, number: ProposalNumber) -> list[str]:
    """Destroy the key of a proposal's epoch; returns what must be said about it; raises as `approve`."""
    with transaction(work.vault.db):
        proposal = approvals.decide(work, number, approve=True)
        if proposal.action != EPOCH:
            raise NotFoundError("retention.not-epoch")
        epoch: Epoch = proposal.details["epoch"]
        _check_epoch(work.vault, epoch, work.today)
        epoch_rows.destroy(work.vault.db, epoch, work.today)
    both = epochs.destroy(work.vault, epoch, work.today)
    return [Sentence("decision.epoch-destroyed" if both else "decision.epoch-destroyed-here", epoch=epoch)]


def _days_over(epoch: Epoch, today: Day) -> int:
    return today - epoch_last_day(epoch) - EPOCH_GRACE_DAYS


def _check_epoch(vault: Vault, epoch: Epoch, today: Day) -> None:
    holds.check_all(vault)  # what the server still has of that week may belong to the case
    if epoch not in epochs_waiting(vault, today):
        raise RefusedError("retention.epoch-key", days=EPOCH_EXPIRY_DAYS)
