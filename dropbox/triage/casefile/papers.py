"""Prints what follows from a case as papers to sign: disposition sheet, task letter, memo, audit report.

Rule: a paper has what officers wrote of that object, and nothing of the report. A task letter is shown to those who are
examined: it names no case and is not classified. Each print is in the log.
"""

from dropbox.disk.visible import visible, visible_lines
from dropbox.errors import NotFoundError
from dropbox.triage.access import permission
from dropbox.triage.access.roles import Permission
from dropbox.triage.casefile.group import Group
from dropbox.triage.cases import audit_log
from dropbox.triage.cases.casebook import Case
from dropbox.triage.followup import records
from dropbox.triage.followup.kinds import MEMO, PAPERS, RECOMMENDATION, SETTLEMENT, TASK_LETTER
from dropbox.triage.papers import office
from dropbox.triage.papers.office import Signer
from dropbox.triage.papers.paper import Block, Fields, Heading, Paper, Table, Text
from dropbox.triage.papers.printing import printed
from dropbox.triage.tables.followup import dispositions
from dropbox.triage.tables.followup.records import CURRENT, Record
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.work import Work

_SHEET, _PAPER = "sheet", "paper"


def print_disposition(work: Work, case: Case, number: int) -> bytes:
    """Return the sheet (PDF) of a disposition of a case.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, or the case has no such disposition.
        ConfigurationError: this installation cannot make papers.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    one = next((one for one in dispositions.of_case(work.vault.db, case.number) if one.number == number), None)
    if one is None:
        raise NotFoundError("followup.not-found")
    group = Group.of(work, case)
    to = [group.office(one.office), group.names.full(one.assignee)]
    state = [group.word("read-on").format(day=group.day(one.read))] if one.read else []
    if one.done:
        state += [f"{group.label('disposition_state', one.state)}, {group.day(one.done)}", *visible_lines(one.remark)]
    rows = [
        ("case", [case.name]),
        ("agenda", [case.agenda]),
        ("subject", [visible(case.subject)]),
        ("from", [group.names.full(one.giver)]),
        ("to", [line for line in to if line]),
        ("task", list(visible_lines(one.text))),
        ("due", [group.day(one.due)]),
        ("state", state),
    ]
    paper = office.report(
        *(work.settings, one.day, group.word("sheet"), [_fields(group, rows)]),
        number=case.agenda or case.name,
        signer=_officer(group, one.giver),
        language=group.language,
    )
    return _logged(work, case, paper, did=_SHEET, number=number)


def print_record(work: Work, case: Case, root: int) -> bytes:
    """Return the paper (PDF) of an object of a case, by the number of its first version; kinds.PAPERS has its kinds.

    Raises:
        RefusedError: the officer's roles do not allow it.
        NotFoundError: the officer is excluded from the case, or the case has no such paper that is in force.
        ConfigurationError: this installation cannot make papers.
    """
    permission.permit(work, Permission.FILE_EXPORT, case.number)
    current = [one for one in records.of_case(work, case) if one.state == CURRENT]
    one = next((one for one in current if one.root == root and one.kind in PAPERS), None)
    if one is None:
        raise NotFoundError("followup.not-found")
    group = Group.of(work, case)
    if one.kind == TASK_LETTER:
        paper = _task_letter(group, one)
    elif one.kind == MEMO:
        paper = _memo(group, one)
    else:
        paper = _report(group, one, current)
    return _logged(work, case, paper, did=_PAPER, kind=one.kind, number=root)


def _task_letter(group: Group, one: Record) -> Paper:
    team = [name.strip() for name in visible(one.who).split(",") if name.strip()]
    when = f"{group.day(one.begin)} – {group.day(one.until)}"
    rows = [("assigned", team), ("for", list(visible_lines(one.text))), ("period", [when])]
    blocks: list[Block] = [_fields(group, rows), Text(group.word("carry-out"))]
    return office.report(
        *(group.work.settings, one.dated, group.label("followup_kind", TASK_LETTER), blocks),
        number=visible(one.sign),
        is_open=True,
        language=group.language,
    )


def _memo(group: Group, one: Record) -> Paper:
    return office.letter(
        *(group.work.settings, one.dated, group.label("followup_kind", MEMO), [visible(one.whom)]),
        [Text(line) for line in visible_lines(one.text)],
        number=visible(one.sign),
        signer=Signer(visible(one.who), ""),
        language=group.language,
    )


def _report(group: Group, one: Record, current: list[Record]) -> Paper:
    blocks: list[Block] = [Text(line) for line in visible_lines(one.text)]
    advised = [other for other in current if other.kind == RECOMMENDATION and other.parent == one.root]
    if advised:
        heads = [group.word(name) for name in ("advised", "unit-due", "state")]
        blocks += [
            Heading(group.word("recommendations")),
            Table(heads, [_row(group, at, current) for at in advised], (8, 6, 5)),
        ]
    return office.report(
        *(group.work.settings, one.dated, group.word("audit-report"), blocks),
        number=visible(one.sign),
        language=group.language,
    )


def _row(group: Group, one: Record, current: list[Record]) -> list[str]:
    ends = [other for other in current if other.kind == SETTLEMENT and other.parent == one.root]
    last = max(ends, key=lambda other: (other.dated, other.number), default=None)
    state = f"{group.label('settlement', last.code)}, {group.day(last.dated)}" if last else ""
    advised = [group.label("recommended", one.code), *visible_lines(one.text)]
    due = group.word("due-on").format(day=group.day(one.until))
    return ["\n".join(advised), f"{visible(one.who)}\n{due}", state]


def _fields(group: Group, rows: list[tuple[str, list[str]]]) -> Fields:
    return Fields([(group.word(name), lines) for name, lines in rows if any(lines)])


def _officer(group: Group, login: str) -> Signer:
    name, _, post = group.names.full(login).partition(", ")
    return Signer(post or name, name)


def _logged(work: Work, case: Case, paper: Paper, **details: str | int) -> bytes:
    made = printed(paper)
    with transaction(work.vault.db):
        audit_log.write(work.vault, Permission.FILE_EXPORT, case.number, **details)
    return made
