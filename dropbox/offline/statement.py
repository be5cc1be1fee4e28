"""Runs `dropbox statement`: an overseer verifies a desk's attestation of its log, on their own machine.

Rule: it needs only root.pub and the file, no vault. Its output can be compared with the desk's page of the log.
"""

import argparse
import datetime
import sys
from pathlib import Path

from dropbox.crypto.log_statements import open_log_statement
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.small import read_small
from dropbox.limits import KIB
from dropbox.offline.root_files import read_trust
from dropbox.wire.calendar import date_of, day_of

_SMALL: int = 64 * KIB


def run(argv: list[str]) -> int:
    """Run `dropbox statement`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    today = day_of(datetime.datetime.now(datetime.UTC).date())
    trust, unchecked = read_trust(options.root, options.revocations, today)
    found = open_log_statement(trust, read_small(options.file, _SMALL))
    print(f"desk {found.head.desk}, year {found.year}, made {date_of(found.head.made)}")
    print(f"{found.lines} lines by the end of the year, {found.of_year} of them in it, each continues the one before")
    print(f"line {found.lines}: {fingerprint_words(found.hash)}")
    print(found.hash.hex())
    if trust.anchor.demo:
        sys.stderr.write("WARNING: this is a demo's root: it represents no inspectorate\n")
    if unchecked:
        sys.stderr.write(f"{unchecked}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dropbox statement", description="Verify a desk's statement about its log.")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--root", required=True, type=Path, metavar="FILE", help="root.pub of the inspectorate")
    parser.add_argument("--revocations", type=Path, metavar="FILE", help="the inspectorate's newest list")
    return parser
