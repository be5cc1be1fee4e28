"""`dropbox statement`: whoever oversees a desk verifies what it stated about its log, on a machine of their own.

Rule: it needs root.pub and the file alone, no vault. What it prints can be compared with the desk's page of the log.
"""

import argparse
import datetime
import sys
from pathlib import Path

from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.signing import Trust, open_revocations
from dropbox.crypto.words import fingerprint_words
from dropbox.limits import KIB
from dropbox.small_files import read_small
from dropbox.wire.calendar import date_of, day_of
from dropbox.wire.keyring import parse_anchor

_SMALL: int = 64 * KIB


def run(argv: list[str]) -> int:
    """Run `dropbox statement`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    anchor = parse_anchor(read_small(options.root, _SMALL))
    revoked: frozenset[bytes] = frozenset()
    if options.revocations:
        revoked = frozenset(open_revocations(anchor, read_small(options.revocations, _SMALL)).keys)
    today = day_of(datetime.datetime.now(datetime.UTC).date())
    found = open_log_statement(Trust(anchor, today, revoked), read_small(options.file, _SMALL))
    print(f"desk {found.head.desk}, year {found.year}, made {date_of(found.head.made)}")
    print(f"{found.lines} lines by the end of the year, {found.of_year} of them in it, each continues the one before")
    print(f"line {found.lines}: {fingerprint_words(found.hash)}")
    print(found.hash.hex())
    if anchor.demo:
        sys.stderr.write("WARNING: this is a demo's root: it stands for nobody\n")
    if not options.revocations:
        sys.stderr.write("NOT CHECKED against revocations: name the inspectorate's newest list with --revocations\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dropbox statement", description="Verify a desk's statement about its log.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--root", required=True, type=Path, metavar="FILE", help="root.pub of the inspectorate")
    parser.add_argument("--revocations", type=Path, metavar="FILE", help="the inspectorate's newest list")
    return parser
