"""Judges what couriers work with: the gate to the store, and the courier's page.

Rule: as in dropbox.server.checks: a function of the facts alone.
"""

from collections.abc import Iterator

from dropbox.courier.gate.spool import has_room
from dropbox.sentences.catalogue import Sentence
from dropbox.server.facts import Facts, StoreFacts
from dropbox.server.finding import Finding, Result, Unneeded, Unseen
from dropbox.server.running import Running
from dropbox.web.checks.machine import is_own


def judge_gate(facts: Facts) -> Iterator[Result]:
    """Yield whether the gate answers, as whom, who else may enter its folders, and whether an export has room."""
    gate = facts.carrying.gate
    if gate is None:
        yield Unneeded()
        return
    if isinstance(gate, Sentence):
        yield Unseen(gate)
        return
    if gate.user is None:
        yield Finding("gate-down", Sentence("server-status.gate-down"))
    elif (server := _server(facts)) is not None and gate.user != server:
        yield Finding("gate-user", Sentence("server-status.gate-user"))
    for path in gate.open_folders:
        yield Finding("gate-open", Sentence("server-status.gate-open", path=path))
    if isinstance(facts.store, StoreFacts):
        # An export that was collected a day ago may still wait there: the gate deletes it for a new one.
        last = facts.store.export
        held = facts.store.export_bytes if last is not None and facts.night - last <= 1 else 0
        if not has_room(gate.free + held, facts.store.export_bytes):
            yield Finding("gate-full", Sentence("server-status.gate-full"))
    else:
        yield Unseen(Sentence("unseen.room-of-gate"))


def judge_page(facts: Facts) -> Iterator[Result]:
    """Yield whether somebody listens at the page's port, as whom, and on which address."""
    page = facts.carrying.page
    if page is None:
        yield Unneeded()
        return
    if isinstance(page, Sentence):
        yield Unseen(page)
        return
    if not page:
        yield Finding("page-down", Sentence("server-status.page-down"))
    if any(one.user in {0, _server(facts)} for one in page):
        yield Finding("page-user", Sentence("server-status.page-user"))
    if not all(is_own(one.address) for one in page):
        yield Finding("page-open", Sentence("server-status.page-open"))


def _server(facts: Facts) -> int | None:
    """Return as whom the server runs, else who owns its database; None if neither is known."""
    return facts.running.user if isinstance(facts.running, Running) else facts.owner
