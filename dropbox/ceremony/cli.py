"""Runs `dropbox keys`: the ceremony at the command line.

Rule: passphrases are typed without echo or read from a private file, never taken from the command line.
"""

import argparse
import datetime
from pathlib import Path
from typing import Final

from dropbox.ceremony import authority, describe, recovery
from dropbox.crypto.signing import root_fingerprint, verify_file
from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.private import check_target, guard_process, write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import show
from dropbox.limits import (
    CERTIFICATE_DAYS,
    MANIFEST_MAX_BYTES,
    RETURN_BUNDLE_MAX_BYTES,
    ROOT_DAYS,
    SERVER_CERTIFICATE_DAYS,
)
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.sentences.parser import Parser
from dropbox.wire.calendar import Day, date_of, day_of
from dropbox.wire.keyring import parse_anchor
from dropbox.wire.request import parse_request
from dropbox.wire.server import ServerRequest, is_server_request, parse_server_request

_UNSEEN: Final = 3  # exit code of `keys calendar`: nothing is due in what was seen, but it did not see all


def run(argv: list[str]) -> int:
    """Run `dropbox keys …`; returns the exit code, raises DropboxError."""
    options = _parser().parse_args(argv)
    guard_process()
    handlers = {
        "root": _root, "certify": _certify, "revoke": _revoke, "sign-file": _sign_file, "sign-manifest": _sign_manifest,
        "verify": _verify,
        "show": _show, "split": _split, "combine": _combine, "drill": _drill, "calendar": _calendar,
    }  # fmt: skip
    return handlers[options.command](options) or 0


def _parser() -> Parser:
    parser = Parser(prog="dropbox keys", description=words_of("help.keys-about"))
    commands = parser.commands("command")

    root = commands.add_parser("root", help=words_of("help.keys-root"))
    root.add_argument("--to", type=Path, metavar="DIR", required=True, help=words_of("help.root-to"))
    root.add_argument("--demo", action="store_true", help=words_of("help.root-demo"))
    root.add_argument("--days", type=_days, default=ROOT_DAYS, help=words_of("help.days", days=ROOT_DAYS))

    certify = commands.add_parser("certify", help=words_of("help.keys-certify"))
    certify.add_argument("request", type=Path, metavar="REQUEST", help=words_of("help.request"))
    certify.add_argument(
        "--days", type=_days, help=words_of("help.certify-days", desk=CERTIFICATE_DAYS, server=SERVER_CERTIFICATE_DAYS)
    )
    certify.add_argument("--serial", type=int, metavar="N", help=words_of("help.serial"))

    revoke = commands.add_parser("revoke", help=words_of("help.keys-revoke"))
    revoke.add_argument("serials", type=int, nargs="+", metavar="SERIAL", help=words_of("help.serials"))

    sign = commands.add_parser("sign-file", help=words_of("help.keys-sign-file"))
    sign.add_argument("file", type=Path, metavar="FILE", help=words_of("help.file-signed"))

    manifest = commands.add_parser("sign-manifest", help=words_of("help.keys-sign-manifest"))
    manifest.add_argument("proposal", type=Path, metavar="PROPOSAL", help=words_of("help.manifest-proposal"))

    for command in (certify, revoke, sign, manifest):
        command.add_argument("--root", type=Path, metavar="DIR", required=True, help=words_of("help.root-folder"))
        command.add_argument("--to", type=Path, metavar="FILE", required=True, help=words_of("help.to-file"))
    for command in (root, certify, revoke, sign, manifest):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))

    _add_shares(commands)

    calendar = commands.add_parser("calendar", help=words_of("help.keys-calendar"))
    calendar.add_argument("files", type=Path, nargs="*", metavar="RETURN", help=words_of("help.calendar-returns"))
    calendar.add_argument("--root", type=Path, metavar="DIR", required=True, help=words_of("help.records-folder"))
    calendar.add_argument("--drilled", type=_day, metavar="DATE", help=words_of("help.calendar-drilled"))
    calendar.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.calendar-config"))

    verify = commands.add_parser("verify", help=words_of("help.keys-verify"))
    verify.add_argument("file", type=Path, metavar="FILE", help=words_of("help.file-checked"))
    verify.add_argument("signature", type=Path, metavar="FILE.sig", help=words_of("help.signature"))
    verify.add_argument("--root-pub", type=Path, metavar="FILE", required=True, help=words_of("help.root-pub"))

    show = commands.add_parser("show", help=words_of("help.keys-show"))
    show.add_argument("file", type=Path, metavar="FILE", help=words_of("help.file-described"))
    return parser


def _add_shares(commands: "argparse._SubParsersAction[Parser]") -> None:
    split = commands.add_parser("split", help=words_of("help.keys-split"))
    split.add_argument("--root", type=Path, metavar="DIR", required=True, help=words_of("help.root-folder"))
    split.add_argument("--needed", type=int, metavar="M", required=True, help=words_of("help.needed"))
    split.add_argument("--shares", type=int, metavar="N", required=True, help=words_of("help.shares"))

    combine = commands.add_parser("combine", help=words_of("help.keys-combine"))
    combine.add_argument("--records", type=Path, metavar="DIR", required=True, help=words_of("help.records-folder"))
    combine.add_argument("--last-serial", type=int, metavar="N", required=True, help=words_of("help.last-serial"))
    combine.add_argument("--last-list", type=int, metavar="N", required=True, help=words_of("help.last-list"))
    combine.add_argument("--last-manifest", type=int, metavar="N", required=True, help=words_of("help.last-manifest"))
    combine.add_argument("--to", type=Path, metavar="DIR", required=True, help=words_of("help.root-to"))

    drill = commands.add_parser("drill", help=words_of("help.keys-drill"))
    drill.add_argument("--root-pub", type=Path, metavar="FILE", required=True, help=words_of("help.root-pub"))

    for command in (split, combine):
        command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=words_of("help.ask"))


def _days(typed: str) -> int:
    days = int(typed)
    if not 1 <= days <= ROOT_DAYS:
        raise argparse.ArgumentTypeError(words_of("command.days", most=ROOT_DAYS))
    return days


def _day(typed: str) -> Day:
    try:
        return day_of(datetime.date.fromisoformat(typed))
    except ValueError:
        raise argparse.ArgumentTypeError(words_of("command.date")) from None


def _today() -> Day:
    """Return UTC's day number: never later than Indonesia's date, so that a signature is valid at once everywhere."""
    return day_of(datetime.datetime.now(datetime.UTC).date())


def _root(options: argparse.Namespace) -> None:
    passphrase = ask_passphrase(options.passphrase_file, is_new=True)
    anchor = authority.make_root(
        options.to, demo=options.demo, today=_today(), days=options.days, passphrase=passphrase
    )
    made = Sentence("ceremony.root-made", folder=options.to)
    show([made, *describe.anchor_lines(anchor.encode()), Sentence("ceremony.read-aloud")])


def _certify(options: argparse.Namespace) -> None:
    untrusted = _read(options.request)
    request = parse_server_request(untrusted) if is_server_request(untrusted) else parse_request(untrusted)
    show(describe.describe(untrusted))
    check_target(options.to)
    root = authority.open_root(options.root, ask_passphrase(options.passphrase_file))
    if isinstance(request, ServerRequest):
        days, where = options.days or SERVER_CERTIFICATE_DAYS, Sentence("ceremony.place-server")
    else:
        days, where = options.days or CERTIFICATE_DAYS, Sentence("ceremony.place-workstation")
    with recovery.minutes_after_failure(options.root):
        if isinstance(request, ServerRequest):
            certificate = authority.certify_server(root, request, today=_today(), days=days, serial=options.serial)
        else:
            certificate = authority.certify(root, request, today=_today(), days=days, serial=options.serial)
        write_whole(options.to, certificate, mode=0o644)
    show(
        [
            Sentence("ceremony.certified", day=date_of(_today() + days), place=where),
            recovery.minutes(recovery.read_records(options.root)),
        ]
    )


def _revoke(options: argparse.Namespace) -> None:
    check_target(options.to)
    root = authority.open_root(options.root, ask_passphrase(options.passphrase_file))
    with recovery.minutes_after_failure(options.root):
        write_whole(options.to, authority.revoke(root, set(options.serials), _today()), mode=0o644)
    ended = " ".join(map(str, authority.revoked_serials(root)))
    show(
        [
            *describe.describe(options.to.read_bytes()),
            Sentence("ceremony.revoked", serials=ended),
            Sentence("ceremony.import-list"),
            recovery.minutes(recovery.read_records(options.root)),
        ]
    )


def _sign_file(options: argparse.Namespace) -> None:
    check_target(options.to)
    file = _read(options.file)
    root = authority.open_root(options.root, ask_passphrase(options.passphrase_file))
    write_whole(options.to, authority.sign_file(root, file), mode=0o644)
    show([*describe.describe(options.to.read_bytes()), Sentence("ceremony.compare-sha")])


def _sign_manifest(options: argparse.Namespace) -> None:
    from dropbox.ceremony import manifests  # the library that reads versions loads the names of sockets

    body = read_small(options.proposal, MANIFEST_MAX_BYTES)
    show(manifests.lines(body))
    check_target(options.to)
    root = authority.open_root(options.root, ask_passphrase(options.passphrase_file))
    with recovery.minutes_after_failure(options.root):
        if manifests.is_first(root):
            show([Sentence("manifest.first-here")])
        write_whole(options.to, manifests.sign(root, body), mode=0o644)
    show([recovery.minutes(recovery.read_records(options.root))])
    show([Sentence("manifest.signed")])


def _verify(options: argparse.Namespace) -> None:
    anchor = parse_anchor(_read(options.root_pub))
    verify_file(anchor, _read(options.file), _read(options.signature))
    good = Sentence("ceremony.file-good-demo" if anchor.demo else "ceremony.file-good")
    show([good, *describe.fingerprint_lines(describe.ROOT_KEY, root_fingerprint(anchor))])


def _split(options: argparse.Namespace) -> None:
    from dropbox.ceremony import custodians  # the library of shares is on the root's machine alone

    custodians.refuse_swap()
    root = authority.open_root(options.root, ask_passphrase(options.passphrase_file))
    custodians.split(options, root, _today())


def _combine(options: argparse.Namespace) -> None:
    from dropbox.ceremony import custodians

    custodians.refuse_swap()
    custodians.combine(options, lambda: ask_passphrase(options.passphrase_file, is_new=True))


def _drill(options: argparse.Namespace) -> None:
    from dropbox.ceremony import custodians

    custodians.refuse_swap()
    custodians.drill(options)


def _calendar(options: argparse.Namespace) -> int:
    from dropbox.ceremony import calendar

    found = calendar.calendar_of(options.root, options.files, options.config, options.drilled, _today())
    show(calendar.page(found, _today()))
    if any(one.act <= _today() for one in found.due):
        return 1
    return _UNSEEN if found.unseen else 0


def _show(options: argparse.Namespace) -> None:
    show(describe.describe(_read(options.file)))


def _read(path: Path) -> bytes:
    return read_small(path, RETURN_BUNDLE_MAX_BYTES)
