"""Prints a whole case as one paper: cover, decisions and follow-up, records, time line, messages, and list of files.

Rule: it has what the officer may see: nothing of merged cases that are closed to them, no part that their roles do not
show on the page, and no sealed identity. Each print is in the log. It is written in the officer's language.
"""

from typing import Final

from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.casefile import cover, follow_up, messages, records
from dropbox.triage.casefile.group import Group
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.casework import threads
from dropbox.triage.papers import office
from dropbox.triage.papers.paper import Block, Heading, NewPage, Text
from dropbox.triage.papers.printing import printed
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

DID: Final = "case-file"


def print_case(work: Work, case: Case) -> bytes:
    """Return the paper of a case (PDF); marks the case as read by the officer at work.

    Raises:
        RefusedError: the officer's roles do not allow it, or the paper is too long.
        NotFoundError: the officer is excluded from the case.
        ConfigurationError: this installation cannot make papers.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    items = threads.read(work, case)
    group = Group.of(work, case)
    blocks: list[Block] = [
        *cover.blocks(group),
        Text(group.word("may-see")),
        Text(group.word("presumption")),
        *follow_up.blocks(group),
        *records.blocks(group),
        *follow_up.moments(group),
        NewPage(),
        Heading(group.word("messages")),
        *messages.blocks(group, items),
        *messages.files(group, items),
    ]
    title = group.word("title").format(case=case.name)
    paper = office.report(work.settings, work.today, title, blocks, language=group.language, is_signed=False)
    made = printed(paper)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.FILE_EXPORT, case.number, did=DID)
    return made
