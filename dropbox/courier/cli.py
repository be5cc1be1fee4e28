"""Runs `dropbox courier`: reads the command line and loads only what the command needs.

Rule: who is named in courier.users goes through the gate, all others open the store. The courier's page runs as a user
without access to the store, so its commands load no code of the store.
"""

from argparse import Namespace
from pathlib import Path
from typing import Final

from dropbox.sentences.catalogue import words_of
from dropbox.sentences.parser import PORT_MAX, Parser, between
from dropbox.settings import installation

_THROUGH_GATE: Final = ("export", "import", "status")  # what a user without access to the store may do


def run(argv: list[str]) -> int:
    """Run `dropbox courier …`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    if options.command in ("serve", "account"):
        from dropbox.courier.pages import commands as of_the_page

        return of_the_page.run(options)
    if options.command in ("notice-key", "notice-read"):
        from dropbox.courier import notice_key

        return (notice_key.make if options.command == "notice-key" else notice_key.read)(options)
    return _ask(options)


def _ask(options: Namespace) -> int:
    """Run a command that goes through the gate, or opens the store."""
    may_ask = options.command in _THROUGH_GATE
    if may_ask and options.socket:
        from dropbox.courier import through_gate

        return through_gate.run(options, options.socket)
    chosen = installation.load(options.config)
    if may_ask and chosen.courier.socket:
        from dropbox.courier import through_gate

        if through_gate.is_one_of(chosen.courier.users):
            return through_gate.run(options, chosen.courier.socket)
    if options.command == "notice":
        from dropbox.courier import notice

        return notice.write(options, chosen)
    if options.command == "gate":
        from dropbox.courier.gate import run as gate_process

        return gate_process.run(chosen)
    from dropbox.courier import commands as on_the_store

    return on_the_store.run(options, chosen)


def _parser() -> Parser:
    parser = Parser(prog="dropbox courier", description=words_of("help.courier-about"))
    commands = parser.commands("command")
    export = commands.add_parser("export", help=words_of("help.courier-export"))
    import_ = commands.add_parser("import", help=words_of("help.courier-import"))
    request = commands.add_parser("request", help=words_of("help.courier-request"))
    status = commands.add_parser("status", help=words_of("help.courier-status"))
    gate = commands.add_parser("gate", help=words_of("help.courier-gate"))
    for command in (export, import_, request):
        command.add_argument("file", type=Path, metavar="FILE", help=words_of("help.courier-file"))
    mail = commands.add_parser("notice", help=words_of("help.courier-notice"))
    mail.add_argument("--send", action="store_true", help=words_of("help.courier-send"))
    for command in (export, import_, status, mail):
        command.add_argument("--socket", type=Path, metavar="FILE", help=words_of("help.courier-socket"))
    for command in (export, import_, request, status, gate, mail):
        command.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    serve = commands.add_parser("serve", help=words_of("help.courier-serve"))
    serve.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    serve.add_argument("--port", type=between(0, PORT_MAX), default=8001, help=words_of("help.port"))
    make = commands.add_parser("notice-key", help=words_of("help.courier-notice-key"))
    make.add_argument("file", type=Path, metavar="FILE", help=words_of("help.courier-new-key"))
    read = commands.add_parser("notice-read", help=words_of("help.courier-notice-read"))
    read.add_argument("file", type=Path, metavar="FILE", help=words_of("help.courier-mail"))
    read.add_argument("--key", type=Path, required=True, metavar="FILE", help=words_of("help.courier-key"))
    for command in (make, read):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))
    _add_accounts(commands.add_parser("account", help=words_of("help.courier-account")))
    return parser


def _add_accounts(parser: Parser) -> None:
    acts = parser.commands("act")
    add = acts.add_parser("add", help=words_of("help.courier-account-add"))
    reset = acts.add_parser("reset", help=words_of("help.courier-account-reset"))
    remove = acts.add_parser("remove", help=words_of("help.courier-account-remove"))
    list_ = acts.add_parser("list", help=words_of("help.courier-account-list"))
    for act in (add, reset, remove):
        act.add_argument("name", metavar="NAME", help=words_of("help.courier-name"))
    for act in (add, reset):
        act.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))
    for act in (add, reset, remove, list_):
        act.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
