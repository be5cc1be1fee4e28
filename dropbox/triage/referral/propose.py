"""Proposes a dossier by one officer, and approves or declines it by a second one.

Rule: all checks of the proposal are repeated at the decision: meanwhile a receiver may have been retired, or a reporter
may have said no. Approved is the draft as the second officer read it, with the labels and files that the case had at
the proposal: no single officer can add one afterwards.
"""

import json
import os
from dataclasses import dataclass, replace
from typing import Any, Final

from dropbox.crypto.dossiers import new_id
from dropbox.crypto.private.desk_keys import SEED_BYTES
from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage.access import approvals, permission
from dropbox.triage.access.roles import Decision
from dropbox.triage.cases import casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import agenda
from dropbox.triage.casework.outgoing.records import recorded
from dropbox.triage.redaction import saved
from dropbox.triage.referral import consent, facts, group, marks, receivers
from dropbox.triage.referral.facts import Draft, draft_of
from dropbox.triage.referral.marks import Marked
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.triage.tables.outgoing import referrals
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Category, Channel
from dropbox.wire.calendar import Day

ACTION: Final = Decision.REFERRAL
SERVICE_CATEGORY: Final = Category.PELAYANAN
_LABELS: Final = ("subject", "category", "unit", "unit_type", "province", "district", "channel")


@dataclass(frozen=True)
class Referral:
    """An approved dossier.

    Attributes:
        number: running number.
        case: number of its case.
        receiver: number of its receiver; 0 for SP4N-LAPOR!.
        target: a code of workstation.referral_targets.
        dossier: its id, 16 bytes.
        draft: as it was approved.
        labels: of the case at the proposal, by name.
        files: what may be included, as approved (marks.Marked.key).
        approved: day number.
        made: day on which it was first sealed, or 0.
        sha256: of the file that was sealed last, or empty.
    """

    number: int
    case: CaseNumber
    receiver: int
    target: str
    dossier: bytes
    draft: Draft
    labels: dict[str, str]
    files: frozenset[str]
    approved: int
    made: int
    sha256: bytes

    @property
    def name(self) -> str:
        """Return the name of its file without the ending; it reveals nothing of the case."""
        return f"rujukan-{self.dossier[:4].hex()}"


def propose(work: Work, case: Case, draft: Draft) -> int:
    """Propose a dossier to a second officer; return the proposal's number.

    Raises:
        RefusedError: the officer's roles do not allow it, the receiver is retired or expired, the draft is
            incomplete or repeats a reporter's words, or a reporter's answer forbids it.
        NotFoundError: the officer is excluded from the case, or there is no such receiver.
    """
    permission.permit(work, ACTION.to_propose, case.number)
    target_of(work.vault, case, draft, work.today)
    with transaction(work.vault.db):
        details = draft.stored() | _beside(work.vault, case, draft)
        return approvals.propose(work, ACTION, case.number, details)


def approve(work: Work, number: int) -> Referral:
    """Approve a proposal: its dossier can be sealed from now on. Return the dossier.

    Raises:
        NotFoundError: there is no such open proposal (for this officer).
        RefusedError: it is the officer's own, their roles do not allow it, or a check now fails.
    """
    with transaction(work.vault.db):
        proposal = approvals.decide(work, ProposalNumber(number), approve=True)
        _check_kind(proposal)
        case, draft = casebook.case_of(work.vault, proposal.case), draft_of(proposal.details)
        target = target_of(work.vault, case, draft, work.today)
        beside = _beside(work.vault, case, draft)
        if any(proposal.details.get(name) != value for name, value in beside.items()):
            raise _changed()
        _check_seen(work.vault, case, beside[facts.FILES])
        with recorded(work, ACTION.to_approve, case.number):
            agenda.give(work, case.number)
        new = referrals.Approved(
            case=case.number,
            receiver=draft.receiver or None,
            target=target,
            dossier=new_id(),
            reply_seed=os.urandom(SEED_BYTES),
            facts=json.dumps(draft.stored() | beside),
            approved=work.today,
        )
        made = referrals.add(work.vault.db, new)
    return referral_of(work.vault, made)


def decline(work: Work, number: int) -> None:
    """Decline a proposal; raises NotFoundError, RefusedError as `approve`."""
    with transaction(work.vault.db):
        _check_kind(approvals.decide(work, ProposalNumber(number), approve=False))


def target_of(vault: Vault, case: Case, draft: Draft, today: Day) -> str:
    """Return the code of the body to which a draft may go today; raises NotFoundError, RefusedError as `propose`."""
    group.check_leads(case)
    facts.check_draft(vault, case, draft, today)
    target = receivers.LAPOR
    if draft.receiver:
        receiver = receivers.receiver_of(vault, draft.receiver)
        target = receiver.target
        if not receiver.is_good(today):
            raise RefusedError("receiver.key-invalid")
    said = consent.of_all(vault, case, target)
    if not draft.receiver:
        _check_lapor(vault, case, said.answer)
    if said.answer == consent.NO and (draft.with_files or not draft.grounds.strip()):
        raise RefusedError("referral.consent-refused")
    return target


def of_case(vault: Vault, case: Case) -> list[Referral]:
    """Return the approved dossiers of a case, oldest first."""
    return [_from(row) for row in referrals.of_case(vault.db, case.number)]


def referral_of(vault: Vault, number: int) -> Referral:
    """Return the approved dossier of a number; raises NotFoundError."""
    row = referrals.of_number(vault.db, number)
    if row is None:
        raise NotFoundError("referral.not-found")
    return _from(row)


def as_allowed(vault: Vault, case: Case, referral: Referral) -> Draft:
    """Return the approved draft, without its files if a reporter has said no since."""
    said = consent.of_all(vault, case, referral.target)
    return replace(referral.draft, with_files=referral.draft.with_files and said.answer != consent.NO)


def check_labels(case: Case, referral: Referral) -> None:
    """Pass if the case's labels are those of the approved dossier; raises RefusedError if they changed."""
    if _labels(case) != referral.labels:
        raise _changed()


def _beside(vault: Vault, case: Case, draft: Draft) -> dict[str, Any]:
    """Return what is stored with a draft but is not in it, as a JSON object."""
    files = sorted(marked.key for marked in marks.files_to_send(vault, case)) if draft.with_files else []
    return {facts.LABELS: _labels(case), facts.FILES: files}


def _check_seen(vault: Vault, case: Case, keys: list[str]) -> None:
    """Pass if the officer at work has viewed every redacted copy as it leaves; raises RefusedError."""
    for marked in marks.files_to_send(vault, case) if any("#" in key for key in keys) else []:
        if marked.redaction and not saved.has_seen(vault, marked.redaction):
            raise RefusedError("referral.redaction-not-seen", name=marked.redaction.name)


def leaving(vault: Vault, case: Case, referral: Referral) -> list[Marked]:
    """Return what leaves with an approved dossier: what was approved, without what was taken out since.

    Raises:
        RefusedError: a file now leaves in another form, or a recipe changed: that was not approved.
    """
    bases = {key.partition("#")[0] for key in referral.files}
    now = [marked for marked in marks.files_to_send(vault, case) if marked.base in bases]
    if any(marked.key not in referral.files for marked in now):
        raise _changed()
    return now


def _changed() -> RefusedError:
    return RefusedError("referral.changed")


def _labels(case: Case) -> dict[str, str]:
    return {name: getattr(case, name) for name in _LABELS}


def _check_lapor(vault: Vault, case: Case, said: str) -> None:
    cases = group.cases(vault, case)
    if any(member.channel != Channel.DUMAS for member in cases):  # who did not say may be an employee
        raise RefusedError("lapor.dumas-only")
    if any(member.category != SERVICE_CATEGORY for member in cases):
        raise RefusedError("lapor.service-only")
    if said != consent.YES:
        raise RefusedError("lapor.consent")


def _check_kind(proposal: approvals.Proposal) -> None:
    if proposal.action != ACTION:
        raise NotFoundError("referral.other-proposal")


def _from(row: referrals.Referral) -> Referral:
    kept = json.loads(row.facts)
    return Referral(
        row.number,
        row.case,
        row.receiver,
        row.target,
        row.dossier,
        draft_of(kept),
        kept.get(facts.LABELS, {}),
        frozenset(kept.get(facts.FILES, [])),
        row.approved,
        row.made,
        row.sha256,
    )
