"""Runs `dropbox server`: tells the administrator, or a monitor, whether the server is well.

Rule: it changes nothing but the file that it was asked for: of metrics, or of a manifest for the root.
"""

import argparse
import datetime
import urllib.parse
from pathlib import Path

from dropbox.disk.private import check_target, write_whole
from dropbox.disk.terminal import show
from dropbox.errors import RefusedError
from dropbox.limits import MANIFEST_NUMBER_MAX
from dropbox.published.trust import pinned_root, today
from dropbox.sentences.catalogue import words_of
from dropbox.sentences.parser import Parser, between
from dropbox.settings import installation

_METRICS_MODE = 0o640  # the collector's group may read it


def run(argv: list[str]) -> int:
    """Run `dropbox server …`; returns the exit code (0 well, 3 warning, 4 alarm), raises DropboxError."""
    from dropbox.server import checks

    parser = Parser(prog="dropbox server", description=words_of("help.server-about"))
    commands = parser.commands("command")
    status = commands.add_parser("status", help=words_of("help.server-status"), epilog=words_of("help.server-exit"))
    status.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    status.add_argument("--json", action="store_true", help=words_of("help.server-json"))
    status.add_argument("--metrics", type=Path, metavar="FILE", help=words_of("help.server-metrics"))
    status.add_argument("--nginx", type=Path, metavar="FILE", help=words_of("help.server-nginx"))
    status.add_argument("--url", metavar="URL", help=words_of("help.server-url"))
    status.add_argument(
        "--without",
        action="append",
        default=[],
        choices=tuple(checks.PARTS),
        metavar="PART",
        help=words_of("help.server-without", parts=", ".join(checks.PARTS)),
    )
    manifest = commands.add_parser("manifest", help=words_of("help.server-manifest"))
    manifest.add_argument("--config", type=Path, metavar="FILE", help=words_of("help.config"))
    manifest.add_argument(
        "--number", type=between(1, MANIFEST_NUMBER_MAX), metavar="N", help=words_of("help.manifest-number")
    )
    manifest.add_argument("--to", type=Path, metavar="FILE", required=True, help=words_of("help.manifest-to"))
    options = parser.parse_args(argv)
    if options.command == "manifest":
        return _manifest(options)
    return _status(options)


def _manifest(options: argparse.Namespace) -> int:
    """Write what the root shall sign about this site, and show its words."""
    from dropbox.verification import proposal

    check_target(options.to)
    settings = installation.load(options.config)
    anchor = pinned_root(settings.root_pub)
    number = proposal.next_number(settings, anchor) if options.number is None else options.number
    body = proposal.propose(settings, anchor, number, today()).encode()
    write_whole(options.to, body, mode=0o644)
    show(proposal.lines(body))
    return 0


def _status(options: argparse.Namespace) -> int:
    from dropbox.server import facts, probe, report

    if options.url and not _is_site(options.url):
        raise RefusedError("server-status.url")
    settings = installation.load(options.config)
    gathered = facts.gather(settings, datetime.datetime.now(datetime.UTC), options.nginx)
    measured = tuple(probe.measure(options.url)) if options.url else None
    looked = report.look(gathered, options.without, measured)
    if options.metrics:
        write_whole(options.metrics, report.metrics(looked).encode("utf-8"), mode=_METRICS_MODE, replace=True)
    show([report.as_json(looked)] if options.json else report.words(looked))
    return looked.exit_code


def _is_site(url: str) -> bool:
    """Return whether an address is https:// or http:// and a host, without a path."""
    try:
        parts = urllib.parse.urlsplit(url)
        return (
            parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.path in {"", "/"} and parts.port != 0
        )
    except ValueError:
        return False
