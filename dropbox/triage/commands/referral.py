"""`dropbox triage receivers|receiver-add|receiver-retire|refer|refer-mark|refer-consent|refer-seal|refer-answer|…`.

Rule: as of `cli`; no decision is made in here. A proposal is approved with `dropbox triage approve`, like any other.
"""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from dropbox.disk.private import write_whole
from dropbox.disk.visible import visible
from dropbox.errors import RefusedError
from dropbox.matching import fingerprints
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.commands.case_views import table_lines
from dropbox.triage.evidence import clean
from dropbox.triage.referral import agreed, answers, build, consent, criteria, marks, menpan, propose, receivers
from dropbox.triage.referral.facts import Draft, Person
from dropbox.triage.vault.terminal import Act, Command, read, read_text, say
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

_STAYS: Final = "stays"
_NUMBERS_END: Final = 10**9  # no vault counts further, and SQLite takes no number of any length


def add_commands(command: Command) -> None:
    """Register the commands; `command` makes a parser of a name and a purpose."""
    command("receivers", "bodies that receive dossiers")
    command("refer-proposed", "cases that meet the criteria for KPK")
    add = command("receiver-add", "add a receiver whose twelve words were read over the telephone")
    add.add_argument("card", type=Path, metavar="CARD")
    add.add_argument("--target", required=True, metavar="BODY", help="a code of the settings")
    add.add_argument("--words", required=True, help="as the receiver read them aloud")
    command("receiver-retire", "send nothing to a receiver any more").add_argument("number", type=int, metavar="N")
    refer = command("refer", "propose a dossier; without a draft: those of the case")
    refer.add_argument("case", metavar="CASE")
    refer.add_argument("--draft", type=Path, metavar="FILE", help="JSON with the fields of referral.facts.Draft")
    mark = command("refer-mark", "say whether a file may leave with a dossier")
    mark.add_argument("case", metavar="CASE")
    mark.add_argument("file", type=int, metavar="N")
    mark.add_argument("mark", choices=(marks.GO, marks.POINTS, _STAYS))
    said = command("refer-consent", "ask a reporter about a body, or note what they said")
    said.add_argument("case", metavar="CASE")
    said.add_argument("--target", required=True, metavar="BODY")
    said.add_argument("said", choices=("ask", consent.YES, consent.NO))
    seal = command("refer-seal", "seal an approved dossier")
    seal.add_argument("number", type=int, metavar="N")
    seal.add_argument("--to", required=True, type=Path, metavar="DIR")
    command("refer-answer", "take in a receiver's answer").add_argument("file", type=Path, metavar="FILE")
    evaluation = command("evaluation", "the yearly sheet for KemenPAN-RB, of the published statistics")
    evaluation.add_argument("year", type=int, metavar="YEAR")
    evaluation.add_argument("--to", required=True, type=Path, metavar="FILE", help=".csv")
    prints = command("fingerprints", "find out which matters another body has as well")
    prints.add_argument("--agreed", required=True, type=Path, metavar="FILE", help="the key that both bodies have")
    prints.add_argument("--to", type=Path, metavar="FILE", help="write this desk's, for the other body")
    prints.add_argument("--compare", type=Path, metavar="FILE", help="the other body's")


def _receivers(work: Work, _options: argparse.Namespace) -> int:
    permission.permit(work, criteria.ACT)
    rows: list[tuple[str, ...]] = [("number", "label", "body", "until", "good")]
    for one in receivers.all_receivers(work.vault):
        until = date_of(one.card.last).isoformat()
        rows.append((str(one.number), one.card.label, one.target, until, "yes" if one.is_good(work.today) else "no"))
    print("\n".join(table_lines(rows)))
    return 0


def _add(work: Work, options: argparse.Namespace) -> int:
    added = receivers.add(work, read(options.card), options.target, options.words)
    say(f"receiver {added.number} ({visible(added.card.label)}) is good until {date_of(added.card.last)}")
    return 0


def _retire(work: Work, options: argparse.Namespace) -> int:
    receivers.retire(work, options.number)
    return 0


def _refer(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    if options.draft is None:
        permission.permit(work, criteria.ACT, case.number)
        for one in propose.of_case(work.vault, case):
            print(f"{one.number}  {one.target}  approved {date_of(one.approved)}  {'made' if one.made else 'not made'}")
            for answer in answers.of_referral(work.vault, one.number):
                print(f"  {date_of(answer.day)}  {answer.result or '-'}  {visible(answer.reference)}")
                print(f"    question: {visible(answer.question)}\n    remark: {visible(answer.remark)}")
        return 0
    number = propose.propose(work, case, _draft(read_text(options.draft)))
    say(f"proposal {number}: a second officer decides with `dropbox triage approve {number}` or `decline`")
    return 0


def _draft(typed: str) -> Draft:
    try:
        values: dict[str, Any] = json.loads(typed)
        values["people"] = tuple(Person(**one) for one in values.get("people", ()))
        values |= {name: tuple(values.get(name, ())) for name in ("chronology", "reported")}
        draft = Draft(**values)
        _check_types(draft)
    except (ValueError, TypeError, AttributeError):
        raise RefusedError("the draft is no JSON object with the fields of a dossier") from None
    return draft


def _check_types(draft: Draft) -> None:
    """Raise TypeError, unless every value is of the type of an empty draft's."""
    values, empty = draft.stored(), Draft(0, "", "").stored()
    lines = (*draft.chronology, *draft.reported, *(word for one in draft.people for word in vars(one).values()))
    same = all(type(values[name]) is type(value) for name, value in empty.items())
    if not same or not all(isinstance(line, str) for line in lines) or draft.receiver >= _NUMBERS_END:
        raise TypeError


def _mark(work: Work, options: argparse.Namespace) -> int:
    chosen = marks.STAYS if options.mark == _STAYS else options.mark
    marks.mark(work, casebook.find_case(work.vault, options.case), options.file, chosen)
    return 0


def _consent(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    if options.said == "ask":
        consent.ask(work, case, options.target)
    else:
        consent.record(work, case, options.target, options.said)
    return 0


def _seal(work: Work, options: argparse.Namespace) -> int:
    made = build.make(work, options.number, options.to)
    for note in made.notes:
        say(f"NOTE: {clean.NOTES[note]}")
    say(f"{', '.join(made.names)} written to {options.to}")
    print(made.sha256.hex())
    return 0


def _answer(work: Work, options: argparse.Namespace) -> int:
    case, is_new = answers.take(work, read(options.file))
    say(f"{case.name}: " + ("the answer is in the case" if is_new else "this answer is there already"))
    return 0


def _fingerprints(work: Work, options: argparse.Namespace) -> int:
    key = fingerprints.read_key(options.agreed)
    if options.to:
        write_whole(options.to, agreed.made(work, key))
    if options.compare:
        for case in agreed.shared(work, key, fingerprints.decode(read(options.compare))):
            print(case.name)
    return 0


def _proposed(work: Work, _options: argparse.Namespace) -> int:
    if not work.settings.workstation.referral.confirmed:
        say("NOTE: the criteria of the settings are not confirmed")
    for case, why in criteria.proposed(work):
        print(f"{case.name}  {', '.join(why)}")
    return 0


def _evaluation(work: Work, options: argparse.Namespace) -> int:
    write_whole(options.to, menpan.sheet(work, options.year))
    return 0


ACTS: Final[dict[str, Act]] = {
    "receivers": _receivers,
    "receiver-add": _add,
    "receiver-retire": _retire,
    "refer": _refer,
    "refer-mark": _mark,
    "refer-consent": _consent,
    "refer-seal": _seal,
    "refer-answer": _answer,
    "refer-proposed": _proposed,
    "evaluation": _evaluation,
    "fingerprints": _fingerprints,
}
