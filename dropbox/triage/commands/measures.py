"""`dropbox triage measure` and `policies`: rewards, sanctions and protection at the command line.

Rule: thin: what each measure needs is decided in casework.measures.
"""

import argparse
from typing import Final

from dropbox.disk.visible import visible
from dropbox.triage.cases import casebook
from dropbox.triage.casework import measures
from dropbox.triage.oversight import policies
from dropbox.triage.vault.terminal import Act, Command, date, say
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of

_NUMBER_DIGITS: Final = 9


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    measure = command("measure", "rewards, sanctions and protection beside a case: list, add, finish")
    measure.add_argument("act", choices=("list", "add", "finish"))
    measure.add_argument("what", metavar="CASE|NUMBER", help="a case, or the number of the measure to finish")
    measure.add_argument("--kind", default="", help=f"one of {', '.join(measures.KINDS)}")
    measure.add_argument("--date", type=date, metavar="YYYY-MM-DD", help="on which it was decided (default: today)")
    measure.add_argument("--decider", default="", help="the office or post that decided")
    measure.add_argument("--result", default="", help=f"one of {', '.join(measures.RESULTS)}")
    shown = command("policies", "what the rules say on duty, reward, sanctions and protection")
    shown.add_argument("--lang", choices=("id", "en"), default="id")


def _measure(work: Work, options: argparse.Namespace) -> int:
    if options.act == "finish":
        what: str = options.what
        is_number = what.isascii() and what.isdigit() and len(what) <= _NUMBER_DIGITS
        measures.finish(work, int(what) if is_number else 0, options.result)
        return 0
    case = casebook.find_case(work.vault, options.what)
    if options.act == "add":
        day = work.today if options.date is None else options.date
        number = measures.add(work, case, options.kind, day, options.decider)
        say(f"measure {number} is written down")
        return 0
    for one in measures.of_case(work, case):
        print(f"{one.number}  {date_of(one.day)}  {one.kind}  {one.result}  {visible(one.decider)}")
    return 0


def _policies(work: Work, options: argparse.Namespace) -> int:
    for one in policies.load(work.settings):
        note = "" if one.confirmed else "  NOT CONFIRMED by the inspectorate"
        print(f"{one.title[options.lang]}: {one.text[options.lang]}\n    {one.source}, {one.date}{note}")
    return 0


ACTS: Final[dict[str, Act]] = {"measure": _measure, "policies": _policies}
