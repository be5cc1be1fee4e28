"""Measures the list of cases at the desk while a slow document is drawn, compared with the list alone."""

import tempfile
import threading
import time
from pathlib import Path
from statistics import median

import triage_world
from figures import Figure
from flask.testing import FlaskClient

from dropbox.crypto.private.private_files import Cost
from dropbox.settings.installation import load
from dropbox.triage.evidence import jobs, leash
from dropbox.triage.evidence.kinds import KINDS
from dropbox.triage.evidence.sandbox import sealed_memory
from dropbox.triage.ui.app import create_app
from dropbox.triage.ui.bench import Bench
from dropbox.triage.ui.session import Desk
from dropbox.wire.calendar import day_of

_REPORTS = 100
_REQUESTS = 30
_LINES = 200_000
_SIDE = 3200


def _slow_pdf() -> bytes:
    """Return a page of so many lines, which takes seconds to draw."""
    drawing = b"".join(b"%d %d m %d %d l S\n" % (n % 595, n % 842, 595 - n % 595, n % 799) for n in range(_LINES))
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n" % (len(drawing), drawing)
    )


def _seconds(browser: FlaskClient) -> float:
    """Return the median of some requests for the list."""
    taken = []
    for _ in range(_REQUESTS):
        before = time.perf_counter()
        if browser.get("/").status_code != 200:
            raise RuntimeError("the list is not shown")
        taken.append(time.perf_counter() - before)
    return median(taken)


def measure(rounds: int) -> list[Figure]:
    """Return the milliseconds of the list alone and beside the drawing, and their ratio."""
    settings = load()
    with tempfile.TemporaryDirectory(prefix="dropbox-list-") as name:
        made = triage_world.make(Path(name), settings, day_of(settings.today()))
        with made.vault:
            triage_world.take(made, triage_world.export(made, _REPORTS, 1))
        desk = Desk(settings, Path(name) / "vault", cost=Cost(1, 8, 1))
        browser = create_app(desk).test_client()
        browser.get(desk.start_path)
        desk.unlock("bench", "five random bench words")
        memory = sealed_memory(iter([_slow_pdf()]))
        alone, beside = [], []
        for _ in range(rounds):
            alone.append(_seconds(browser))
            beside.append(_beside(browser, memory))
        desk.close("end")
    return [
        Figure("alone", [1000 * one for one in alone], "ms"),
        Figure("while a page is drawn", [1000 * one for one in beside], "ms"),
        Figure("ratio", [two / one for one, two in zip(alone, beside, strict=True)], "ratio", at_most=2),
    ]


def _beside(browser: FlaskClient, memory: int) -> float:
    """Return the seconds of the list while the desk's own kind of thread has the page drawn again and again."""
    begun, bench = threading.Event(), Bench("slow document")

    def draw() -> None:
        while True:
            leash.held().check()
            begun.set()
            jobs.picture(memory, KINDS["pdf"], 1, _SIDE)

    bench.ask("slow", draw)
    begun.wait()
    try:
        taken = _seconds(browser)
        if bench.seconds("slow") is None:
            raise RuntimeError("the page could not be drawn")
        return taken
    finally:
        bench.close()
