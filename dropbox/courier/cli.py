"""Runs `dropbox courier`: reads the command line and loads only what the command needs.

Rule: the courier's page runs as a user without access to the store, so its commands load no code of the store.
"""

from pathlib import Path

from dropbox.sentences.catalogue import words_of
from dropbox.sentences.parser import Parser


def run(argv: list[str]) -> int:
    """Run `dropbox courier …`; returns the exit code, raises DropboxError."""
    parser = Parser(prog="dropbox courier", description=words_of("help.courier-about"))
    commands = parser.commands("command")
    export = commands.add_parser("export", help=words_of("help.courier-export"))
    import_ = commands.add_parser("import", help=words_of("help.courier-import"))
    request = commands.add_parser("request", help=words_of("help.courier-request"))
    for command in (export, import_, request):
        command.add_argument("file", type=Path, metavar="FILE", help=words_of("help.courier-file"))
        command.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    options = parser.parse_args(argv)
    from dropbox.courier import commands as on_the_store

    return on_the_store.run(options)
