"""Runs `dropbox keys split`, `combine` and `drill`: the root key in shares of words, each with its custodian.

Rule: the words of shares reach memory only. They are typed without echo or read from private files, never taken from
the command line, and written into a folder in memory alone.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dropbox.ceremony import authority, describe, recovery, shares
from dropbox.crypto.signing import root_fingerprint
from dropbox.disk.memory import is_in_memory
from dropbox.disk.private import private_folder, read_private, write_whole
from dropbox.disk.small import read_small
from dropbox.disk.terminal import asked_unseen, say, show
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import KIB
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import RootAnchor, parse_anchor

_NAME: Final = "share-{}.txt"
_ANCHOR_MAX_BYTES: Final = 4 * KIB
_OPTION: Final = "--share"


def split(options: argparse.Namespace, root: authority.Root, today: Day) -> None:
    """Write the shares of a root into a folder in memory, one file for each.

    Raises:
        RefusedError: the folder is on a disk or holds something, or the numbers are out of range.
        StorageFullError: the folder is full; no share is left in it.
        NotFoundError, MalformedError, UntrustedError: the root's records, see `recovery.read_records`.
    """
    records = recovery.read_records(root.folder)
    made = shares.split(root.key.seed, options.needed, options.shares)
    written: list[Path] = []
    try:
        for one in made:
            path = options.to / _NAME.format(one.number)
            write_whole(path, shares.paper(one, len(made), root.anchor, today))
            written.append(path)
    except BaseException:
        for path in written:  # in memory: nothing is left of it
            path.unlink()
        raise
    show(
        [
            Sentence("shares.made", count=len(made), needed=options.needed, folder=options.to, set=made[0].set),
            *describe.fingerprint_lines(describe.ROOT_KEY, root_fingerprint(root.anchor)),
            recovery.minutes(records),
            Sentence("shares.next"),
        ]
    )


def refuse_disk(folder: Path) -> None:
    """Make the private folder for shares; raises RefusedError if it is on a disk, or is not empty."""
    if not is_in_memory(folder):
        raise RefusedError("shares.on-disk")
    if any(private_folder(folder).iterdir()):
        raise RefusedError("shares.folder-used")


def combine(options: argparse.Namespace, ask_passphrase: Callable[[], str]) -> None:
    """Write the folder of a root anew, from shares and from the newest records; the passphrase is asked last.

    Raises:
        NotFoundError: a record or a share's file cannot be read.
        RefusedError: the records are old, the folder holds a root, or the shares are too few, mixed, or one twice.
        MalformedError: a share or a record is damaged.
        UntrustedError: the shares rebuild another key than that of root.pub.
    """
    records = recovery.read_records(options.records)
    recovery.check_newest(records, options.last_serial, options.last_list)
    authority.refuse_place(options.to)
    found = _shares(options.share, records.anchor)
    key = recovery.root_key(shares.join(found), records.anchor)
    recovery.write_root(options.to, key, records, ask_passphrase())
    show(
        [
            Sentence("ceremony.root-made", folder=options.to),
            *describe.anchor_lines(records.anchor.encode()),
            recovery.minutes(records),
            Sentence("shares.combined", set=found[0].set),
        ]
    )


def drill(options: argparse.Namespace) -> None:
    """Prove that shares rebuild the key of a root.pub; writes nothing, and raises what `combine` raises."""
    anchor = parse_anchor(read_small(options.root_pub, _ANCHOR_MAX_BYTES))
    found = _shares(options.share, anchor)
    recovery.root_key(shares.join(found), anchor)
    numbers = " ".join(str(one.number) for one in sorted(found, key=lambda one: one.number))
    show(
        [
            Sentence("shares.drilled", numbers=numbers, set=found[0].set),
            *describe.fingerprint_lines(describe.ROOT_KEY, root_fingerprint(anchor)),
        ]
    )


def _shares(files: Sequence[Path], anchor: RootAnchor) -> list[shares.Share]:
    if files:
        return [_from_file(path, anchor) for path in files]
    found: list[shares.Share] = []
    while not found or len(found) < found[0].needed:
        typed = _typed(len(found) + 1)
        try:
            share = shares.parse(typed)
            shares.check_together([*found, share])
        except (MalformedError, RefusedError) as error:
            say(Sentence("shares.again", error=error))
            continue
        found.append(share)
        say(Sentence("shares.taken", number=share.number, set=share.set, left=share.needed - len(found)))
    return found


def _from_file(path: Path, anchor: RootAnchor) -> shares.Share:
    try:
        return shares.parse(shares.words_of_paper(read_private(path), anchor))
    except MalformedError as error:
        raise MalformedError("shares.file", name=path.name, error=error) from None


def _typed(place: int) -> list[str]:
    """Return the 33 words that a custodian types, in the paper's rows; a row with an unknown word is asked again."""
    words: list[str] = []
    while len(words) < shares.SHARE_WORDS:
        first, last = len(words) + 1, len(words) + shares.ROW_WORDS
        row = asked_unseen(words_of("shares.ask", place=place, first=first, last=last), _OPTION).split()
        row = [word for word in row if not word.isdigit()]
        if len(row) == shares.ROW_WORDS and all(map(shares.known_word, row)):
            words += row
        else:
            say(Sentence("shares.row", first=first, last=last))
    return words
