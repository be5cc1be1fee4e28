"""Runs `dropbox keys`: the ceremony at the command line.

Rule: passphrases are typed without echo or read from a private file, never taken from the command line.
"""

import argparse
import datetime
import getpass
import sys
from pathlib import Path

from dropbox.ceremony import authority, describe
from dropbox.crypto.signing import root_fingerprint, verify_file
from dropbox.disk.private import guard_process, read_passphrase, write_whole
from dropbox.disk.small import read_small
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import (
    CERTIFICATE_DAYS,
    RETURN_BUNDLE_MAX_BYTES,
    ROOT_DAYS,
    SERVER_CERTIFICATE_DAYS,
    STAFF_PASSPHRASE_MIN,
)
from dropbox.wire.calendar import Day, date_of, day_of
from dropbox.wire.keyring import parse_anchor
from dropbox.wire.request import parse_request
from dropbox.wire.server import ServerRequest, is_server_request, parse_server_request

_READ_ALOUD = (
    "Read the twelve words aloud, one by one, and have a second person compare them with what their own machine shows"
    " (`dropbox keys show root.pub`). Print them on the posters."
)


def run(argv: list[str]) -> int:
    """Run `dropbox keys …`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    guard_process()
    handlers = {
        "root": _root, "certify": _certify, "revoke": _revoke, "sign-file": _sign_file, "verify": _verify,
        "show": _show,
    }  # fmt: skip
    handlers[options.command](options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dropbox keys", description="Make and look at keys, on an off-line machine.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)

    root = commands.add_parser("root", help="make the root key: the ceremony")
    root.add_argument("--to", type=Path, metavar="DIR", required=True, help="a private folder, created if needed")
    root.add_argument("--demo", action="store_true", help="mark everything it signs as a demo")
    root.add_argument("--days", type=_days, default=ROOT_DAYS, help=f"days of validity (default {ROOT_DAYS})")

    certify = commands.add_parser(
        "certify", help="certify a workstation's key for its desk, or the server's for exports"
    )
    certify.add_argument(
        "request", type=Path, metavar="REQUEST", help="the file that the workstation or the server made"
    )
    most = f"{CERTIFICATE_DAYS} for a workstation, {SERVER_CERTIFICATE_DAYS} for the server"
    certify.add_argument("--days", type=_days, help=f"default and most: {most}")
    certify.add_argument("--serial", type=int, metavar="N", help="default: the next one of serials.txt")

    revoke = commands.add_parser("revoke", help="revoke the keys with these serials: writes a list for the server")
    revoke.add_argument("serials", type=int, nargs="+", metavar="SERIAL")

    sign = commands.add_parser("sign-file", help="sign a file with the root key, such as the off-line sealer")
    sign.add_argument("file", type=Path, metavar="FILE")

    for command in (certify, revoke, sign):
        command.add_argument("--root", type=Path, metavar="DIR", required=True, help="the folder of root.key")
        command.add_argument("--to", type=Path, metavar="FILE", required=True, help="the file to write")
    for command in (root, certify, revoke, sign):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help="default: ask")

    verify = commands.add_parser("verify", help="check a file against the root's signature")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("signature", type=Path, metavar="FILE.sig")
    verify.add_argument("--root-pub", type=Path, metavar="FILE", required=True, help="the root key that you trust")

    show = commands.add_parser("show", help="describe a file in words, with its fingerprints")
    show.add_argument("file", type=Path, metavar="FILE")
    return parser


def _days(typed: str) -> int:
    days = int(typed)
    if not 1 <= days <= ROOT_DAYS:
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {ROOT_DAYS}")
    return days


def _today() -> Day:
    """Return UTC's day number: never later than Indonesia's date, so that a signature is valid at once everywhere."""
    return day_of(datetime.datetime.now(datetime.UTC).date())


def _root(options: argparse.Namespace) -> None:
    passphrase = _passphrase(options.passphrase_file, is_new=True)
    anchor = authority.make_root(
        options.to, demo=options.demo, today=_today(), days=options.days, passphrase=passphrase
    )
    _print([f"root.key and root.pub are in {options.to}", *describe.anchor_lines(anchor.encode()), _READ_ALOUD])


def _certify(options: argparse.Namespace) -> None:
    untrusted = _read(options.request)
    request = parse_server_request(untrusted) if is_server_request(untrusted) else parse_request(untrusted)
    _print(describe.describe(untrusted))
    _refuse_existing(options.to)
    root = authority.open_root(options.root, _passphrase(options.passphrase_file))
    if isinstance(request, ServerRequest):
        days, where = options.days or SERVER_CERTIFICATE_DAYS, "server"
        certificate = authority.certify_server(root, request, today=_today(), days=days, serial=options.serial)
    else:
        days, where = options.days or CERTIFICATE_DAYS, "workstation"
        certificate = authority.certify(root, request, today=_today(), days=days, serial=options.serial)
    write_whole(options.to, certificate, mode=0o644)
    _print([f"certified until {date_of(_today() + days)}; compare these words with the {where}'s"])


def _revoke(options: argparse.Namespace) -> None:
    _refuse_existing(options.to)
    root = authority.open_root(options.root, _passphrase(options.passphrase_file))
    write_whole(options.to, authority.revoke(root, set(options.serials), _today()), mode=0o644)
    ended = " ".join(map(str, authority.revoked_serials(root)))
    _print(
        [
            *describe.describe(options.to.read_bytes()),
            f"a key is revoked under every certificate: these serials no longer hold: {ended}",
            "Import it at the server: `dropbox courier import`.",
        ]
    )


def _sign_file(options: argparse.Namespace) -> None:
    _refuse_existing(options.to)
    file = _read(options.file)
    root = authority.open_root(options.root, _passphrase(options.passphrase_file))
    write_whole(options.to, authority.sign_file(root, file), mode=0o644)
    _print([*describe.describe(options.to.read_bytes()), "Compare this SHA-256 with what a second machine shows."])


def _verify(options: argparse.Namespace) -> None:
    anchor = parse_anchor(_read(options.root_pub))
    verify_file(anchor, _read(options.file), _read(options.signature))
    words = describe.fingerprint_lines("the root key", root_fingerprint(anchor))
    _print(["good: the root key signed this very file" + (" (DEMO)" if anchor.demo else ""), *words])


def _show(options: argparse.Namespace) -> None:
    _print(describe.describe(_read(options.file)))


def _read(path: Path) -> bytes:
    return read_small(path, RETURN_BUNDLE_MAX_BYTES)


def _refuse_existing(path: Path) -> None:
    """Refuse an existing file before a serial or a number is used up."""
    if path.exists():
        raise RefusedError("file.target-exists")


def _passphrase(file: Path | None, *, is_new: bool = False) -> str:
    passphrase = read_passphrase(file) if file else getpass.getpass("Passphrase: ")
    if is_new and len(passphrase) < STAFF_PASSPHRASE_MIN:
        raise RefusedError("passphrase.too-short", least=STAFF_PASSPHRASE_MIN)
    if is_new and not file and getpass.getpass("The same again: ") != passphrase:
        raise MalformedError("passphrase.differ")
    return passphrase


def _print(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
