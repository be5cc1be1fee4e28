"""Runs `dropbox statement`: an overseer verifies a desk's attestation of its log, on their own machine.

Rule: it needs only root.pub and the file, no vault. Its output can be compared with the desk's page of the log.
"""

import datetime
from pathlib import Path

from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.limits import KIB
from dropbox.offline.root_files import read_trust
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.wire.calendar import date_of, day_of

_SMALL: int = 64 * KIB


def run(argv: list[str]) -> int:
    """Run `dropbox statement`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    today = day_of(datetime.datetime.now(datetime.UTC).date())
    trust, unchecked = read_trust(options.root, options.revocations, today)
    found = open_log_statement(trust, read_small(options.file, _SMALL))
    show(
        [
            Sentence("command.statement-desk", desk=found.head.desk, year=found.year, day=date_of(found.head.made)),
            Sentence("command.statement-lines", count=found.lines, new=found.of_year),
            Sentence("command.statement-last", count=found.lines, words=fingerprint_words(found.hash)),
            found.hash.hex(),
        ]
    )
    if trust.anchor.demo:
        say(Sentence("command.demo-root"))
    if unchecked:
        say(unchecked)
    return 0


def _parser() -> Parser:
    parser = Parser(prog="dropbox statement", description=words_of("help.statement-about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words_of("help.statement-of"))
    parser.add_argument("--root", required=True, type=Path, metavar="FILE", help=words_of("help.root-of"))
    parser.add_argument("--revocations", type=Path, metavar="FILE", help=words_of("help.revocations"))
    return parser
