"""Runs `dropbox claim`: a reporter proves authorship of a report, on a machine without network.

Rule: code and words are read from files, used once and written nowhere; the claim reveals neither.
"""

from pathlib import Path

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import parse_secret
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say
from dropbox.errors import NotFoundError
from dropbox.limits import KIB
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.wire.claim import STATEMENT_MAX_BYTES, parse_challenge, parse_claim
from dropbox.wire.fields import check_desk, text
from dropbox.wire.keyring import parse_anchor

_SMALL: int = 4 * KIB


def run(argv: list[str]) -> int:
    """Run `dropbox claim`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    anchor = parse_anchor(read_small(options.root, _SMALL))
    secret = parse_secret(text(read_small(options.code_file, _SMALL)), text(read_small(options.words_file, _SMALL)))
    challenge = parse_challenge(options.challenge)
    statement = text(read_small(options.statement_file, STATEMENT_MAX_BYTES))
    made = make_claim(secret, anchor.instance, check_desk(options.desk), challenge, statement)
    parse_claim(made)  # an empty statement is an error here, not only at the desk
    try:
        with options.out.open("xb") as file:
            file.write(made)
    except OSError as error:
        raise NotFoundError("file.claim-unwritable", system=error.errno) from None
    say(Sentence("command.claim-written"))
    return 0


def _parser() -> Parser:
    parser = Parser(prog="dropbox claim", description=words_of("help.claim-about"))
    parser.add_argument("--root", required=True, type=Path, metavar="FILE", help=words_of("help.root-of"))
    parser.add_argument("--desk", required=True, metavar="NAME", help=words_of("help.claim-desk"))
    parser.add_argument("--challenge", required=True, metavar="HEX", help=words_of("help.challenge"))
    parser.add_argument(
        "--statement-file", required=True, type=Path, metavar="FILE", help=words_of("help.statement-file")
    )
    parser.add_argument("--code-file", required=True, type=Path, metavar="FILE", help=words_of("help.code-file"))
    parser.add_argument("--words-file", required=True, type=Path, metavar="FILE", help=words_of("help.words-file"))
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=words_of("help.claim-out"))
    return parser
