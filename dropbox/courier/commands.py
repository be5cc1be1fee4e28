"""Runs the courier's commands on the store: exports sealed reports, imports signed answers. Decrypts nothing.

Rule: its messages contain numbers and desk names, never the content of a file.
"""

from argparse import Namespace
from pathlib import Path

from dropbox.courier import signer
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import import_bundle
from dropbox.courier.upkeep import export_notes
from dropbox.crypto.exports import server_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say
from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import RETURN_BUNDLE_MAX_BYTES, ROOT_WARN_DAYS
from dropbox.published import trust
from dropbox.sentences.catalogue import Sentence
from dropbox.settings import installation
from dropbox.settings.installation import Settings
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.signed import shown_number


def run(options: Namespace) -> int:
    """Run `export`, `import` or `request` with parsed options; returns the exit code, raises DropboxError."""
    chosen = installation.load(options.config)
    anchor = trust.pinned_root(chosen.root_pub)
    shares = Shares(chosen.store_bytes, chosen.store_files_percent, chosen.store_unfinished_percent)
    store = Store.open(chosen.database, shares)
    try:
        if options.command == "export":
            return _export(options.file, store, anchor, chosen)
        if options.command == "request":
            return _request(options.file, store, anchor)
        return _import(options.file, store, anchor, chosen)
    finally:
        store.close()


def _export(path: Path, store: Store, anchor: RootAnchor, settings: installation.Settings) -> int:
    signs = signer.signer(store, anchor)
    done = export_to(path, store, signs, trust.today())
    say(Sentence("command.exported", number=shown_number(done.number), blobs=done.blobs, bytes=done.length))
    for sentence in export_notes(store, done.blobs, settings.night()):
        say(sentence)
    if missing := settings.missing_contacts:
        say(Sentence("server.contacts", names=", ".join(missing)))
    if old := settings.old_contacts:
        say(Sentence("server.contacts-old", names=", ".join(old)))
    for sha256 in done.damaged:
        say(Sentence("command.damaged-in-database", sha256=sha256.hex()))
    if (left := anchor.last - trust.today()) < ROOT_WARN_DAYS:
        say(Sentence("server-certificate.root-ends", left=max(left, 0)))
    said, is_urgent = signer.advice(signs, trust.trust_of(store, anchor, trust.today()))
    if said:
        say(said)
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
    say(Sentence("command.request-compare"))
    say(words)
    return 0


def _import(path: Path, store: Store, anchor: RootAnchor, chosen: Settings) -> int:
    done = import_bundle(store, anchor, read_small(path, RETURN_BUNDLE_MAX_BYTES), chosen.desks, trust.today())
    for warning in done.warnings:
        say(warning)
    if done.is_new:
        code = "command.imported-file" if done.deleted is None else "command.imported-deleted"
        values = {} if done.deleted is None else {"count": done.deleted}
        say(Sentence(code, what=done.what, **values))
    else:
        say(Sentence("command.nothing-new", what=done.what))
    return 0
