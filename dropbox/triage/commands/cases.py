"""`dropbox triage inbox|search|note|tag|classify|assign|agenda|duplicates|merge|unmerge|conflict`.

Rule: as of `cli`; no decision is made in here.
"""

import argparse
import sys
from typing import Any

from dropbox.triage.access import conflict, orphans, safeguarding
from dropbox.triage.cases import casebook
from dropbox.triage.casework import duplicates, handling, inbox, merging, search
from dropbox.triage.commands.case_views import table_lines, to_json
from dropbox.triage.vault.terminal import Act, Command
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, date_of

_FILTERS = (
    "channel",
    "category",
    "status",
    "unit",
    "province",
    "office",
    "tag",
    "urgency",
    "origin",
    "text",
)
_LABELS = ("unit", "unit_type", "province", "district", "category", "subject")


def add_commands(command: Command) -> None:
    """Register the commands; `command` makes a parser of a name and a purpose."""
    listed = command("inbox", "what there is to do, by what is due")
    for name in _FILTERS:
        listed.add_argument(f"--{name}", default="", metavar="CODE")
    listed.add_argument("--assigned", default="", metavar="NAME", help="to an officer; - for nobody")
    listed.add_argument("--age", type=int, default=0, metavar="DAYS", help="since sending, at least")
    listed.add_argument("--unread", action="store_true")
    listed.add_argument("--open", action="store_true", help="only what has not ended")
    listed.add_argument("--limit", type=int, default=inbox.PAGE_ROWS, metavar="N")
    listed.add_argument("--json", action="store_true")
    found = command("search", 'the cases in which words stand; "phrases" in quotation marks')
    found.add_argument("words", nargs="+", metavar="WORD")
    found.add_argument("--json", action="store_true")
    note = command("note", "write an internal note, which the reporter never sees")
    note.add_argument("--text", required=True, metavar="TEXT")
    tag = command("tag", "add tags, or take them off")
    tag.add_argument("--add", action="append", default=[], metavar="TAG")
    tag.add_argument("--remove", action="append", default=[], metavar="TAG")
    labels = command("classify", "say what a case is about")
    for name in _LABELS:
        labels.add_argument(f"--{name.replace('_', '-')}", metavar="WORDS")
    assign = command("assign", "hand a case to an office or an officer, or take it back")
    assign.add_argument("--office", default="", metavar="CODE")
    assign.add_argument("--to", default="", metavar="NAME", help="an officer")
    assign.add_argument("--text", default="", metavar="TEXT", help="what is to be done")
    assign.add_argument("--withdraw", action="store_true")
    likely = command("duplicates", "cases that may be about the same matter")
    likely.add_argument("--json", action="store_true")
    merge = command("merge", "work on a case together with another; both reporters get the answers")
    merge.add_argument("--into", required=True, metavar="CASE")
    lift = command("conflict", "who is kept out of a case; let one in")
    lift.add_argument("--lift", metavar="NAME", help="an officer, but never oneself")
    own = [command("agenda", "the number that may be cited"), command("unmerge", "work on a case by itself again")]
    for added in (note, tag, labels, assign, likely, merge, lift, *own):
        added.add_argument("case", metavar="CASE")
    command("orphans", "how many cases nobody of this desk may open")


def _inbox(work: Work, options: argparse.Namespace) -> int:
    chosen: dict[str, Any] = {name: getattr(options, name) for name in _FILTERS}
    wanted = inbox.Filter(
        **chosen, officer=options.assigned, age=options.age, unread=options.unread, is_open=options.open
    )
    page = inbox.page(work, wanted, options.limit)
    if options.json:
        print(
            to_json(
                {
                    "total": page.total,
                    "unread": page.unread,
                    "urgency": page.by_urgency,
                    "status": page.by_status,
                    "rows": [_row_object(row) for row in page.rows],
                }
            )
        )
        return 0
    rows: list[tuple[str, ...]] = [("", "case", "due", "urgency", "status", "category", "officer", "files", "subject")]
    rows += [
        (
            "*" if row.is_unread else "",
            row.name,
            _date(row.due),
            row.urgency,
            row.status,
            row.category,
            row.officer or row.office,
            str(row.files),
            row.subject,
        )
        for row in page.rows
    ]
    print("\n".join(table_lines(rows)))
    counts = ", ".join(f"{count} {name}" for name, count in page.by_urgency.items() if count)
    say(f"{page.total} cases ({counts or 'none'}), {page.unread} unread" + (", more follow" if page.next else ""))
    return 0


def _row_object(row: inbox.Row) -> dict[str, Any]:
    return {
        "case": row.name, "agenda": row.agenda, "status": row.status, "due": _date(row.due), "urgency": row.urgency,
        "channel": row.channel, "category": row.category, "origin": row.origin, "sent": _date(row.sent),
        "subject": row.subject, "unit": row.unit, "province": row.province, "officer": row.officer,
        "office": row.office, "unread": row.is_unread, "tags": list(row.tags), "files": row.files,
        "merged": row.merged, "protection": row.is_protected, "proposed": row.is_proposed, "proven": row.proven,
    }  # fmt: skip


def _search(work: Work, options: argparse.Namespace) -> int:
    hits = search.search(work, " ".join(options.words))
    if options.json:
        print(to_json([{"case": hit.name, "text": "".join(part for part, _ in hit.parts)} for hit in hits]))
        return 0
    for hit in hits:
        print(f"{hit.name}  {''.join(f'[{part}]' if is_hit else part for part, is_hit in hit.parts)}")
    if not hits:
        say("nothing was found")
    return 0


def _note(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    number = handling.note(work, case, options.text)
    say(f"note {number} of {case.name} is written")
    return 0


def _tag(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    handling.tag(work, case, add=options.add, remove=options.remove)
    say(f"{case.name} has the tags {', '.join(handling.tags(work.vault, case)) or 'none'}")
    return 0


def _classify(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    chosen = handling.Classification(**{name: getattr(options, name) for name in _LABELS})
    done = handling.classify(work, case, chosen)
    say(f"{done.name} is classified; its agenda number is {done.agenda}")
    return 0


def _assign(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    if options.withdraw:
        handling.withdraw(work, case, options.text)
        say(f"{case.name} is assigned to nobody")
        return 0
    handling.assign(work, case, office=options.office, officer=options.to, text=options.text)
    say(f"{case.name} is assigned to {' and '.join(filter(None, (options.office, options.to)))}")
    return 0


def _agenda(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    print(handling.give_agenda(work, case))
    return 0


def _duplicates(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    found = duplicates.suggest(work, case)
    if options.json:
        print(to_json([{"case": one.case.name, "score": one.score, "reasons": list(one.reasons)} for one in found]))
        return 0
    for one in found:
        print(f"{one.case.name}  {one.score}  {', '.join(one.reasons)}")
    if not found:
        say("no other case looks like it")
    return 0


def _merge(work: Work, options: argparse.Namespace) -> int:
    case, into = (casebook.find_case(work.vault, typed) for typed in (options.case, options.into))
    leader = merging.merge(work, case, into)
    say(f"{case.name} is worked on as {leader.name}: both reporters get its answers")
    return 0


def _unmerge(work: Work, options: argparse.Namespace) -> int:
    case = merging.unmerge(work, casebook.find_case(work.vault, options.case))
    say(f"{case.name} is worked on by itself again")
    return 0


def _conflict(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    if options.lift:
        safeguarding.lift(work, case, options.lift)
        say(f"the officer may open {case.name}")
        return 0
    for login, reason in conflict.excluded(work, case):
        print(f"{login}  {reason}")
    return 0


def _orphans(work: Work, _options: argparse.Namespace) -> int:
    found = orphans.find(work)
    print(found.count)
    for line in found.advice:
        say(line)
    return 0


def say(words: str) -> None:
    """Words for people, on stderr."""
    print(words, file=sys.stderr)


def _date(day: Day) -> str:
    return date_of(day).isoformat() if day else ""


ACTS: dict[str, Act] = {
    "inbox": _inbox,
    "search": _search,
    "note": _note,
    "tag": _tag,
    "classify": _classify,
    "assign": _assign,
    "agenda": _agenda,
    "duplicates": _duplicates,
    "merge": _merge,
    "unmerge": _unmerge,
    "conflict": _conflict,
    "orphans": _orphans,
}
