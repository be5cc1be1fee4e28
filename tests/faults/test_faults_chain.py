"""From the reporter to the answer, while every part is killed, filled, cut off and misled about the time."""

import contextlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.chain import Chain
from tests.faults.checker import PARTS, too_few_kills
from tests.faults.ledger import Ledger
from tests.faults.reporters import Reporters
from tests.faults.world import World

_LONG = int(os.environ.get("FAULT_KILLS", "250"))  # of each long run; there are four


@contextlib.contextmanager
def _chain(folder: Path, seed: int, database: str) -> Iterator[Chain]:
    """A chain whose figures are printed at the end; a failed run is repeated with its seed."""
    ledger = Ledger()
    with contextlib.ExitStack() as stack:
        world = stack.enter_context(World.made(folder, seed))
        if database == "postgresql":
            world.move_to_postgresql(stack)
        reporters = Reporters(world.port, folder / "keys" / "root.pub", ledger, seed)
        chain = Chain(world, stack.enter_context(reporters), ledger, random.Random(seed))  # noqa: S311  a choice
        stack.callback(lambda: print(f"\nseed {seed}: {chain.figures()}"))
        yield chain


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def test_the_chain_survives_some_faults(tmp_path: Path, database: str) -> None:
    """A round with some kills: what was acknowledged opens once and whole, and no plaintext or rest is left."""
    with _chain(tmp_path / "world", 1, database) as chain:
        chain.play(kills=2, reports=6)
        chain.finish()
        assert chain.check() == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_chain_survives_many_faults(tmp_path: Path, database: str, seed: int) -> None:
    """The same over many rounds, until some hundreds of processes were killed."""
    with _chain(tmp_path / "world", seed, database) as chain:
        while chain.kills.total() < _LONG:
            chain.play(kills=3, reports=9)
            print(chain.figures(), flush=True)
        chain.finish()
        parts = [part for part in PARTS if part != "database" or database == "postgresql"]
        found = chain.check() + too_few_kills(chain.kills, parts, max(1, _LONG // 50))
        print("\n".join(["found:", *found]))
        assert found == []
