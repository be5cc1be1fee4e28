"""`dropbox triage`: the workstation at the command line.

Rule: data on stdout, words on stderr; 0 done, 1 refused or damaged, 2 wrong use. Decisions live in the modules below.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import Final

import sqlcipher3

from dropbox.disk.private import guard_process
from dropbox.errors import DropboxError, RefusedError
from dropbox.form import details
from dropbox.matching.names import check_name
from dropbox.settings import installation as settings_file
from dropbox.settings.installation import Settings
from dropbox.triage.access import orphans, permission, safeguarding
from dropbox.triage.cases import audit_log, casebook
from dropbox.triage.casework import merging, phrases, threads, transitions, wholes
from dropbox.triage.commands import (
    case_views,
    cases,
    files,
    maintenance,
    measures,
    office,
    oversight,
    prevention,
    referral,
    statistics,
    work,
)
from dropbox.triage.exchange import drive, restored
from dropbox.triage.intake import old_copy
from dropbox.triage.vault import anew, former, known_exports, second_copy, whole_copy
from dropbox.triage.vault.officer import NewOfficer, check_login, sole_login
from dropbox.triage.vault.schema import transaction
from dropbox.triage.vault.terminal import Act, asked, date, passphrase, read, read_text, say
from dropbox.triage.vault.vault import Vault, request_path
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import date_of, day_of
from dropbox.wire.keyring import parse_anchor

_VAULT_VARIABLE = "DROPBOX_VAULT"
_OFFICER_VARIABLE = "DROPBOX_OFFICER"
_FIRST_ROLE = "irjen"

DOUBTS: Final = {  # of vault.known_exports
    known_exports.OLD: "this export is not newer than {what}. If the server was restored or a clock was wrong, two"
    " officers may forget that one: `dropbox triage reset-export`",
    known_exports.AGAIN: "this export was taken in before",
    known_exports.DAMAGED: "a damaged export does not count",
    "signature": "WARNING: this export was changed on its way or made by somebody else: the server's key did not sign"
    " it. Tell whoever keeps the keys, and bring a new export",
    "certificate": "the server's certificate did not hold on the day of the export: the courier makes a request at the"
    " server (`dropbox courier request`) and brings it to the ceremony",
    "revoked": "WARNING: the key that signed this export has been revoked: bring an export of the server's new key",
    "future": "this export is dated in the future: compare the clocks of the server and of this machine",
}


def run(argv: list[str]) -> int:
    """Run `dropbox triage …`; returns the exit code."""
    guard_process()
    with contextlib.suppress(AttributeError):  # a terminal that lacks a sign shows its number
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        options = _parse(argv)
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else 2
    try:
        settings = settings_file.load(options.config)
        today = day_of(settings.today())
        if options.command == "init":
            return _init(settings, options)
        if options.command == "serve":
            from dropbox.triage.ui.serve import serve

            serve(settings, options.vault, options.port)
            return 0
        where = options.folder if options.command == "restore" else options.vault
        login = options.officer or os.environ.get(_OFFICER_VARIABLE) or sole_login(where)
        if options.command == "restore":
            return maintenance.restore(options, login, today)
        with Vault.open(options.vault, login, passphrase(options.passphrase_file)) as vault:
            work = Work(vault, settings, today)
            safeguarding.settle(work)
            for line in restored.steps(vault):
                say(line)
            return _ACTS[options.command](work, options)
    except DropboxError as error:
        say(str(error))
    except sqlcipher3.Error as error:
        say(f"vault.db could not be used ({type(error).__name__}); the second copy has a verified one")
    except OSError as error:
        say(f"a file could not be read or written: {error.strerror}")
    return 1


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dropbox triage", description="Open, sort and answer reports, off-line.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)

    def command(name: str, purpose: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=purpose, description=purpose)
        added.add_argument("--vault", type=Path, metavar="DIR", help=f"default: ${_VAULT_VARIABLE}")
        added.add_argument(
            "--officer", metavar="NAME", help=f"who you are; default: ${_OFFICER_VARIABLE}, or the only one"
        )
        added.add_argument("--passphrase-file", type=Path, metavar="FILE", help="default: ask")
        added.add_argument("--config", type=Path, metavar="FILE", help="settings; default: $DROPBOX_CONFIG")
        return added

    init = command("init", "make the vault of a desk, and its request for a certificate")
    init.add_argument("--desk", required=True, metavar="NAME", help="such as itjen")
    init.add_argument("--root", required=True, type=Path, metavar="FILE", help="root.pub of the ceremony")
    init.add_argument(
        "--name", help="the first officer's own name, by which reports about them are known (default: ask)"
    )
    init.add_argument(
        "--role", action="append", metavar="ROLE", help="of the settings; may be repeated (default: irjen)"
    )
    init.add_argument("--copy", type=Path, metavar="DIR", help="the second copy, on another disk (default: DIR.copy)")
    serve = command("serve", "the desk: the workstation's pages, for a browser on this machine alone")
    serve.add_argument("--port", type=int, default=8400)
    command("certificate", "install this station's certificate").add_argument("file", type=Path, metavar="CERTFILE")
    taken = command("import", "take in what the courier brought")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--old-copy", type=Path, metavar="DIR", help="an old vault or copy whose keys are tried as well")
    command("list", "all cases").add_argument("--json", action="store_true")
    show = command("show", "one case with everything in it")
    show.add_argument("--json", action="store_true")
    show.add_argument("--whole", action="store_true", help="only the texts that were cut, as they came")
    answer = command("answer", "give a case a status and its reporter an answer")
    answer.add_argument("--status", required=True, metavar="CODE")
    answer.add_argument("--text-file", type=Path, metavar="F", help="UTF-8; no names, no facts (default: the phrase)")
    answer.add_argument("--next", type=date, metavar="YYYY-MM-DD", help="default: by the service days")
    answer.add_argument("--target", metavar="BODY", help="of a referral: a code of the settings")
    for added in (show, answer):
        added.add_argument("case", metavar="CASE")
    command("publish", "write what the courier carries back").add_argument("file", type=Path, metavar="FILE")
    again = command("copy", "bring the second copy up to date and verify it")
    again.add_argument(
        "--destroyed", type=Path, metavar="DIR", help="the disk with a former copy was destroyed: forget it"
    )
    again.add_argument("--to", type=Path, metavar="DIR", help="begin a new one: the old one is lost")
    for area in _AREAS:
        area.add_commands(command)

    options = parser.parse_args(argv)
    if options.vault is None:
        if not os.environ.get(_VAULT_VARIABLE):
            parser.error(f"name the vault with --vault DIR or {_VAULT_VARIABLE}")
        options.vault = Path(os.environ[_VAULT_VARIABLE])
    return options


def _init(settings: Settings, options: argparse.Namespace) -> int:
    anchor = parse_anchor(read(options.root))
    folder: Path = options.vault
    beside = folder.resolve()
    second: Path = options.copy or beside.with_name(f"{beside.name}.copy")
    login = options.officer or os.environ.get(_OFFICER_VARIABLE) or asked("Login of the first officer", "--officer")
    name = options.name or asked("The first officer's own name", "--name")
    roles = tuple(options.role or [_FIRST_ROLE])
    if not set(roles) <= settings.workstation.roles.keys():
        raise RefusedError(f"there is no such role; the settings have {', '.join(settings.workstation.roles)}")
    check_login(login)  # before a passphrase is thought of
    check_name(name)
    first = NewOfficer(login, name, roles, passphrase(options.passphrase_file, is_new=True))
    with Vault.create(folder, copy=second, desk=options.desk, anchor=anchor, first=first) as vault:
        second_copy.sync(vault)
        request = request_path(vault.folder, vault.desk)
    if options.copy is None:
        say(f"WARNING: the second copy is in {second}: it belongs on another disk (--copy DIR)")
    say("carry the request to the ceremony, then install what it gives with `dropbox triage certificate`")
    print(request)
    return 0


def _certificate(work: Work, options: argparse.Namespace) -> int:
    certificate = drive.install_certificate(work, read(options.file))
    say(f"the station of {certificate.desk} is certified until {date_of(certificate.last)}")
    return 0


def _import(work: Work, options: argparse.Namespace) -> int:
    old = None
    if options.old_copy:
        typed = passphrase(options.passphrase_file, prompt="Your passphrase in the old copy: ")
        old = old_copy.keys(work.vault, options.old_copy, work.vault.officer.login, typed)
    done = drive.take_in(work, options.file, old)
    for line in (*done.aside, *done.notes):
        say(line)
    say(
        f"{done.opened} opened, {done.other_desks} for other desks, {len(done.aside)} set aside,"
        f" {done.known} known before"
    )
    if done.unopened:
        say(f"{done.unopened} cannot be opened with the new keys")
    if done.no_key:
        say(f"{done.no_key} are of epochs before the first of which this desk had a key")
    if done.doubt:
        known = done.remembered
        what = f"number {known.number} of {date_of(known.day)}" if known.day else "any"
        say(f"{DOUBTS[done.doubt].format(what=what)}. No key of past weeks was destroyed")
    if done.overdue:
        say(f"{done.overdue} keys are past their grace and wait for an export that counts")
    if done.cases:
        say(f"new or added to: {', '.join(sorted(done.cases))}")
    _warn(work)
    return 0 if done.is_whole and not done.aside else 1


def _list(work: Work, options: argparse.Namespace) -> int:
    permission.permit(work, "case.read")
    if options.json:
        print(
            case_views.to_json(
                [case_views.case_object(work.vault, case) for case in casebook.visible_cases(work.vault)]
            )
        )
    else:
        print("\n".join(case_views.list_lines(work.vault)))
    _warn(work)
    if waiting := anew.unopened(work.vault):
        say(anew.sentence(waiting))
    return 0


def _warn(work: Work) -> None:
    """Name the cases that nobody may open: in no list, and their reporters wait."""
    for line in orphans.lines(work):
        say(line)


def _show(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    if options.whole:
        print("\n".join(case_views.whole_lines(wholes.read(work, case))))
        return 0
    threads.mark_read(work, case)
    if options.json:
        merged = [casebook.case_of(work.vault, number) for number in merging.followers(work.vault, case.number)]
        more = {"merged": [case_views.case_object(work.vault, one) for one in merged]} if merged else {}
        print(case_views.to_json(case_views.case_object(work.vault, case) | more))
    else:
        # Reading marks what was merged into it as read, so that it must stand there as well.
        form = details.form_of(work.settings)
        for one in (
            case,
            *(casebook.case_of(work.vault, number) for number in merging.followers(work.vault, case.number)),
        ):
            print(
                "\n".join(
                    (*case_views.case_lines(work.vault, form, one), "", *files.finding_lines(work.vault, one))
                ).rstrip()
            )
    return 0


def _answer(work: Work, options: argparse.Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    text = read_text(options.text_file) if options.text_file else ""
    for warning in phrases.warnings(work.vault, case, text):
        say(f"WARNING: {warning}")
    draft = permission.Draft(options.status, text, options.next, options.target or "")
    entry = transitions.answer(work, case, draft)
    due = f", next date {date_of(entry.next)}" if entry.next else ""
    if not case.proven:
        say("NOTE: this case's sender did not prove to have its thread's secret: nobody will read the answer")
    say(f"{case.name} is {entry.status}{due}; it goes out with the next `dropbox triage publish`")
    return 0


def _publish(work: Work, options: argparse.Namespace) -> int:
    drive.give_out(work, options.file, say)
    _warn(work)
    say("written: carry it to the server, `dropbox courier import`")
    return 0


def _copy(work: Work, options: argparse.Namespace) -> int:
    permission.permit(work, "vault.care")
    if options.destroyed:
        with transaction(work.vault.db):
            former.forget_destroyed(work.vault, options.destroyed.absolute())
            audit_log.write(work.vault, "vault.copy", destroyed=1)
        say("forgotten: the disk of that former copy is said to be destroyed")
        return 0
    failed = (
        second_copy.begin_anew(work.vault, options.to, say) if options.to else whole_copy.mend(work.vault, work.today)
    )
    with transaction(work.vault.db):  # afterwards: a vault that is behind its copy goes no further
        audit_log.write(work.vault, "vault.copy", anew=int(options.to is not None))
    for line in failed:
        say(line)
    say(
        f"the second copy in {work.vault.copy_folder} was read again"
        + (", but for what is named above" if failed else "")
    )
    return 1 if failed else 0


_AREAS = (
    *(cases, files, office, work, measures),
    *(statistics, prevention, oversight, maintenance, referral),
)
_ACTS: dict[str, Act] = {
    "certificate": _certificate,
    "import": _import,
    "list": _list,
    "show": _show,
    "answer": _answer,
    "publish": _publish,
    "copy": _copy,
} | {name: act for area in _AREAS for name, act in area.ACTS.items()}
