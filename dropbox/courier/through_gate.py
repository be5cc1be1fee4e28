"""Runs the courier's commands through the gate, for a user who can open neither the store nor the server's settings.

Rule: what was downloaded gets its name only when it is whole, by its SHA-256; a broken download is kept and goes on.
"""

import hashlib
import io
import os
import pwd
from argparse import Namespace
from pathlib import Path
from typing import Final

from dropbox.courier.gate.client import Export, Gate
from dropbox.courier.showing import import_lines, state_lines
from dropbox.disk.durable import sync_folder
from dropbox.disk.paths import is_folder, is_there, remove_left_over
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.errors import DamagedError, GateError, NotFoundError, RefusedError, StorageFullError
from dropbox.limits import RETURN_BUNDLE_MAX_BYTES
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.signed import shown_number

_PARTIAL: Final = ".dropbox-export-{}.partial"  # as exchange.export_to names them, which removes what is left over


def run(options: Namespace, socket: Path) -> int:
    """Run `export`, `import` or `status`; returns the exit code, raises DropboxError."""
    gate = Gate(socket)
    if options.command == "export":
        return _export(options.file, gate)
    if options.command == "import":
        return _import(options.file, gate)
    state = gate.state()
    show(state_lines(state))
    return 1 if state.is_urgent else 0


def is_one_of(users: tuple[str, ...]) -> bool:
    """Return whether this process runs as one of these users of the system."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name in users
    except KeyError:
        return False


def _export(path: Path, gate: Gate) -> int:
    if is_there(path):
        raise RefusedError("export.file-exists")
    if not is_folder(path.parent):
        raise NotFoundError("export.folder-missing")
    export = gate.export()
    if export is None or not is_there(_partial(path, export)):
        for left_over in path.parent.glob(_PARTIAL.format("*")):
            remove_left_over(left_over)
        export = gate.prepare()
    try:
        _download(path, gate, export)
    except OSError as error:
        remove_left_over(_partial(path, export))
        raise StorageFullError("export.unwritable", system=error.errno) from None
    except GateError:
        say(Sentence("command.export-goes-on"))
        raise
    say(Sentence("command.exported", number=shown_number(export.number), blobs=export.blobs, bytes=export.length))
    for note in export.notes:
        say(note)
    return 1 if export.is_urgent else 0


def _download(path: Path, gate: Gate, export: Export) -> None:
    partial = _partial(path, export)
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a+b") as file:
        start = file.seek(0, os.SEEK_END)
        if start < export.length:
            for piece in gate.read(export.number, start):
                file.write(piece)
        file.flush()
        os.fsync(descriptor)
        file.seek(0)
        is_whole = hashlib.file_digest(file, "sha256").hexdigest() == export.sha256
    if not is_whole:
        remove_left_over(partial)
        raise DamagedError("gate.differs")
    if is_there(path):
        raise RefusedError("export.file-appeared")
    partial.rename(path)
    sync_folder(path.parent)


def _partial(path: Path, export: Export) -> Path:
    return path.with_name(_PARTIAL.format(export.sha256))


def _import(path: Path, gate: Gate) -> int:
    untrusted = read_small(path, RETURN_BUNDLE_MAX_BYTES)
    done = gate.take(io.BytesIO(untrusted), len(untrusted))
    for line in import_lines(done.what, done.deleted, done.warnings, is_new=done.is_new):
        say(line)
    return 0
