"""`dropbox triage prevention`: what recurs, and what was recommended against it, at the command line.

Rule: thin: what counts and who may see it is decided in triage.prevention.
"""

import argparse
from pathlib import Path
from typing import Final

from dropbox.disk.visible import visible
from dropbox.errors import RefusedError
from dropbox.triage.statistics import recommendations, recurrence
from dropbox.triage.vault.terminal import Act, Command, date, read_text, say
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    prevention = command("prevention", "what recurs within a year, and what was recommended against it")
    prevention.add_argument("act", choices=("list", "recommend", "finish"))
    prevention.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="of the recommendation to finish")
    prevention.add_argument("--kind", default="", help=f"one of {', '.join(recurrence.KINDS)}")
    prevention.add_argument("--subject", default="", help="as the list writes it")
    prevention.add_argument("--text-file", type=Path, metavar="F", help="what should change, or the result; no names")
    prevention.add_argument("--who", default="", help="the office or post that acts")
    prevention.add_argument("--due", type=date, metavar="YYYY-MM-DD", help="by when")


def _prevention(work: Work, options: argparse.Namespace) -> int:
    if options.act == "list":
        for one in recommendations.recurring(work, recurrence.last_year(work.today)):
            print(f"{one.kind}  {visible(one.subject)}  {len(one.cases)} cases")
        for made in recommendations.visible_to(work):
            days = f"due {date_of(made.due)}" + (f"  done {date_of(made.done)}" if made.done else "")
            print(f"{made.number}  {made.state(work.today)}  {visible(made.subject)}  {visible(made.who)}  {days}")
        return 0
    if options.text_file is None:
        raise RefusedError("name the text with --text-file")
    text = read_text(options.text_file)
    if options.act == "finish":
        recommendations.finish(work, options.number or 0, text)
        return 0
    about = (options.kind, options.subject)
    number = recommendations.recommend(work, about, text, options.who, options.due or 0)
    say(f"recommendation {number} is written down")
    return 0


ACTS: Final[dict[str, Act]] = {"prevention": _prevention}
