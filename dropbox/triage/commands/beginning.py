"""Runs `dropbox triage init` and `restore`, which create a vault.

Rule: nothing is created before every name was checked and the passphrase was typed.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.terminal import asked, say
from dropbox.errors import RefusedError
from dropbox.matching.names import check_name
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.settings.installation import Settings
from dropbox.triage.commands.command import Beginning
from dropbox.triage.commands.terminal import login_of, read
from dropbox.triage.maintenance import restoring
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.officer import NewOfficer, check_login
from dropbox.triage.vault.vault import request_path
from dropbox.wire.calendar import day_of
from dropbox.wire.keyring import parse_anchor

_FIRST_ROLE: Final = "irjen"


def _init_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--desk", required=True, metavar="NAME", help=words_of("help.desk"))
    parser.add_argument("--root", required=True, type=Path, metavar="FILE", help=words_of("help.root-ceremony"))
    parser.add_argument("--name", help=words_of("help.name"))
    parser.add_argument("--role", action="append", metavar="ROLE", help=words_of("help.role"))
    parser.add_argument("--copy", type=Path, metavar="DIR", help=words_of("help.init-copy"))


def _init(settings: Settings, options: Namespace) -> int:
    anchor = parse_anchor(read(options.root))
    folder: Path = options.vault
    second: Path = options.copy or _copy_beside(folder.resolve())
    login = login_of(options) or asked(words_of("command.first-login"), "--officer")
    name = options.name or asked(words_of("command.first-name"), "--name")
    roles = tuple(options.role or [_FIRST_ROLE])
    if not set(roles) <= settings.workstation.roles.keys():
        raise RefusedError("officer.role", codes=", ".join(settings.workstation.roles))
    check_login(login)
    check_name(name)
    first = NewOfficer(login, name, roles, ask_passphrase(options.passphrase_file, is_new=True))
    with create_vault(folder, copy=second, desk=options.desk, anchor=anchor, first=first) as vault:
        second_copy.sync(vault)
        request = request_path(vault.folder, vault.desk)
    if options.copy is None:
        say(Sentence("command.copy-same-disk", copy=second))
    say(Sentence("command.carry-request"))
    print(request)
    return 0


def _copy_beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.copy")


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words_of("help.backup"))
    parser.add_argument("--copy", type=Path, metavar="DIR", help=words_of("help.restore-copy"))


def _restore(settings: Settings, options: Namespace) -> int:
    to: Path = options.vault
    second: Path = options.copy or _copy_beside(to)
    login, today = login_of(options, options.folder), day_of(settings.today())
    for line in restoring.restore(options.folder, to, second, login, ask_passphrase(options.passphrase_file), today):
        say(line)
    say(Sentence("command.vault-made", vault=to.name, copy=second.name))
    return 0


COMMANDS: Final = (Beginning("init", _init, _init_arguments), Beginning("restore", _restore, _restore_arguments))
