"""The model of the exchange keeps its promises with all rules, and breaks one without each of them."""

from pathlib import Path
from typing import Final

import pytest
from real_exchange import Exchange
from replay import first_difference
from spin import KEYS, LOSS, SERVER, THEFT, Bounds, Model

# Each rule: the accidents without which it does not matter, and the event at which the code keeps it.
RULES: Final = {
    "NUMBER_RANGE": (THEFT, "take"),
    "MADE": (THEFT, "take"),
    "KEY_REVOKED": (THEFT, "take"),
    "ONE_BODY": (THEFT, "take"),
    "ORDER": (0, "take"),
    "WAITING": (THEFT, "round"),
    "VOTE_ENDS": (THEFT, "round"),
    "ANEW": (LOSS, "take_in"),
    "BEHIND": (LOSS, "publish"),
    "CERTIFIED_FIRST": (LOSS, "take_in"),
    "BY_DAY": (SERVER, "take_in"),
    "SIGNED_EXPORT": (SERVER, "forged_export"),
    "FUTURE": (SERVER, "forged_export"),
    "REMEMBERED_LAST": (SERVER, "kill_import"),
    "NEW_STATION": (LOSS, "restore"),
    "COPY": (LOSS, "publish"),
    "KEYS_OPEN": (KEYS, "publish"),
    "SPENT_FIRST": (LOSS, "promote"),
    "WHOLE_READ": (KEYS, ""),  # what rots is not observable here: that the code mends it is asserted in `Exchange`
}
_TWO: Final = {"NUMBER_RANGE", "MADE", "KEY_REVOKED", "ONE_BODY"}  # a theft, and a forgery with what was stolen
_SMALL: Final = Bounds()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The model, compiled to find the shortest way to an error."""
    made = Model(tmp_path_factory.mktemp("model"), _SMALL)
    made.compile("-DBFS")
    return made


@pytest.mark.parametrize("kind", [LOSS, KEYS, SERVER, THEFT])
def test_the_promises_hold(model: Model, kind: int) -> None:
    """No state within the small bounds breaks a promise, whatever accidents of one kind happen."""
    assert model.search(kind).broken == ""


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_needed(model: Model, rule: str, tmp_path: Path) -> None:
    """Without it the model finds a broken promise, and the code departs from that way where it keeps it."""
    kinds, event = RULES[rule]
    troubles = 2 if rule in _TWO else 1
    assert model.search(kinds, rule, troubles).broken
    steps = model.trail(kinds, rule, troubles)
    exchange = Exchange(tmp_path / "exchange")
    try:
        place, _ = first_difference(exchange, steps)
    finally:
        exchange.close()
    assert (steps[place].event if place >= 0 else "") == event
