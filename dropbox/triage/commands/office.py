"""`dropbox triage officer` and `log`: who works at the desk, and what they did."""

import argparse
from pathlib import Path
from typing import Final

from dropbox.errors import MalformedError
from dropbox.matching.names import check_name
from dropbox.triage.access import officers, permission
from dropbox.triage.cases import audit_log
from dropbox.triage.commands.case_views import to_json
from dropbox.triage.vault.officer import NewOfficer
from dropbox.triage.vault.terminal import Act, Command, asked, passphrase, say
from dropbox.triage.vault.work import Work

_FORGOTTEN: Final = (
    "a forgotten passphrase cannot be reset by anybody: remove the login, and add another for the person"
)


def add_commands(command: Command) -> None:
    """Add the commands of this part."""
    officer = command("officer", f"let officers in, change them, show them out; {_FORGOTTEN}")
    officer.add_argument("act", choices=_OFFICER_ACTS)
    officer.add_argument("login", nargs="?", metavar="LOGIN", help="of the officer that it is about")
    officer.add_argument("--name", help="as the log and letters call them")
    officer.add_argument("--unit", help="whose reports they may not see")
    officer.add_argument("--role", action="append", metavar="ROLE", help="of the settings; may be repeated")
    officer.add_argument("--lang", help="of the pages: id or en")
    officer.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help="default: ask")
    officer.add_argument("--lose-identities", action="store_true", help="remove although identities can then be lost")
    shown = command("log", "who did what, oldest first")
    shown.add_argument("--verify", action="store_true", help="only say whether the chain is whole, and its head")
    shown.add_argument("--json", action="store_true")


def _officer(work: Work, options: argparse.Namespace) -> int:
    if options.act not in ("list", "passphrase") and not options.login:
        raise MalformedError("name the officer: `dropbox triage officer ACT LOGIN`")
    return _OFFICER_ACTS[options.act](work, options)


def _add(work: Work, options: argparse.Namespace) -> int:
    permission.permit(work, officers.MANAGE)  # before anybody types a passphrase
    name = check_name(options.name or asked("The officer's own name", "--name"))
    typed = passphrase(options.new_passphrase_file, is_new=True, prompt=f"Passphrase of {options.login}: ")
    roles = tuple(options.role or ())
    officers.add(work, NewOfficer(options.login, name, roles, typed, options.unit or ""))
    say(f"{options.login} can open this vault now")
    return 0


def _list(work: Work, _options: argparse.Namespace) -> int:
    permission.permit(work, officers.MANAGE)
    for one in officers.all_officers(work.vault):
        state = "" if one.active else "  (has left)"
        print(f"{one.login}  {one.name}  {one.unit or '-'}  {' '.join(one.roles)}{state}")
    return 0


def _change(work: Work, options: argparse.Namespace) -> int:
    roles = tuple(options.role) if options.role else None
    officers.change(work, options.login, officers.Change(options.name, options.unit, roles, options.lang))
    say(f"{options.login} was changed")
    return 0


def _remove(work: Work, options: argparse.Namespace) -> int:
    if not officers.remove(work, options.login, lose_identities=options.lose_identities):
        say("WARNING: the second copy still lets them in: connect its disk and run `dropbox triage copy`")
    say(f"{options.login} cannot open this vault any more; a copy of it that they carried away they still can")
    return 0


def _passphrase(work: Work, options: argparse.Namespace) -> int:
    if options.login not in (None, work.vault.officer.login):
        raise MalformedError(f"everybody changes their own passphrase; {_FORGOTTEN}")
    old = passphrase(options.passphrase_file, prompt="The old passphrase once more: ")
    officers.change_passphrase(
        work.vault, old, passphrase(options.new_passphrase_file, is_new=True, prompt="The new one: ")
    )
    say("the new passphrase holds from now on")
    return 0


def _log(work: Work, options: argparse.Namespace) -> int:
    permission.permit(work, "log.read")
    if options.verify:
        count = audit_log.verify(work.vault)
        say(f"the log has {count} lines, each continues the one before; write down the head:")
        print(audit_log.head(work.vault)[1].hex())
        return 0
    for line in audit_log.shown(work.vault):
        if options.json:
            words = {"number": line.number, "at": line.at, "officer": line.officer, "action": line.action}
            print(to_json(words | {"case": line.case, "details": line.details}))
        else:
            details = " ".join(f"{name}={value}" for name, value in line.details.items())
            print(f"{line.number}  {line.at}  {line.officer}  {line.action}  {line.case or '-'}  {details}".rstrip())
    return 0


_OFFICER_ACTS: Final = {"add": _add, "list": _list, "roles": _change, "passphrase": _passphrase, "remove": _remove}
ACTS: Final[dict[str, Act]] = {"officer": _officer, "log": _log}
