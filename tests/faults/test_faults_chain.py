"""From the reporter to the answer, while every part is killed, filled, cut off and misled about the time."""

import contextlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.chain import Chain
from tests.faults.checker import FAULTS, FAULTS_OF_POSTGRESQL, FAULTS_OF_SQLITE, PARTS, too_few_faults, too_few_kills
from tests.faults.ledger import Ledger
from tests.faults.reporters import Reporters
from tests.faults.world import World

_LONG = int(os.environ.get("FAULT_KILLS", "125"))  # of each long run; there are eight
_LEAST = max(1, _LONG // 40)  # of each part


@contextlib.contextmanager
def _chain(folder: Path, seed: int, database: str) -> Iterator[Chain]:
    """A chain whose figures are printed at the end; a failed run is repeated with its seed."""
    ledger = Ledger()
    with contextlib.ExitStack() as stack:
        world = stack.enter_context(World.made(folder, seed))
        if database == "postgresql":
            world.move_to_postgresql(stack)
        reporters = stack.enter_context(Reporters(world.port, folder / "keys" / "root.pub", ledger, seed))
        chain = Chain(world, reporters, ledger, random.Random(seed))  # noqa: S311  a choice
        stack.callback(lambda: print(f"\nseed {seed}, {database}: {chain.figures()}", flush=True))
        yield chain


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def test_the_chain_survives_some_faults(tmp_path: Path, database: str) -> None:
    """A round with some kills: what was acknowledged opens once and whole, and no plaintext or rest is left."""
    with _chain(tmp_path / "world", 1, database) as chain:
        chain.answers = 1
        chain.play(strikes=1, reports=4)
        chain.finish(rounds=1)
        commands = [part for part in PARTS if part not in ("web", "database", "gate")]
        assert chain.judge().found + too_few_kills(chain.strikes.kills, commands, 1) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", [11, 12, 13, 14])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_chain_survives_many_faults(tmp_path: Path, database: str, seed: int) -> None:
    """The same over several rounds, until so many processes were killed at work, and each kind of fault was met."""
    has_server = database == "postgresql"
    parts = [part for part in PARTS if part != "database" or has_server]
    kinds = FAULTS | (FAULTS_OF_POSTGRESQL if has_server else FAULTS_OF_SQLITE)
    with _chain(tmp_path / "world", seed, database) as chain:

        def lacking() -> list[str]:
            kills = too_few_kills(chain.strikes.kills, parts, _LEAST)
            return kills + too_few_faults(chain.strikes.all_faults(), kinds)

        while chain.strikes.kills.total() < _LONG or (lacking() and chain.strikes.kills.total() < 2 * _LONG):
            chain.play(strikes=6, reports=12)
            print(chain.figures(), flush=True)
        chain.finish()
        verdict = chain.judge()
        print(f"opened: cases {verdict.cases}, files {verdict.files}, pages with answers {verdict.pages}")
        print("\n".join(["found:", *verdict.found, *lacking()]), flush=True)
        assert verdict.found + lacking() == []
