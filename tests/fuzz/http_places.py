"""Asks an application for every route, each in all ways of http_requests, and counts what was seen.

Rule: no answer is a fault of the server. Work is measured in seconds of processor time, which a busy machine does not
change.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from tests.fuzz.http_requests import Asked, Route, Schema, routes_of

_PAGE_MAX = 1 << 20


@dataclass(frozen=True)
class Answered:
    """An answer: status, the page if it is one, and the processor time that it took."""

    status: int
    page: str
    seconds: float


Ask = Callable[[Asked], Answered]


@dataclass
class Figures:
    """What a run has seen."""

    statuses: Counter[int] = field(default_factory=Counter)
    asked: Counter[Route] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: dict[Route, float] = field(default_factory=dict)

    def __str__(self) -> str:
        slow = sorted(self.slowest.items(), key=lambda item: -item[1])[:5]
        named = [f"{seconds:.2f} s {route.method} {route.rule}" for route, seconds in slow]
        return f"{self.asked.total()} requests, {len(self.asked)} routes, {dict(self.statuses)}, slowest {named}"


def run(app: Flask, ask: Ask, rounds: int, seed: int, *, token: Callable[[], str] | None = None) -> Figures:
    """Ask every route of an application, untampered once, then `rounds` times in other ways.

    Args:
        app: whose URL map is the schema.
        ask: sends one request.
        rounds: tampered requests of each route.
        seed: of the choices.
        token: what a form of this moment bears.
    """
    schema, figures = Schema(app, random.Random(seed)), Figures()  # noqa: S311  a reproducible choice
    routes = routes_of(app)

    def one(asked: Asked) -> None:
        answer = ask(asked)
        figures.asked[asked.route] += 1
        figures.statuses[answer.status] += 1
        figures.slowest[asked.route] = max(answer.seconds, figures.slowest.get(asked.route, 0.0))
        if answer.status >= 500:
            figures.faults.append(f"{answer.status}: {asked}")
        schema.learn(asked.path, answer.page)

    for route in routes:
        if route.method == "GET":
            one(schema.plain(route))
    for route in routes:
        if route.method != "GET":
            one(schema.plain(route))
    for _ in range(rounds):
        for route in routes:
            schema.token = token() if token else ""
            one(schema.tampered(route))
    return figures


def in_process(client: FlaskClient) -> Ask:
    """Ask an application within this process; an error that it does not handle is a fault."""

    def ask(asked: Asked) -> Answered:
        begun = time.process_time()
        path, _, query = asked.path.partition("?")
        answer = client.open(
            path, method=asked.route.method, query_string=query, headers=list(asked.headers), data=asked.body
        )
        try:
            page = answer.get_data()[:_PAGE_MAX].decode("utf-8", "replace") if answer.mimetype == "text/html" else ""
        finally:
            answer.close()
        return Answered(answer.status_code, page, time.process_time() - begun)

    return ask
