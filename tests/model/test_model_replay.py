"""The model and the code are two descriptions of one exchange: each walk of one is a walk of the other."""

from pathlib import Path

import pytest
from real_exchange import Exchange
from replay import expected, first_difference, observed
from spin import Bounds, Model
from walker import Walker

from dropbox.web.intake.acceptance import Refusal

_WIDE = Bounds(reports=2, troubles=50, exports=50, returns=50)
STEPS, SOAK_STEPS, SOAK_WALKS = 10, 60, 12


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The model with bounds that a walk does not meet."""
    return Model(tmp_path_factory.mktemp("model"), _WIDE)


def _walk_of_the_model(model: Model, folder: Path, seed: int, steps: int) -> None:
    walk = model.walk(seed, 200 * steps)[:steps]
    assert len(walk) == steps
    exchange = Exchange(folder)
    try:
        assert first_difference(exchange, walk) == (-1, "")
    finally:
        exchange.close()


def _walk_of_the_code(model: Model, folder: Path, seed: int, steps: int) -> None:
    exchange = Exchange(folder)
    walker = Walker(exchange, seed)
    script, seen = [], []
    try:
        for _ in range(steps):
            event = walker.next()
            script.append(event)
            seen.append(observed(exchange, exchange.play(event[0], *event[1])))
    finally:
        exchange.close()
    followed = [expected(step) for step in model.follow(script)]
    for place, real in enumerate(seen):
        assert followed[place : place + 1] == [real], f"the model differs after {script[: place + 1]}"


def test_the_code_follows_the_model(model: Model, tmp_path: Path) -> None:
    """After each event of a random walk of the model the code has the same outcome and the same observable state."""
    _walk_of_the_model(model, tmp_path / "exchange", 1, STEPS)


def test_the_model_follows_the_code(model: Model, tmp_path: Path) -> None:
    """Each event of a random walk of the code is possible in the model, with the same outcome and observable state."""
    _walk_of_the_code(model, tmp_path / "exchange", 1, STEPS)


def test_a_late_report_is_refused_by_the_code(tmp_path: Path) -> None:
    """A report that the model would not send any more, two weeks after its own, is refused by the site's check."""
    exchange = Exchange(tmp_path / "exchange")
    try:
        for event in ("seal", "advance", "advance"):
            exchange.play(event, 0, 0)
        with pytest.raises(Refusal) as refused:
            exchange.play("send", 0, 0)
        assert refused.value.key == "epoch-ended"
    finally:
        exchange.close()


def test_a_difference_is_noticed(model: Model, tmp_path: Path) -> None:
    """A code that does more than the model says is found at the event at which it does."""
    exchange = Exchange(tmp_path / "exchange")
    steps = model.follow([("seal", (0, 0)), ("export", (0, 0)), ("send", (0, 0))])
    try:
        assert len(steps) == 3
        exchange.play("seal", 0, 0)
        exchange.play("send", 0, 0)
        assert first_difference(exchange, steps[1:])[0] == 0
    finally:
        exchange.close()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 2 + SOAK_WALKS))
def test_long_walks(model: Model, tmp_path: Path, seed: int) -> None:
    """The same in both directions, for long and from many beginnings."""
    _walk_of_the_model(model, tmp_path / "of-model", seed, SOAK_STEPS)
    _walk_of_the_code(model, tmp_path / "of-code", seed, SOAK_STEPS)
