"""Asks an application for every route, each in all ways of http_requests, and counts what was seen.

Rule: no answer is a fault of the server, but for a 503 that says so of itself; a request without an answer is a fault.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from tests.fuzz.http_requests import Asked, Made, Route, Schema, routes_of

PAGE_MAX = 1 << 20
WORK_SECONDS = 1.0  # of processor time
WARM = 2  # which measure of memory is the first of a process that has seen everything
_LATE_SECONDS = 10.0  # of waiting: a machine that does other things as well answers late


@dataclass(frozen=True)
class Answered:
    """An answer: status, the page if it is one, the seconds that it took, the address that it names, a cookie."""

    status: int
    page: str
    seconds: float
    place: str = ""  # Location
    cookie: str = ""  # the first one, without its attributes


Ask = Callable[[Asked], Answered]


@dataclass
class Place:
    """An application that is asked."""

    app: Flask  # whose URL map is the schema
    ask: Ask
    token: Callable[[], str] = str  # what a form of this moment has
    made: dict[str, Callable[[random.Random], Made]] = field(default_factory=dict)
    memory: Callable[[], int] = int  # bytes that its processes hold
    work: Callable[[], float] = time.process_time  # seconds of processor time that its processes have had
    busy: frozenset[str] = frozenset()  # rules that may answer 503: a service that is full


@dataclass
class Figures:
    """What a run has seen."""

    statuses: Counter[int] = field(default_factory=Counter)
    asked: Counter[Route] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    most: dict[Route, float] = field(default_factory=dict)  # work for one answer
    latest: float = 0.0  # seconds until the latest answer
    memory: list[int] = field(default_factory=list)  # bytes, at the same steps

    def count(self, asked: Asked, answer: Answered, work: float, busy: frozenset[str]) -> None:
        """Add an answer; no answer and a 5xx are faults.

        Right are 503 of a rule that may be busy, and 501 for a method that nobody knows (RFC 9110, 15.6.2).
        """
        self.asked[asked.route] += 1
        self.statuses[answer.status] += 1
        self.most[asked.route] = max(work, self.most.get(asked.route, 0.0))
        self.latest = max(answer.seconds, self.latest)
        is_right = (answer.status == 501 and asked.other) or (answer.status == 503 and asked.route.rule in busy)
        if not answer.status or (answer.status >= 500 and not is_right):
            self.faults.append(f"{answer.status}: {asked}")

    def line(self, name: str) -> dict[str, object]:
        """What is kept of a long run (tests/fuzz/figures.py)."""
        held = [held >> 20 for held in self.memory]
        counts = {"application": name, "routes": len(self.asked), "requests": self.asked.total()}
        work, warm = round(max(self.most.values()), 2), held[WARM]
        return counts | {
            "faults": len(self.faults),
            "work": work,
            "latest": round(self.latest, 2),
            "warm": warm,
            "end": held[-1],
        }

    def __str__(self) -> str:
        most = sorted(self.most.items(), key=lambda item: -item[1])[:5]
        named = [f"{work:.2f} s {route.method} {route.rule}" for route, work in most]
        held = [f"{held >> 20} MiB" for held in self.memory]
        statuses = dict(sorted(self.statuses.items()))
        counts = f"{self.asked.total()} requests, {len(self.asked)} routes, {statuses}"
        return f"{counts}, most work {named}, latest {self.latest:.2f} s, memory {held}"


def run(place: Place, rounds: int, seed: int, *, is_timed: bool = False) -> Figures:
    """Ask for every page of an application once, then `rounds` times for every route in tampered ways.

    Args:
        place: what is asked.
        rounds: tampered requests of each route.
        seed: of the choices.
        is_timed: whether an answer that took more than a second of work, or was very late, is one of `slow`. What goes
            on beside it is counted too, so the request is sent again, and all three must be so.
    """
    schema, figures = Schema(place.app, random.Random(seed), made=place.made), Figures()  # noqa: S311  it repeats
    routes = routes_of(place.app)

    def one(asked: Asked) -> None:
        answer, work = _timed(place, asked)
        figures.count(asked, answer, work, place.busy)
        if is_timed and _is_slow(answer, work) and all(_is_slow(*_timed(place, asked)) for _ in range(2)):
            figures.slow.append(f"{work:.2f} s of work, {answer.seconds:.2f} s: {asked}")
        schema.learn(asked.path, answer.page)
        schema.learn_place(asked.route, answer.place)

    for route in routes:
        if route.method == "GET":
            one(schema.plain(route))
    for at in range(rounds):
        if at % max(1, rounds // 8) == 0:
            figures.memory.append(place.memory())
        for route in routes:
            schema.token = place.token()
            one(schema.tampered(route))
    figures.memory.append(place.memory())
    return figures


def _timed(place: Place, asked: Asked) -> tuple[Answered, float]:
    before = place.work()
    answer = place.ask(asked)
    return answer, place.work() - before


def _is_slow(answer: Answered, work: float) -> bool:
    return work > WORK_SECONDS or answer.seconds > _LATE_SECONDS


def in_process(client: FlaskClient) -> Ask:
    """Ask an application within this process; an error that it does not handle is a fault."""

    def ask(asked: Asked) -> Answered:
        begun = time.monotonic()
        path, _, query = asked.path.partition("?")
        answer = client.open(
            path, method=asked.method, query_string=query, headers=list(asked.headers), data=asked.body
        )
        try:
            page = answer.get_data()[:PAGE_MAX].decode("utf-8", "replace") if answer.mimetype == "text/html" else ""
        finally:
            answer.close()
        return Answered(answer.status_code, page, time.monotonic() - begun)

    return ask
