"""Manages a receiver's files: its key and card, dossiers written into folders, and answers.

    FOLDER/receiver.key   private, under a passphrase        FOLDER/receiver.pub   the card, public

Rule: no vault is needed. A dossier is verified to its end before a byte of it is written, and its folder appears whole
or not at all.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dropbox.crypto.private.private_files import DEFAULT_COST, Cost, unwrap, wrap
from dropbox.crypto.private.receiver_keys import Dossier, ReceiverKey, check, parts
from dropbox.crypto.receivers import verify_card
from dropbox.crypto.signing import Trust
from dropbox.disk.durable import sync_folder
from dropbox.disk.passphrases import check_passphrase, without_blanks
from dropbox.disk.paths import is_there
from dropbox.disk.pieces import write_verified
from dropbox.disk.private import private_folder, read_private, write_whole
from dropbox.disk.small import read_small
from dropbox.errors import DamagedError, MalformedError, NotFoundError, RefusedError, StorageFullError, UntrustedError
from dropbox.limits import FORM_MAX_BYTES
from dropbox.wire import json_schema
from dropbox.wire.calendar import Day
from dropbox.wire.dossier import FACTS, Answer
from dropbox.wire.receiver import CARD_MAX_BYTES, ReceiverCard, check_label

KEY_FILE: Final = "receiver.key"
CARD_FILE: Final = "receiver.pub"
_KIND: Final = "receiver"
_SHA256SUMS: Final = "SHA256SUMS"


@dataclass(frozen=True)
class Opener:
    """A receiver's key with its card."""

    key: ReceiverKey
    card: ReceiverCard
    card_file: bytes


def make_key(
    folder: Path, label: str, purpose: str, first: int, last: int, passphrase: str, cost: Cost = DEFAULT_COST
) -> bytes:
    """Make a new key and its card in a folder; returns the bytes of the card's file.

    Args:
        folder: created if needed.
        label: name of the receiver, 1 to 80 printable characters.
        purpose: one of wire.receiver.PURPOSES.
        first: first day number on which the card is valid.
        last: last day number on which the card is valid.
        passphrase: seals the key.
        cost: cost of Argon2id.

    Raises:
        RefusedError: there is a key already, or the passphrase is too short.
        MalformedError: the label or the days are invalid.
        ConfigurationError: other users may enter the folder.
        StorageFullError: the disk is full; nothing was written, or only the key.
    """
    passphrase = check_passphrase(passphrase)
    check_label(label)
    private_folder(folder)
    for name in (KEY_FILE, CARD_FILE):
        if is_there(folder / name):
            raise RefusedError("file.exists", name=name)
    key = ReceiverKey.generate()
    card = key.card(label, purpose, first, last)
    verify_card(card)
    write_whole(folder / KEY_FILE, wrap(_KIND, key.sign.public.hex()[:16], key.secret, passphrase, cost))
    write_whole(folder / CARD_FILE, card, mode=0o644)
    return card


def open_key(folder: Path, passphrase: str) -> Opener:
    """Unlock the key of a folder.

    Raises:
        NotFoundError: the key or its card does not exist.
        ConfigurationError: other users may read the key.
        WrongPassphraseError: the passphrase is wrong, or the key's file was altered.
        MalformedError: one of the files is of another kind.
        UntrustedError: the card next to it belongs to another key, or was altered.
    """
    key = ReceiverKey.from_secret(unwrap(_KIND, read_private(folder / KEY_FILE), without_blanks(passphrase)))
    card_file = read_card(folder / CARD_FILE)
    card = verify_card(card_file)
    if (card.sign, card.seal) != (key.sign.public, key.seal.public.raw):
        raise UntrustedError("receiver.other-card")
    return Opener(key, card, card_file)


def read_card(path: Path) -> bytes:
    """Return the bytes of a card's file; raises NotFoundError or TooLargeError."""
    return read_small(path, CARD_MAX_BYTES)


def check_dossier(path: Path, opener: Opener, trust: Trust) -> Dossier:
    """Verify that a dossier is whole, signed and for this key; writes nothing.

    Raises:
        NotFoundError: the file cannot be read.
        MalformedError, NotForThisKeyError, DamagedError, UntrustedError: see receiver_keys.check; Malformed also
            for facts of a schema version that this program does not know.
    """
    with _opened(path) as file:
        dossier = check(file.read, opener.key, opener.card, hashlib.sha256(opener.card_file).digest(), trust)
    with _opened(path) as file:
        for part, pieces in parts(file.read, dossier):
            if part.name == FACTS and part.length <= FORM_MAX_BYTES:
                json_schema.parse(b"".join(pieces))
            elif part.name == FACTS:
                raise MalformedError("dossier.facts-long")
            for _ in pieces:
                pass
    return dossier


def write_dossier(path: Path, dossier: Dossier, to: Path) -> list[str]:
    """Write the parts of a checked dossier, and SHA256SUMS, into a new folder; returns their names.

    Raises:
        RefusedError: the folder exists already.
        NotFoundError: the file cannot be read.
        DamagedError: the file has changed since it was checked.
        StorageFullError: the disk is full; nothing was written.
    """
    if os.path.lexists(to):
        raise RefusedError("file.folder-exists")
    partial = to.with_name(f".{to.name}.{secrets.token_hex(4)}.partial")
    try:
        private_folder(partial)
        with _opened(path) as file:
            for part, pieces in parts(file.read, dossier):
                _write_part(partial / part.name, pieces, part.sha256)
        sums = "".join(f"{part.sha256.hex()}  {part.name}\n" for part in dossier.contents.parts)
        write_whole(partial / _SHA256SUMS, sums.encode("ascii"))
        sync_folder(partial)
        partial.rename(to)
        sync_folder(to.parent)
    except OSError as error:
        _remove(partial)
        raise StorageFullError("dossier.unwritable", system=error.errno) from None
    except BaseException:
        _remove(partial)
        raise
    return [*(part.name for part in dossier.contents.parts), _SHA256SUMS]


def make_answer(opener: Opener, dossier: Dossier, today: Day, values: dict[str, str]) -> bytes:
    """Return the bytes of an answer about a checked dossier.

    Args:
        opener: the receiver's key and card.
        dossier: the checked dossier.
        today: day number.
        values: `number`, `result`, `question`, `remark`; missing ones are empty.

    Raises:
        MalformedError: the answer is empty or too long.
        RefusedError: the key is not valid today: the inspectorate would reject the answer.
    """
    if not opener.card.first <= today <= opener.card.last:
        raise RefusedError("receiver.key-expired")
    fields = {name: values.get(name, "").strip() for name in ("number", "result", "question", "remark")}
    head = dossier.contents.head
    answer = Answer(head.instance, dossier.contents.id, today, **fields)
    return opener.key.answer(dossier.contents.reply_key, answer)


def _write_part(path: Path, pieces: Iterator[bytes], sha256: bytes) -> None:
    private_folder(path.parent)
    if not write_verified(path, pieces, sha256):
        raise DamagedError("dossier.changed")


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise NotFoundError("file.name-unreadable", name=path.name, system=error.errno) from None
