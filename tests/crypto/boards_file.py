"""Reads a boards file, as browsers do."""

from dropbox.crypto.signing import Trust, open_object
from dropbox.errors import MalformedError, UntrustedError
from dropbox.wire.board import Board, check_whole, parse_board
from dropbox.wire.bundle import unpack_objects


def parse_boards(trust: Trust, untrusted: bytes) -> list[list[Board]]:
    """FORMAT "Boards file", from the pieces that the site reads its own store with: no Python program downloads one."""
    boards: list[list[Board]] = []
    for packed in unpack_objects(untrusted):
        shards: list[Board] = []
        try:
            for one in unpack_objects(packed):
                opened = open_object(trust, one, "board", dated=False)
                shards.append(parse_board(opened.body))
        except UntrustedError as error:
            if error.code != "certificate.revoked":
                raise
            continue
        check_whole(shards)
        boards.append(shards)
    desks = [shards[0].head.desk for shards in boards]
    if desks != sorted(set(desks)):
        raise MalformedError("format.desk-order", what="boards")
    return boards
