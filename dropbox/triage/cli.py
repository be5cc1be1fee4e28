"""`dropbox triage`: the commands of the workstation that run unattended, or before the desk's pages can be opened.

Rule: data on stdout, words on stderr; 0 done, 1 refused or damaged, 2 wrong use. Which commands there are, and what act
each needs, is in the table of tasks; what they do is in triage.commands and below.
"""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

import sqlcipher3

from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.private import guard_process
from dropbox.disk.terminal import say
from dropbox.errors import DropboxError
from dropbox.sentences.catalogue import Sentence, spoken, words_of
from dropbox.sentences.parser import PORT_MAX, Parser, between
from dropbox.settings import installation as settings_file
from dropbox.settings.installation import Settings
from dropbox.triage.access import permission, safeguarding
from dropbox.triage.commands import beginning, cases, exchange, files, maintenance, practice, records
from dropbox.triage.commands.command import Beginning, Command
from dropbox.triage.commands.terminal import OFFICER_VARIABLE, login_of
from dropbox.triage.exchange import restored
from dropbox.triage.tasks import TASKS, page_title
from dropbox.triage.vault.vault import PAGES_OPEN, Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import day_of

_VAULT_VARIABLE: Final = "DROPBOX_VAULT"


def _serve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=between(0, PORT_MAX), default=8400, help=words_of("help.desk-port"))


def _serve(settings: Settings, options: Namespace) -> int:
    from dropbox.triage.ui.serve import serve  # no other command loads the pages and their server

    serve(settings, options.vault, options.port)
    return 0


COMMANDS: Final[dict[str, Command | Beginning]] = {
    command.name: command
    for command in (
        Beginning("serve", _serve, _serve_arguments),
        *beginning.COMMANDS,
        *cases.COMMANDS,
        *exchange.COMMANDS,
        *files.COMMANDS,
        *maintenance.COMMANDS,
        *practice.COMMANDS,
        *records.COMMANDS,
    )
}


def parser() -> Parser:
    """Return the parser of `dropbox triage …` in this process's language; parsing runs nothing."""
    language = spoken()
    top = Parser(prog="dropbox triage", description=words_of("help.triage-about"))
    names = top.commands()
    groups = {"": names}
    for task in TASKS.values():
        if not task.purpose:
            continue
        group, _, name = task.name.rpartition(" ")
        if group not in groups:
            said = "; ".join(one.purpose[language] for one in TASKS.values() if one.name.startswith(f"{group} "))
            of_group = names.add_parser(group, help=said, description=said)
            groups[group] = of_group.commands()
        said = task.purpose[language]
        added = groups[group].add_parser(
            name, help=said, description=said, epilog=words_of("help.page") if task.page else None
        )
        _add_common(added)
        COMMANDS[task.name].arguments(added)
        added.set_defaults(chosen=COMMANDS[task.name])
    return top


def _add_common(added: ArgumentParser) -> None:
    added.add_argument("--vault", type=Path, metavar="DIR", help=words_of("help.vault", variable=_VAULT_VARIABLE))
    added.add_argument("--officer", metavar="NAME", help=words_of("help.officer", variable=OFFICER_VARIABLE))
    added.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))
    added.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.triage-config"))


def run(argv: list[str]) -> int:
    """Run `dropbox triage …`; return the exit code."""
    guard_process()
    try:
        options = _parse(argv)
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else 2
    try:
        settings = settings_file.load(options.config)
        command: Command | Beginning = options.chosen
        if isinstance(command, Beginning):
            return command.run(settings, options)
        return _run_on_vault(command, settings, options)
    except DropboxError as error:
        say(Sentence(error.code, **error.values))
        if error.code == PAGES_OPEN and (title := page_title(options.chosen.task)):
            say(Sentence("command.use-page", page=title[spoken()]))
    except sqlcipher3.Error as error:
        say(Sentence("vault.db-error", name=type(error).__name__))
    except BrokenPipeError:
        raise
    except OSError as error:
        say(Sentence("file.system", system=error.errno))
    return 1


def _parse(argv: list[str]) -> Namespace:
    reader = parser()
    options = reader.parse_args(argv)
    if options.vault is None and getattr(options.chosen, "needs_vault", True):
        if not os.environ.get(_VAULT_VARIABLE):
            reader.error(words_of("command.name-vault", variable=_VAULT_VARIABLE))
        options.vault = Path(os.environ[_VAULT_VARIABLE])
    return options


def _run_on_vault(command: Command, settings: Settings, options: Namespace) -> int:
    with Vault.open(options.vault, login_of(options, options.vault), ask_passphrase(options.passphrase_file)) as vault:
        work = Work(vault, settings, day_of(settings.today()))
        safeguarding.settle(work)
        for line in restored.steps(vault):
            say(line)
        if command.task.act:
            permission.permit(work, command.task.act)
        return command.run(work, options)
