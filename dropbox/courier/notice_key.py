"""Makes the courier's key for the daily notice, and reads a notice with it, on the courier's own computer.

Rule: the private key is under a passphrase and never at the server; nothing of a mail is repeated but its meaning.
"""

from argparse import Namespace
from typing import Final

from dropbox.crypto.private.courier_key import CourierKey, open_notice
from dropbox.crypto.private.private_files import unwrap, wrap
from dropbox.disk.passphrases import ask_passphrase
from dropbox.disk.paths import is_there
from dropbox.disk.private import guard_process, read_private, write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import say, show
from dropbox.errors import RefusedError
from dropbox.sentences.catalogue import Sentence
from dropbox.wire.calendar import date_of
from dropbox.wire.notice import NOTHING, NOTICE_FILE_MAX_BYTES, SOMETHING, UNKNOWN, encode_key, find_notice

_KIND: Final = "courier"
_PUBLIC_MODE: Final = 0o644
_MEANINGS: Final = {SOMETHING: "daily.something", NOTHING: "daily.nothing", UNKNOWN: "daily.unknown"}


def make(options: Namespace) -> int:
    """Write FILE (private) and FILE.pub (for the server); returns 0.

    Raises:
        RefusedError: one of them exists, or the passphrase is too short.
        MalformedError: it was typed in two ways.
        StorageFullError: a file could not be written.
    """
    guard_process()
    public = options.file.with_name(options.file.name + ".pub")
    for path in (options.file, public):
        if is_there(path):
            raise RefusedError("file.exists", name=path.name)
    passphrase = ask_passphrase(options.passphrase_file, is_new=True)
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
    key = CourierKey(unwrap(_KIND, read_private(options.key), ask_passphrase(options.passphrase_file)))
    notice = open_notice(key, sealed)
    show([Sentence(_MEANINGS[notice.value], day=date_of(notice.day))])
    return 0
