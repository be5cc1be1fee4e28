"""Runs `dropbox keys split`, `combine` and `drill`: the root key in shares of words, each with its custodian.

Rule: the words of shares reach this process's memory only. One share at a time is on the screen, and it is cleared
before the next one; words are typed without echo. No file, no pipe and no command line holds them.
"""

import argparse
from collections.abc import Callable
from typing import Final

from dropbox.ceremony import authority, describe, recovery, shares
from dropbox.crypto.signing import root_fingerprint
from dropbox.disk.memory import may_swap
from dropbox.disk.small import read_small
from dropbox.disk.terminal import asked_unseen, say, show, show_alone
from dropbox.errors import MalformedError, RefusedError
from dropbox.limits import KIB
from dropbox.sentences.catalogue import Sentence, words_of
from dropbox.wire.calendar import Day
from dropbox.wire.keyring import parse_anchor

_ANCHOR_MAX_BYTES: Final = 4 * KIB


def split(options: argparse.Namespace, root: authority.Root, today: Day) -> None:
    """Show the shares of a root one after the other; each is typed back from its paper before the next one is shown.

    Raises:
        RefusedError: this machine may swap, there is no terminal, or the numbers are out of range.
        NotFoundError, MalformedError, UntrustedError: the root's records, see `recovery.read_records`.
    """
    records = recovery.read_records(root.folder)
    made = shares.split(root.key.seed, options.needed, options.shares)
    for one in made:
        turn = Sentence("shares.turn", number=one.number, count=len(made))
        show_alone([turn], words_of("shares.begin"))
        lines = shares.paper(one, len(made), root.anchor, today)
        show_alone(lines, words_of("shares.copied"))
        while not _is_typed_back(one):
            show_alone(lines, words_of("shares.copied"))
    show(
        [
            Sentence("shares.made", count=len(made), needed=options.needed, set=made[0].set),
            *describe.fingerprint_lines(describe.ROOT_KEY, root_fingerprint(root.anchor)),
            recovery.minutes(records),
            Sentence("shares.next"),
        ]
    )


def refuse_swap() -> None:
    """Pass if this machine's memory never goes to a disk; raises RefusedError."""
    if may_swap():
        raise RefusedError("shares.swap")


def combine(options: argparse.Namespace, ask_passphrase: Callable[[], str]) -> None:
    """Write the folder of a root anew, from shares and from the newest records; the passphrase is asked last.

    Raises:
        NotFoundError: a record cannot be read.
        RefusedError: this machine may swap, there is no terminal, the records are old, or the folder holds a root.
        MalformedError: a record is damaged.
        UntrustedError: the shares rebuild another key than that of root.pub.
    """
    records = recovery.read_records(options.records)
    recovery.check_newest(records, options.last_serial, options.last_list, options.last_manifest)
    authority.refuse_place(options.to)
    found = _typed_shares()
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
    found = _typed_shares()
    recovery.root_key(shares.join(found), anchor)
    numbers = " ".join(str(one.number) for one in sorted(found, key=lambda one: one.number))
    show(
        [
            Sentence("shares.drilled", numbers=numbers, set=found[0].set),
            *describe.fingerprint_lines(describe.ROOT_KEY, root_fingerprint(anchor)),
        ]
    )


def _typed_shares() -> list[shares.Share]:
    """Return as many shares as are needed, each typed from its paper."""
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


def _typed(place: int) -> list[str]:
    """Return the 33 words that a custodian types, in the paper's rows; a row with an unknown word is asked again."""
    words: list[str] = []
    while len(words) < shares.SHARE_WORDS:
        first, last = len(words) + 1, len(words) + shares.ROW_WORDS
        row = _row(words_of("shares.ask", place=place, first=first, last=last))
        if len(row) == shares.ROW_WORDS and all(map(shares.known_word, row)):
            words += row
        else:
            say(Sentence("shares.row", first=first, last=last))
    return words


def _is_typed_back(share: shares.Share) -> bool:
    """Ask for a share's rows from its paper; False as soon as its custodian wants to see it again."""
    words = share.words.split()
    for start in range(0, shares.SHARE_WORDS, shares.ROW_WORDS):
        first, last = start + 1, start + shares.ROW_WORDS
        while row := _row(words_of("shares.back", first=first, last=last)):
            if [shares.known_word(word) for word in row] == words[start:last]:
                break
            say(Sentence("shares.not-copied", first=first, last=last))
        else:
            return False
    return True


def _row(question: str) -> list[str]:
    """Return the words of a row that is typed unseen, without their numbers; raises RefusedError without a terminal."""
    try:
        typed = asked_unseen(question, "")
    except RefusedError:
        raise RefusedError("command.screen") from None  # no option takes the place of a custodian
    return [word for word in typed.split() if not word.isdigit()]
