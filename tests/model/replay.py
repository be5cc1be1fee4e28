"""Plays steps of the model on the real code, and compares what both say after each of them."""

from collections.abc import Iterable

from real_exchange import Exchange
from spin import Step


def first_difference(exchange: Exchange, steps: Iterable[Step]) -> tuple[int, str]:
    """Play until code and model differ; returns (place, what differs), or (-1, "") when they never do."""
    for place, step in enumerate(steps):
        outcome = exchange.play(step.event, *step.arguments)
        real, said = observed(exchange, outcome), expected(step)
        if real != said:
            return place, f"{step.event}{step.arguments}: the code {real}, the model {said}"
    return -1, ""


def observed(exchange: Exchange, outcome: str) -> tuple[object, ...]:
    """Return what the code shows."""
    desks = [exchange.desk(desk) for desk in ((0, 1) if exchange.alive else (1,))]
    return outcome, exchange.server(), exchange.alive, *desks


def expected(step: Step) -> tuple[object, ...]:
    """Return the same of the model."""
    return step.outcome, step.server, step.alive, *(step.desks if step.alive else step.desks[1:])
