"""Does one act on several cases: each case by itself, with its own permission, transaction and line in the log.

Rule: a case that cannot be done stops no other, and the outcome names it with the reason. A case from which the officer
is kept out is not touched, and is named in the same words as a number that does not exist.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from dropbox.errors import DropboxError, RefusedError
from dropbox.triage.access import approvals
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import handling, inbox, refusal
from dropbox.triage.tables.numbers import CaseNumber, ProposalNumber
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.codes import Reason

BATCH_MAX: Final = inbox.PAGE_ROWS  # cases at once: as many as a page shows
_Number = TypeVar("_Number", CaseNumber, ProposalNumber)
_SPAM: Final = Reason.TEST  # the only reason that needs no reading of each case at length


@dataclass(frozen=True)
class Wanted:
    """What is to be done to each case; an empty value does nothing.

    Attributes:
        office: a code of workstation.offices to which the case goes; likewise officer, a login.
        officer: see office.
        text: of the disposition.
        add: tags.
        remove: tags.
        is_spam: whether a refusal as spam is proposed to a second officer.
        grounds: for the second officer.
    """

    office: str = ""
    officer: str = ""
    text: str = ""
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    is_spam: bool = False
    grounds: str = ""


@dataclass(frozen=True)
class Outcome:
    """Names of the cases that were done, and of the others by the reason."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, DropboxError]] = field(default_factory=list)


def do(work: Work, numbers: Iterable[CaseNumber], wanted: Wanted) -> Outcome:
    """Do what is wanted to each case: tags, then the disposition, then the proposal of a refusal.

    Args:
        work: the vault, the settings and the day.
        numbers: of the cases, at most BATCH_MAX.
        wanted: what is to be done.

    Returns:
        The cases for which all was done; for each other one the reason of the first part that failed.

    Raises:
        RefusedError: there is no case or nothing to do, or there are too many cases.
    """
    parts: list[Callable[[Case], object]] = []
    if wanted.add or wanted.remove:
        parts.append(lambda case: handling.tag(work, case, add=wanted.add, remove=wanted.remove))
    if wanted.office or wanted.officer:
        office, officer, text = wanted.office, wanted.officer, wanted.text
        parts.append(lambda case: handling.assign(work, case, office=office, officer=officer, text=text))
    if wanted.is_spam:
        batch = str(audit_log.head(work.vault)[0] + 1)  # the line of the first of them
        spam = refusal.Refusal(_SPAM, grounds=wanted.grounds, batch=batch)
        parts.append(lambda case: refusal.propose(work, case, spam))
    if not parts:
        raise RefusedError("batch.nothing")

    def act(number: CaseNumber) -> None:
        case = casebook.find_case(work.vault, str(number))
        for part in parts:
            part(case)

    return _each({number: casebook.case_name(work.vault.desk, number) for number in numbers}, act)


def batches(waiting: Iterable[approvals.Proposal]) -> dict[str, list[approvals.Proposal]]:
    """Return the proposed refusals that were proposed together, two or more, by the number of their batch."""
    found: dict[str, list[approvals.Proposal]] = {}
    for one in waiting:
        if one.action == refusal.ACTION and (batch := one.details.get("batch", "")):
            found.setdefault(batch, []).append(one)
    return {batch: several for batch, several in found.items() if len(several) > 1}


def decide(work: Work, numbers: Iterable[ProposalNumber], *, approve: bool) -> Outcome:
    """Decide several proposed refusals as the second officer, each by itself.

    Args:
        work: the vault, the settings and the day.
        numbers: of the proposals, as the officer saw them, at most BATCH_MAX.
        approve: whether the cases are refused; otherwise they stay as they are.

    Raises:
        RefusedError: there is no proposal, or there are too many.
    """
    known = {one.number: one.case for one in approvals.pending(work.vault)}
    desk = work.vault.desk
    names = {one: casebook.case_name(desk, known[one]) if one in known else f"#{one}" for one in numbers}

    def act(number: ProposalNumber) -> None:
        if approve:
            refusal.approve(work, number)
        else:
            refusal.decline(work, number)

    return _each(names, act)


def _each(names: Mapping[_Number, str], act: Callable[[_Number], None]) -> Outcome:
    if not names:
        raise RefusedError("batch.empty")
    if len(names) > BATCH_MAX:
        raise RefusedError("batch.too-many", most=BATCH_MAX)
    outcome = Outcome()
    for number, name in names.items():
        try:
            act(number)
        except DropboxError as error:
            outcome.refused.append((name, error))
        else:
            outcome.done.append(name)
    return outcome
