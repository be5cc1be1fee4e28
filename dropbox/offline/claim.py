"""Runs `dropbox claim`: a reporter proves authorship of a report, on a machine without network.

Rule: code and words are read from files, used once and written nowhere; the claim reveals neither.
"""

import argparse
import sys
from pathlib import Path

from dropbox.crypto.claims import make_claim
from dropbox.crypto.secret import parse_secret
from dropbox.disk.small import read_small
from dropbox.errors import NotFoundError
from dropbox.limits import KIB
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
    sys.stderr.write("written: give this file to the desk. It proves that you wrote the report; think first.\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dropbox claim", description="Prove that a report is yours, off-line.")
    parser.add_argument("--root", required=True, type=Path, metavar="FILE", help="root.pub of the inspectorate")
    parser.add_argument(
        "--desk", required=True, metavar="NAME", help="the desk that received the report, such as itjen"
    )
    parser.add_argument("--challenge", required=True, metavar="HEX", help="64 hex digits, from the desk")
    parser.add_argument("--statement-file", required=True, type=Path, metavar="FILE", help="what you declare (UTF-8)")
    parser.add_argument("--code-file", required=True, type=Path, metavar="FILE", help="the receipt code")
    parser.add_argument("--words-file", required=True, type=Path, metavar="FILE", help="the passphrase")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="a new file for the claim")
    return parser
