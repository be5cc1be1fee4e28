"""Runs the courier's commands on the store: exports sealed reports, imports signed answers. Decrypts nothing.

Rule: its messages contain numbers and desk names, never the content of a file.
"""

import contextlib
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from dropbox.courier import signer, upkeep
from dropbox.courier.exchange import export_to
from dropbox.courier.importing import import_bundle
from dropbox.courier.showing import import_lines, state_lines
from dropbox.courier.state import State
from dropbox.courier.survey import export_notes, survey
from dropbox.crypto.exports import server_fingerprint
from dropbox.crypto.words import fingerprint_words
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import RETURN_BUNDLE_MAX_BYTES
from dropbox.published import trust
from dropbox.sentences.catalogue import Sentence
from dropbox.settings.installation import Settings
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.wire.keyring import RootAnchor
from dropbox.wire.signed import shown_number


def run(options: Namespace, chosen: Settings) -> int:
    """Run `export`, `import`, `request` or `status`; returns the exit code, raises DropboxError."""
    with _opened(chosen) as (store, anchor):
        if options.command == "export":
            return _export(options.file, store, anchor, chosen)
        if options.command == "request":
            return _request(options.file, store, anchor)
        if options.command == "status":
            return _status(store, anchor, chosen)
        return _import(options.file, store, anchor, chosen)


def state(chosen: Settings) -> State:
    """Return what waits and what is owed; raises DropboxError."""
    with _opened(chosen) as (store, anchor):
        return survey(store, anchor, chosen, trust.today())


@contextlib.contextmanager
def _opened(chosen: Settings) -> Iterator[tuple[Store, RootAnchor]]:
    anchor = trust.pinned_root(chosen.root_pub)
    shares = Shares(chosen.store_bytes, chosen.store_files_percent, chosen.store_unfinished_percent)
    store = Store.open(chosen.database, shares)
    try:
        yield store, anchor
    finally:
        store.close()


def _export(path: Path, store: Store, anchor: RootAnchor, settings: Settings) -> int:
    signs = signer.signer(store, anchor)
    done = export_to(path, store, signs, trust.today())
    upkeep.note_export(store, settings.night())
    say(Sentence("command.exported", number=shown_number(done.number), blobs=done.blobs, bytes=done.length))
    notes, is_urgent = export_notes(store, done, signs, trust.trust_of(store, anchor, trust.today()), settings)
    for sentence in notes:
        say(sentence)
    return 1 if is_urgent else 0


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
    for line in import_lines(done.what, done.deleted, done.warnings, is_new=done.is_new):
        say(line)
    return 0


def _status(store: Store, anchor: RootAnchor, chosen: Settings) -> int:
    state = survey(store, anchor, chosen, trust.today())
    show(state_lines(state))
    return 1 if state.is_urgent else 0
