"""Makes the courier's key for the daily notice, and reads a notice with it, on the courier's own computer.

Rule: the private key is under a passphrase and never at the server; nothing of a mail is repeated but its meaning.
"""

from argparse import Namespace
from pathlib import Path
from typing import Final

from dropbox.crypto.private.courier_key import CourierKey, open_notice
from dropbox.crypto.private.private_files import unwrap, wrap
from dropbox.disk.private import guard_process, read_passphrase, read_private, write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import asked_unseen, say, show
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import STAFF_PASSPHRASE_MIN
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.wire.calendar import date_of
from dropbox.wire.notice import NOTHING, NOTICE_FILE_MAX_BYTES, SOMETHING, UNKNOWN, encode_key, find_notice

_KIND: Final = "courier"
_PUBLIC_MODE: Final = 0o644
_MEANINGS: Final = {SOMETHING: "daily.something", NOTHING: "daily.nothing", UNKNOWN: "daily.unknown"}


def make(options: Namespace) -> int:
    """Write FILE (private) and FILE.pub (for the server); returns 0.

    Raises:
        RefusedError: one of them exists, or the passphrase is too short.
        StorageFullError: a file could not be written.
    """
    guard_process()
    public = options.file.with_name(options.file.name + ".pub")
    for path in (options.file, public):
        if path.exists():
            raise RefusedError("file.exists", name=path.name)
    passphrase = _passphrase(options.passphrase_file)
    if len(passphrase) < STAFF_PASSPHRASE_MIN:
        raise RefusedError("passphrase.too-short", least=STAFF_PASSPHRASE_MIN)
    if (
        not options.passphrase_file
        and asked_unseen(words_of("command.passphrase-again"), "--passphrase-file") != passphrase
    ):
        raise MalformedError("passphrase.differ")
    key = CourierKey.generate()
    write_whole(options.file, wrap(_KIND, "notice", key.seed, passphrase))
    write_whole(public, encode_key(key.public.raw), mode=_PUBLIC_MODE)
    say(Sentence("daily.key-made", name=public.name))
    return 0


def read(options: Namespace) -> int:
    """Print what a saved mail says; returns 0.

    Raises:
        MalformedError: there is no notice in the file.
        NotForThisKeyError: it is sealed to another key, or was altered.
        WrongPassphraseError, NotFoundError, ConfigurationError: the key cannot be opened.
    """
    guard_process()
    sealed = find_notice(read_small(options.file, NOTICE_FILE_MAX_BYTES))
    key = CourierKey(unwrap(_KIND, read_private(options.key), _passphrase(options.passphrase_file)))
    notice = open_notice(key, sealed)
    show([Sentence(_MEANINGS[notice.value], day=date_of(notice.day))])
    return 0


def _passphrase(file: Path | None) -> str:
    return read_passphrase(file) if file else asked_unseen(words_of("command.passphrase"), "--passphrase-file")
