"""Runs `dropbox courier`: exports sealed reports and imports signed answers. Verifies signatures, decrypts nothing.

Rule: its messages contain numbers and desk names, never the content of a file.
"""

import argparse
import sys
from pathlib import Path

from dropbox.courier import signer
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import import_bundle
from dropbox.courier.upkeep import export_notes
from dropbox.crypto.exports import server_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.small import read_small
from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import RETURN_BUNDLE_MAX_BYTES
from dropbox.published import trust
from dropbox.sentences.catalogue import Sentence, in_spoken_language
from dropbox.settings import installation
from dropbox.settings.installation import Settings
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.wire.keyring import RootAnchor


def run(argv: list[str]) -> int:
    """Run `dropbox courier …`; returns the exit code, raises DropboxError."""
    parser = argparse.ArgumentParser(prog="dropbox courier", description="Carry sealed reports and signed answers.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    export = commands.add_parser("export", help="write all sealed reports to a new file, for the workstations")
    import_ = commands.add_parser(
        "import", help="import a reply bundle, a list of revocations, or the server's certificate"
    )
    request = commands.add_parser("request", help="write what the root must certify, so that exports can be signed")
    for command in (export, import_, request):
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument("--config", type=Path, metavar="FILE", help="settings (default: DROPBOX_CONFIG)")
    options = parser.parse_args(argv)
    chosen = installation.load(options.config)
    anchor = trust.pinned_root(chosen.root_pub)
    shares = Shares(chosen.store_bytes, chosen.store_files_percent, chosen.store_unfinished_percent)
    store = Store.open(chosen.database, shares)
    try:
        if options.command == "export":
            return _export(options.file, store, anchor, chosen.night())
        if options.command == "request":
            return _request(options.file, store, anchor)
        return _import(options.file, store, anchor, chosen)
    finally:
        store.close()


def _export(path: Path, store: Store, anchor: RootAnchor, night: int) -> int:
    signs = signer.signer(store, anchor)
    done = export_to(path, store, signs, trust.today())
    _say(Sentence("command.exported", number=done.number, blobs=done.blobs, bytes=done.length))
    for sentence in export_notes(store, done.blobs, night):
        _say(sentence)
    for sha256 in done.damaged:
        _say(Sentence("command.damaged-in-database", sha256=sha256.hex()))
    said, is_urgent = signer.advice(signs, trust.trust_of(store, anchor, trust.today()))
    if said:
        _say(said)
    return 1 if done.damaged or is_urgent else 0


def _request(path: Path, store: Store, anchor: RootAnchor) -> int:
    wanted = signer.request(store, trust.trust_of(store, anchor, trust.today()))
    words = fingerprint_words(server_fingerprint(wanted.server))
    try:
        with path.open("xb") as file:
            file.write(wanted.encode())
    except FileExistsError:
        raise RefusedError("file.request-exists") from None
    except OSError as error:
        raise NotFoundError("file.request-unwritable", system=error.errno) from None
    _say(f"the request is written: compare these words at the ceremony\n{words}")
    return 0


def _import(path: Path, store: Store, anchor: RootAnchor, chosen: Settings) -> int:
    done = import_bundle(store, anchor, read_small(path, RETURN_BUNDLE_MAX_BYTES), chosen.desks, trust.today())
    for warning in done.warnings:
        _say(warning)
    if done.is_new:
        deleted = "" if done.deleted is None else f"; {done.deleted} blobs deleted that all desks have collected"
        _say(f"{done.what}: imported{deleted}")
    else:
        _say(Sentence("command.nothing-new", what=done.what))
    return 0


def _say(sentence: str) -> None:
    print(in_spoken_language(sentence), file=sys.stderr)
