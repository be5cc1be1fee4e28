"""Handles the multipart forms of a thread part by part: each text, file and act becomes a blob of its own at once.

Rule: the page lists what was stored and what was not; an error in one part does not undo another. Hidden fields
come before the files in the form, because sealing begins with the first byte of a file.
"""

import contextlib
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dropbox.crypto.envelope import sealed_name, sealed_type
from dropbox.crypto.secret import FIRST_FORM, ReporterSecret, parse_secret
from dropbox.errors import (
    DropboxError,
    FilesClosedError,
    MalformedError,
    StorageBusyError,
    StorageFullError,
    TooLargeError,
    WrongCodeError,
    WrongWordsError,
)
from dropbox.form.lengths import is_too_long
from dropbox.limits import FIELD_MAX_CHARACTERS
from dropbox.web.base.log import log_fault
from dropbox.web.base.messages import message
from dropbox.web.base.site import Site
from dropbox.web.http.body import InterruptedBodyError
from dropbox.web.http.multipart import FieldPart, FileBytes, FilePart, Part, read_parts
from dropbox.web.intake.sealing_stream import FileStream, Sender, send_text
from dropbox.web.thread import acts
from dropbox.web.thread.current_status import ANSWERED, WITHDRAWN
from dropbox.web.thread.shown import first_names
from dropbox.wire.blob import ADDITION, WITHDRAW

_NONCE = re.compile(r"[0-9a-f]{24}\Z")
_TEXT_INDEX = 0  # files are numbered from 1


@dataclass
class Additions:
    """The result of a form: what is stored, what is not and why, and what to show again."""

    secret: ReporterSecret | None = None
    desk: str = ""
    text_kept: str = ""
    text_typed: str = ""
    files_kept: list[str] = field(default_factory=list)
    act: acts.Act = field(default_factory=acts.Act)
    act_kept: str = ""  # its name
    act_text: str = ""  # what was sent with it
    did: set[str] = field(default_factory=set)  # `answered-DESK`, `withdrawn-DESK` on this visit, as the form says
    errors: dict[str, str] = field(default_factory=dict)
    fatal: str = ""  # key of a fault that ended the form
    http_status: int = 200
    next_nonce: str = ""

    @property
    def any(self) -> bool:
        """Whether something was stored."""
        return bool(self.text_kept or self.files_kept or self.act_kept)

    @property
    def typed(self) -> str:
        """What was typed and is not stored."""
        return self.text_typed or self.act.text

    def end(self, key: str, status: int) -> None:
        """End the form with the key of an error and an HTTP status; nothing more is taken from it."""
        self.fatal, self.http_status = key, status

    def fault(self, name: str, key: str, status: int, **values: object) -> None:
        """Reject one part with the key of an error; the others go on."""
        self.errors[name] = message(key, **values)
        self.http_status = status


FindDesks = Callable[[ReporterSecret], list[str]]


class _Form:
    """Takes parts in their order; its methods change `added`."""

    def __init__(self, site: Site, lang: str, find_desks: FindDesks) -> None:
        self._site = site
        self._lang = lang
        self._find_desks = find_desks
        self._hidden: dict[str, str] = {}
        self._sender: Sender | None = None
        self._stream: FileStream | None = None
        self._file_name = ""
        self._files = 0
        self._empty: list[str] = []
        self._is_nameless = False
        self._is_empty = False
        self.added = Additions()

    def take(self, part: Part) -> None:
        """Take the next part."""
        if isinstance(part, FieldPart):
            self._take_field(part)
        elif isinstance(part, FilePart):
            self._start_file(part)
        else:
            self._take_bytes(part)

    def close(self) -> None:
        """End the form, complete or not: an unfinished file is dropped."""
        if self._stream:
            with contextlib.suppress(DropboxError):  # the sweep collects what cannot be forgotten now
                self._stream.abort()
            self._stream = None

    def finish(self) -> None:
        """Send what a complete form still holds: its act, and its text unless a file made us send it before."""
        if self._open():
            self._send_act()
            self._send_text()
        if self.added.files_kept and not self.added.errors:  # some of several files are no answer yet
            self._answered()

    def _take_field(self, part: FieldPart) -> None:
        if part.name == "what":
            self.added.text_typed = part.value
        elif part.name in ("code", "words", "nonce", "desk", "channel"):
            self._hidden[part.name] = part.value
        elif part.name == "did":
            self.added.did |= set(part.value.split())
        elif part.name in acts.FIELDS:
            self.added.act.take(part.name, part.value)

    def _open(self) -> Sender | None:
        """Return desk, keys and address from the hidden fields; None (and a fatal error) when they are invalid."""
        if self._sender or self.added.fatal:
            return self._sender
        try:
            secret = parse_secret(self._hidden.get("code", ""), self._hidden.get("words", ""))
        except (WrongCodeError, WrongWordsError):
            self.added.end("bad-form", 400)
            return None
        self.added.secret = secret
        if not self._site.settings.intake_open:
            self.added.end("closed", 503)
            return None
        today = self._site.utc_day()
        keyring = self._site.keyring.get(today)
        desk = self._hidden.get("desk", "")
        if desk not in {*keyring.names(), *self._site.settings.desks}:  # one that is closed is replaced by no other
            desks = self._find_desks(secret)
            if len(desks) != 1:
                self.added.end(*(("which-desk", 422) if desks else ("not-found-thread", 404)))
                return None
            desk = desks[0]
        address = keyring.address(desk, today)
        if address is None:
            self.added.end("keys-expired", 503)
            return None
        nonce = self._hidden.get("nonce", "")
        form = bytes.fromhex(nonce) if _NONCE.match(nonce) else secrets.token_bytes(12)
        if form == FIRST_FORM:  # that form is the report's own
            form = secrets.token_bytes(12)
        self.added.desk = desk
        self._sender = Sender(self._site, secret.keys(self._site.instance, desk), desk, address, self._lang, form)
        return self._sender

    def _send_act(self) -> None:
        act, sender = self.added.act, self._open()
        if not act.name or sender is None or self.added.secret is None:
            return
        faults = act.faults(self.added.secret)
        for name, key, status in faults:
            self.added.fault(name, key, status, limit=FIELD_MAX_CHARACTERS)
        if not faults:
            send_text(sender, ADDITION, _TEXT_INDEX, act.record())
            self.added.act_kept, self.added.act_text, self.added.act = act.name, act.text.strip(), acts.Act()
            if act.name == WITHDRAW:
                self.added.did.add(f"{WITHDRAWN}-{self.added.desk}")

    def _send_text(self) -> None:
        """Send the text before the files: it is acknowledged even if the files after it break off."""
        text = self.added.text_typed
        if self.added.text_kept or "what" in self.added.errors or not text.strip():
            return
        sender = self._open()
        if sender is None or self.added.secret is None:
            return
        if is_too_long(text):
            self.added.fault("what", "too-long", 413, limit=FIELD_MAX_CHARACTERS)
        elif self.added.secret.is_revealed_by(text):
            self.added.fault("what", "secret-in-text", 422)
        else:
            send_text(sender, ADDITION, _TEXT_INDEX, {"what": text})
            self.added.text_kept, self.added.text_typed = text.strip(), ""
            self._answered()

    def _answered(self) -> None:
        self.added.did.add(f"{ANSWERED}-{self.added.desk}")

    def _start_file(self, part: FilePart) -> None:
        self._send_text()
        self._is_nameless = not part.filename  # an empty file field, unless bytes follow
        if self._is_nameless:
            return
        sender = self._open()
        self._files += 1
        if sender is None or self.added.secret is None:
            return
        if self._files > self._site.settings.files_max:
            self.added.fault("files", "too-many-files", 413, limit=self._site.settings.files_max)
            return
        self._file_name = sealed_name(part.filename)
        if self.added.secret.is_revealed_by(self._file_name):
            self.added.fault("files", "secret-in-file-name", 422)
            return
        self._stream = FileStream(sender, self._files, self._file_name, sealed_type(part.type))
        self._is_empty = True

    def _take_bytes(self, part: FileBytes) -> None:
        stream = self._stream
        if stream is None:
            if self._is_nameless and part.data:
                self.added.fault("files", "file-name-missing", 422)
            return
        self._is_empty = self._is_empty and not part.data
        if part.last and self._is_empty:  # a full phone leaves such a file; its owner must not believe that it was sent
            self.close()
            self._empty.append(self._file_name)
            names = first_names(self._empty)
            rest = ["…"] if len(self._empty) > len(names) else []
            self.added.fault("files", "file-empty", 422, names=", ".join(names + rest))
            return
        try:
            stream.update(part.data)
            if part.last:
                self._stream = None
                stream.finish()
                self.added.files_kept.append(self._file_name)
        except TooLargeError:
            self.close()
            limit = self._site.settings.file_max_bytes // (1024 * 1024)
            self.added.fault("files", "too-large", 413, limit=limit)
        except FilesClosedError:
            self.close()
            self.added.fault("files", "files-closed", 507)


def receive_additions(
    site: Site, boundary: bytes, pieces: Iterator[bytes], lang: str, find_desks: FindDesks
) -> Additions:
    """Seal and store everything in a multipart form, part by part; never raises for what a reporter sent.

    Args:
        site: the running site.
        boundary: of the form.
        pieces: the body as it arrives.
        lang: `id` or `en`.
        find_desks: the desks that have the thread of a secret (for a form that does not say which).
    """
    form = _Form(site, lang, find_desks)
    added = form.added
    try:
        for part in read_parts(boundary, pieces):
            form.take(part)
            if added.fatal:
                return added
        form.finish()
    except MalformedError:
        added.end("bad-form", 400)
    except TooLargeError:
        added.end("too-many-parts", 413)
    except InterruptedBodyError:
        added.end("file-interrupted", 400)
    except StorageFullError:
        added.end("storage-full", 507)
    except StorageBusyError:
        added.end("busy", 503)
    except Exception as error:  # noqa: BLE001  # whatever it was: what was kept and what was typed must be shown
        log_fault(type(error), error.__traceback__)
        added.end("server-error", 500)
    finally:
        form.close()
    if not (added.fatal or added.any or added.errors):
        added.fault("", "addition-empty", 422)
    return added
