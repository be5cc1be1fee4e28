"""`dropbox triage` refuse, approve, protect, enter and their like: the work on cases at the command line.

Rule: thin: every decision is made by the functions of triage.work and triage.office.
"""

import argparse
import mimetypes
from pathlib import Path
from typing import Final

from dropbox.disk.private import write_whole
from dropbox.disk.visible import visible
from dropbox.errors import NotFoundError, RefusedError
from dropbox.triage import decisions
from dropbox.triage.access import identity
from dropbox.triage.access.identity import Credentials
from dropbox.triage.cases import casebook
from dropbox.triage.cases.origins import ORIGINS
from dropbox.triage.cases.reasons import REASONS
from dropbox.triage.casework import claims, due, letters, protection, refusal, resetting, retention
from dropbox.triage.intake import csv_entry, manual_entry
from dropbox.triage.vault.terminal import Act, Command, date, open_file, passphrase, read, read_text, say
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    command("due", "cases whose day has passed, and questions that were left unanswered")
    refuse = command("refuse", "propose to refuse a case; a second officer decides")
    refuse.add_argument("case", metavar="CASE")
    refuse.add_argument("--reason", required=True, help=f"one of {', '.join(REASONS)}")
    refuse.add_argument("--reference", default="", help="number of the court's case")
    refuse.add_argument("--target", default="", help="where the reporter can go instead: a code of the settings")
    refuse.add_argument("--grounds", default="", help="for the second officer")
    command("service", "go on with a case as one about services").add_argument("case", metavar="CASE")
    command("proposals", "what waits for a second officer")
    for name, purpose in (("approve", "decide as the second officer, and do it"), ("decline", "leave it")):
        command(name, purpose).add_argument("number", type=int, metavar="NUMBER")
    protect = command("protect", "requests for protection: list, open, answer, say")
    protect.add_argument("act", choices=_PROTECT)
    protect.add_argument("what", nargs="?", default="", metavar="CASE|NUMBER", help="a case to open, else a request")
    protect.add_argument("--kind", default="", help=f"one of {', '.join(protection.KINDS)}")
    protect.add_argument("--outcome", default="", help=f"one of {', '.join(protection.OUTCOMES)}")
    protect.add_argument("--text-file", type=Path, metavar="F", help="what the reporter reads (default: the phrase)")
    enter = command("enter", "key in a letter or a walk-in; prints receipt code and passphrase once")
    enter.add_argument("--origin", required=True, help=f"one of {', '.join(ORIGINS)}")
    enter.add_argument("--date", type=date, metavar="YYYY-MM-DD", help="of the letter (default: today)")
    enter.add_argument("--channel", default="dumas")
    enter.add_argument("--category", default="tidak-tahu")
    enter.add_argument("--what-file", required=True, type=Path, metavar="F", help="what happened, UTF-8")
    for name in ("who", "where", "when"):
        enter.add_argument(f"--{name}", default="")
    enter.add_argument("--lang", default="id")
    enter.add_argument("--receipt", type=Path, metavar="FILE", help="a PDF to print; destroy it afterwards")
    enter.add_argument("--scan", action="append", type=Path, default=[], metavar="FILE", help="may be repeated")
    table = command("import-csv", "key in a register of many cases")
    table.add_argument("file", type=Path, metavar="FILE")
    table.add_argument("--origin", default="surat", help="of rows that name none")
    command("claim-challenge", "a challenge for whoever says to have written a case").add_argument(
        "case", metavar="CASE"
    )
    check = command("claim-check", "check a claim of authorship")
    check.add_argument("case", metavar="CASE")
    check.add_argument("file", type=Path, metavar="FILE")
    delete = command("delete", "propose a deletion; without a case: what may be deleted")
    delete.add_argument("case", nargs="?", metavar="CASE")
    delete.add_argument("--epoch", type=int, metavar="N", help="propose to destroy an epoch key that waits too long")
    command("reset-export", "propose to forget which export was the newest, after a restored server or a wrong clock")
    clear = command("clear", "write the letter (PDF) that clears a reported person")
    clear.add_argument("case", metavar="CASE")
    clear.add_argument("file", type=Path, metavar="FILE")
    for name in ("name", "position", "unit", "number", "signer", "signer-title"):
        clear.add_argument(f"--{name}", required=True)
    clear.add_argument("--place", default="Jakarta")
    who = command("identity", "seal who a reporter is, open it with a second officer, share it with new officers")
    who.add_argument("act", choices=_IDENTITY)
    who.add_argument("case", nargs="?", default="", metavar="CASE")
    who.add_argument("--text-file", type=Path, metavar="F")
    who.add_argument("--with", dest="second", metavar="LOGIN", help="the second officer")
    who.add_argument("--second-passphrase-file", type=Path, metavar="FILE", help="default: ask")
    who.add_argument("--reason", default="", help=f"one of {', '.join(identity.REASONS)}")


def _due(work: Work, _options: argparse.Namespace) -> int:
    for case in due.overdue(work):
        note = "  the question was left unanswered" if due.is_expired(case, work.today) else ""
        print(f"{case.name}  {case.status}  {date_of(case.due)}{note}")
    return 0


def _refuse(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    asked = refusal.Refusal(options.reason, options.reference, options.target, options.grounds)
    number = refusal.propose(work, case, asked)
    say(f"proposal {number}: a second officer decides with `dropbox triage approve {number}` or `decline`")
    return 0


def _service(work: Work, options: argparse.Namespace) -> int:
    refusal.to_service(work, casebook.find_case(work.vault, options.case))
    return 0


def _proposals(work: Work, _options: argparse.Namespace) -> int:
    for one in decisions.waiting(work):
        about = casebook.case_name(work.vault.desk, one.case) if one.case else "-"
        details = " ".join(f"{name}={visible(str(value))}" for name, value in one.details.items() if value)
        print(f"{one.number}  {date_of(one.day)}  {one.proposer}  {one.action}  {about}  {details}".rstrip())
    return 0


def _approve(work: Work, options: argparse.Namespace) -> int:
    for line in decisions.approve(work, options.number):
        say(line)
    return 0


def _decline(work: Work, options: argparse.Namespace) -> int:
    decisions.decline(work, options.number)
    say("declined; nothing else was changed")
    return 0


def _protect(work: Work, options: argparse.Namespace) -> int:
    text = read_text(options.text_file) if options.text_file else ""
    if options.act == "list":
        for one in protection.waiting(work):
            name = casebook.case_name(work.vault.desk, one.case)
            print(f"{one.number}  {name}  {one.kind}  asked {date_of(one.asked)}  due {date_of(one.due)}")
    elif options.act == "open":
        case = casebook.find_case(work.vault, options.what)
        say(f"request {protection.open_request(work, case, options.kind)} is open")
    elif options.act == "answer":
        protection.answer(work, _number(options.what), options.outcome, text)
    else:
        protection.say(work, _number(options.what), text)
    return 0


def _number(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit():
        raise NotFoundError("name the request by its number: `dropbox triage protect list` shows them")
    return int(typed)


def _enter(work: Work, options: argparse.Namespace) -> int:
    kinds = {path: mimetypes.guess_type(path.name)[0] or "application/octet-stream" for path in options.scan}
    typed = manual_entry.Typed(
        origin=options.origin,
        day=work.today if options.date is None else options.date,
        channel=options.channel,
        category=options.category,
        fields={
            "what": read_text(options.what_file),
            **{one: getattr(options, one) for one in ("who", "where", "when")},
        },
        lang=options.lang,
        scans=tuple(manual_entry.Scan(path, path.name, kinds[path]) for path in options.scan),
    )
    entered = manual_entry.enter(work, typed)
    say(f"{entered.case.name} was made. Code and passphrase are shown this once, for the reporter alone:")
    if options.receipt:
        write_whole(options.receipt, letters.receipt(work.settings, entered.secret, work.today, options.lang))
    print(entered.secret.code)
    print(entered.secret.words)
    return 0


def _import_csv(work: Work, options: argparse.Namespace) -> int:
    with open_file(options.file) as file:
        raw = file.read(csv_entry.FILE_MAX_BYTES + 1)
    done = csv_entry.import_csv(work, raw, options.origin)
    for number, why in done.bad:
        say(f"row {number} was left out: {why}")
    say(f"{done.entered} cases made, {done.known} rows known before, {len(done.bad)} left out")
    return 1 if done.bad else 0


def _challenge(work: Work, options: argparse.Namespace) -> int:
    print(claims.challenge(work, casebook.find_case(work.vault, options.case, deleted=True)).hex())
    return 0


def _claim_check(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case, deleted=True)
    statement = claims.check(work, case, read(options.file))
    say(f"proven: whoever made this claim has code and words of {case.name}. Their statement:")
    print("\n".join(map(visible, statement.splitlines())))
    return 0


def _delete(work: Work, options: argparse.Namespace) -> int:
    if options.epoch is not None:
        number = retention.propose_epoch(work, options.epoch)
    elif options.case:
        number = retention.propose(work, casebook.find_case(work.vault, options.case))
    else:
        for case in retention.spent(work):
            print(f"{case.name}  {case.status}  ended {date_of(case.closed)}")
        for epoch in retention.epochs_waiting(work.vault, work.today):
            print(f"epoch {epoch}")
        return 0
    say(f"proposal {number}: a second officer decides with `dropbox triage approve {number}` or `decline`")
    return 0


def _reset_export(work: Work, _options: argparse.Namespace) -> int:
    number = resetting.propose(work)
    say(f"proposal {number}: a second officer decides with `dropbox triage approve {number}` or `decline`")
    return 0


def _identity(work: Work, options: argparse.Namespace) -> int:
    if options.act == "seal":
        if options.text_file is None:
            raise RefusedError("name the file with --text-file, and destroy it afterwards")
        case = casebook.find_case(work.vault, options.case)
        identity.enter(work, case, read_text(options.text_file))
        return 0
    if not options.second:
        raise RefusedError("it takes two officers: name the second one with --with")
    own = passphrase(options.passphrase_file, prompt=f"Passphrase of {work.vault.officer.login}: ")
    other = passphrase(options.second_passphrase_file, prompt=f"Passphrase of {options.second}: ")
    both = (Credentials(work.vault.officer.login, own), Credentials(options.second, other))
    if options.act == "share":
        say(f"{identity.share_anew(work, both)} identities were shared anew")
        return 0
    for number in identity.numbers(work.vault, casebook.find_case(work.vault, options.case)):
        print("\n".join(map(visible, identity.open_together(work, number, both, options.reason).splitlines())))
    return 0


def _clear(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    typed = (options.name, options.position, options.unit, options.number, options.signer, options.signer_title)
    write_whole(options.file, letters.clear(work, case, letters.Clearing(*typed, options.place)))
    return 0


_PROTECT: Final = ("list", "open", "answer", "say")
_IDENTITY: Final = ("seal", "open", "share")
ACTS: Final[dict[str, Act]] = {
    "due": _due,
    "refuse": _refuse,
    "service": _service,
    "proposals": _proposals,
    "approve": _approve,
    "decline": _decline,
    "protect": _protect,
    "enter": _enter,
    "import-csv": _import_csv,
    "claim-challenge": _challenge,
    "claim-check": _claim_check,
    "delete": _delete,
    "reset-export": _reset_export,
    "clear": _clear,
    "identity": _identity,
}
