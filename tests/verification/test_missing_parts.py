"""What a site leaves out of what it publishes is named: proved by a signature, or not seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from dropbox.crypto.answers import dummy_cell
from dropbox.settings.installation import load
from dropbox.wire.board import Board
from dropbox.wire.bundle import pack_objects
from dropbox.wire.keyring import KeyedBundle, parse_keyed_bundle
from tests.verification.conftest import Clock, Signed, make_signed

KEYRING, BOARDS = "/data/kunci-lengkap", "/data/papan"


@pytest.fixture
def own(tmp_path: Path, clock: Clock) -> Iterator[Signed]:
    """A site for one test."""
    made = make_signed(tmp_path, load(), clock)
    with made.server.running():
        yield made


def found(signed: Signed) -> tuple[set[tuple[str, str, str]], int]:
    """Code, address and place of each finding at two pages; the exit code."""
    verdict = signed.look(only=["/status", "/kunci"])
    return {(one.code, one.address, one.place) for one in verdict.findings}, verdict.exit_code


@pytest.mark.parametrize("count", [0, 1])
def test_keys_that_a_bundle_names_and_the_site_leaves_out_are_a_difference(own: Signed, count: int) -> None:
    """A bundle with none, or all but one, of its keys is named with its desk."""
    desk = own.inspectorate.desks["itjen"]
    whole = parse_keyed_bundle(desk.key_bundle(2))
    kept = dict(list(whole.keys.items())[1:]) if count else {}
    with own.site.store.transaction() as tx:
        own.site.store.published.put(tx, "keys", desk.name, 2, KeyedBundle(whole.signed, kept).encode())
    assert found(own) == ({("keys-left-out", KEYRING, "itjen")}, 4)


def test_a_board_without_one_of_its_shards_is_a_difference(own: Signed) -> None:
    """All shards are signed, and one is not given out."""
    desk = own.inspectorate.desks["itjen"]
    cells = sorted(dummy_cell() for _ in range(128))
    first = desk.signed("board", Board(desk.head(2), 0, 2, tuple(cells[:64])).encode())
    with own.site.store.transaction() as tx:
        own.site.store.published.put(tx, "board", desk.name, 2, pack_objects([first]))
    assert found(own) == ({("unsigned", BOARDS, "")}, 4)


@pytest.mark.parametrize(("kind", "code", "address"), [("board", "no-board", BOARDS), ("keys", "desk-closed", KEYRING)])
def test_a_desk_without_keys_or_answers_was_not_seen(own: Signed, kind: str, code: str, address: str) -> None:
    """Each desk is named of which no keys, or no board, are given out."""
    with own.site.store.transaction() as tx:
        tx.execute(text("DELETE FROM published WHERE kind = :kind"), {"kind": kind})
    assert found(own) == ({(code, address, desk) for desk in own.inspectorate.desks}, 3)


def test_a_site_without_a_list_of_revocations_was_not_seen(own: Signed) -> None:
    """Without the list no desk is open, which is named too."""
    with own.site.store.transaction() as tx:
        tx.execute(text("DELETE FROM published WHERE kind = 'revocations'"))
    closed = {("desk-closed", KEYRING, desk) for desk in own.inspectorate.desks}
    assert found(own) == ({("no-revocations", KEYRING, ""), *closed}, 3)
