"""`dropbox triage list`, `show`, `answer`, `withdraw`, `import-csv`, `identity share`: cases for scripts and registers.

Rule: a reporter's words reach a terminal through `visible` or as ASCII JSON; no decision is made in here.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.terminal import say
from dropbox.errors import NotFoundError
from dropbox.form import details
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.triage.access import identity
from dropbox.triage.access.identity import Credentials
from dropbox.triage.access.permission import Draft
from dropbox.triage.cases import casebook
from dropbox.triage.casework import merging, phrases, threads, transitions, wholes
from dropbox.triage.casework.outgoing import preview, withdrawal
from dropbox.triage.commands import case_views
from dropbox.triage.commands.command import Command
from dropbox.triage.commands.exchange import warn_of_orphans
from dropbox.triage.commands.files import finding_lines
from dropbox.triage.commands.terminal import date, open_file, read_text
from dropbox.triage.intake import csv_entry
from dropbox.triage.tables.outgoing.tellings import Telling
from dropbox.triage.vault import anew
from dropbox.triage.vault.work import Work
from dropbox.vocabulary.vocabulary import Named
from dropbox.wire.calendar import date_of


def _list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=words_of("help.json"))


def _list(work: Work, options: Namespace) -> int:
    vault = work.vault
    if options.json:
        print(case_views.to_json([case_views.case_object(vault, case) for case in casebook.visible_cases(vault)]))
    else:
        print("\n".join(case_views.list_lines(vault)))
    warn_of_orphans(work)
    if waiting := anew.unopened(vault):
        say(anew.sentence(waiting))
    return 0


def _show_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=words_of("help.json"))
    parser.add_argument("--whole", action="store_true", help=words_of("help.whole"))
    parser.add_argument("case", metavar="CASE", help=words_of("help.case"))


def _show(work: Work, options: Namespace) -> int:
    vault = work.vault
    case = casebook.find_case(vault, options.case)
    if options.whole:
        print("\n".join(case_views.whole_lines(wholes.read(work, case))))
        return 0
    threads.mark_read(work, case)
    # Reading also marks the merged cases as read, so they must be shown too.
    followers = [casebook.case_of(vault, number) for number in merging.followers(vault, case.number)]
    if options.json:
        more = {"merged": [case_views.case_object(vault, one) for one in followers]} if followers else {}
        print(case_views.to_json(case_views.case_object(vault, case) | more))
        return 0
    form = details.form_of(work.settings)
    for one in (case, *followers):
        print("\n".join((*case_views.case_lines(vault, form, one), "", *finding_lines(vault, one))).rstrip())
    return 0


def _answer_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--status", required=True, metavar="CODE", help=words_of("help.status"))
    parser.add_argument("--text-file", type=Path, metavar="F", help=words_of("help.answer-text"))
    parser.add_argument("--next", type=date, metavar="YYYY-MM-DD", help=words_of("help.next"))
    parser.add_argument("--target", metavar="BODY", help=words_of("help.target"))
    parser.add_argument("--preview", action="store_true", help=words_of("help.preview"))
    parser.add_argument("--instead", action="store_true", help=words_of("help.instead"))
    parser.add_argument("case", metavar="CASE", help=words_of("help.case"))


def _answer(work: Work, options: Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    text = read_text(options.text_file) if options.text_file else ""
    for warning in phrases.warnings(work.vault, case, text):
        say(Sentence("command.warning", what=warning))
    draft = Draft(options.status, text, options.next, options.target or "")
    instead = _newest(work, case) if options.instead else None
    if options.preview:
        told = preview.told(work, lambda: transitions.answer(work, case, draft, instead))
        print("\n".join(case_views.told_lines(told)))
        return 0
    entry = transitions.answer(work, case, draft, instead)
    if not case.proven:
        say(Sentence("command.never-proven"))
    status = _status(work, case)
    if entry.next:
        say(Sentence("command.answered-next", case=case.name, status=status, day=date_of(entry.next)))
    else:
        say(Sentence("command.answered", case=case.name, status=status))
    return 0


def _status(work: Work, case: casebook.Case) -> Named:
    """Return the status that a case has now, as words: a new entry with the same status has none of its own."""
    return Named("status", casebook.case_of(work.vault, case.number).status)


def _newest(work: Work, case: casebook.Case) -> Telling:
    """Return what was told last of a case and may be taken back; raises NotFoundError."""
    found = withdrawal.newest(work, case)
    if found is None:
        raise NotFoundError("telling.left")
    return found


def _withdraw_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help=words_of("help.case"))


def _withdraw(work: Work, options: Namespace) -> int:
    case = casebook.find_case(work.vault, options.case)
    withdrawal.withdraw(work, _newest(work, case))
    say(Sentence("command.taken-back", case=case.name, status=_status(work, case)))
    return 0


def _import_csv_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=words_of("help.csv"))
    parser.add_argument("--origin", default="surat", help=words_of("help.origin"))


def _import_csv(work: Work, options: Namespace) -> int:
    with open_file(options.file) as file:
        raw = file.read(csv_entry.FILE_MAX_BYTES + 1)
    done = csv_entry.import_csv(work, raw, options.origin)
    for number, why in done.bad:
        say(Sentence("command.row-left-out", number=number, why=why))
    say(Sentence("command.register-taken", made=done.entered, known=done.known, out=len(done.bad)))
    return 1 if done.bad else 0


def _share_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--with", dest="second", required=True, metavar="LOGIN", help=words_of("help.second"))
    parser.add_argument("--second-passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))


def _share(work: Work, options: Namespace) -> int:
    own = ask_passphrase(
        options.passphrase_file, question=words_of("command.passphrase-of", login=work.vault.officer.login)
    )
    other = ask_passphrase(
        options.second_passphrase_file,
        question=words_of("command.passphrase-of", login=options.second),
        option="--second-passphrase-file",
    )
    both = (Credentials(work.vault.officer.login, own), Credentials(options.second, other))
    say(Sentence("command.shared-anew", count=identity.share_anew(work, both)))
    return 0


COMMANDS: Final = (
    Command("list", _list, _list_arguments),
    Command("show", _show, _show_arguments),
    Command("answer", _answer, _answer_arguments),
    Command("withdraw", _withdraw, _withdraw_arguments),
    Command("import-csv", _import_csv, _import_csv_arguments),
    Command("identity share", _share, _share_arguments),
)
