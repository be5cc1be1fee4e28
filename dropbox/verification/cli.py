"""Runs `dropbox verify-site`: tells anybody, or a monitor, whether a site serves what its root signed.

Rule: it sends what a reporter's browser sends, and nothing that was not typed on its command line.
"""

from pathlib import Path

from dropbox.disk.paths import is_there
from dropbox.disk.private import write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.errors import NotFoundError
from dropbox.limits import MANIFEST_MAX_BYTES
from dropbox.sentences.catalogue import words_of
from dropbox.sentences.parser import Parser, between
from dropbox.wire.keyring import parse_anchor

_ROUNDS_MAX = 100
_SECONDS_MAX = 600
_TOTAL_MAX = 24 * 3600
_ROOT_MAX_BYTES = 4096


def run(argv: list[str]) -> int:
    """Run `dropbox verify-site …`; returns the exit code (0 same, 3 not all seen, 4 different), raises DropboxError."""
    from dropbox.verification import asking, report, target, verdict

    parser = Parser(
        prog="dropbox verify-site", description=words_of("help.verify-about"), epilog=words_of("help.verify-exit")
    )
    parser.add_argument("url", metavar="URL", help=words_of("help.verify-url"))
    parser.add_argument("--root", type=Path, metavar="FILE", required=True, help=words_of("help.root-pub"))
    parser.add_argument("--proxy", default="", metavar="URL", help=words_of("help.verify-proxy"))
    parser.add_argument("--known", type=Path, metavar="FILE", help=words_of("help.verify-known"))
    parser.add_argument(
        "--rounds", type=between(1, _ROUNDS_MAX), default=2, metavar="N", help=words_of("help.verify-rounds")
    )
    parser.add_argument(
        "--seconds", type=between(1, _SECONDS_MAX), default=60, metavar="N", help=words_of("help.verify-seconds")
    )
    parser.add_argument(
        "--total-seconds",
        type=between(1, _TOTAL_MAX),
        default=3600,
        metavar="N",
        help=words_of("help.verify-total-seconds"),
    )
    parser.add_argument("--json", action="store_true", help=words_of("help.server-json"))
    options = parser.parse_args(argv)
    site = target.target_of(options.url, options.proxy)
    anchor = parse_anchor(read_small(options.root, _ROOT_MAX_BYTES))
    known = _known(options.known)
    plan = asking.Plan(
        site,
        anchor,
        options.rounds,
        float(options.seconds),
        total_seconds=float(options.total_seconds),
        tell=lambda finding: say(report.line(finding)),
    )
    found = verdict.verify_site(plan, known)
    if options.known and found.exit_code == 0 and found.manifest != known:
        write_whole(options.known, found.manifest, mode=0o644, replace=True)
    show([report.as_json(found, options.url)] if options.json else report.words(found, options.url))
    return found.exit_code


def _known(path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        return read_small(path, MANIFEST_MAX_BYTES)
    except NotFoundError:
        if is_there(path):
            raise
        return b""  # the first look remembers what it saw
