"""What a reporter pays for: requests and bytes of a first report and of a look at the answers."""

import http.client

import pytest

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.limits import EPOCHS_AHEAD, KEY_SLACK_DAYS
from dropbox.wire.calendar import epoch_of
from dropbox.wire.keyring import EPOCH_KEY_BYTES
from tests.browser_js.browsers import Chromium
from tests.browser_js.relay import Relay
from tests.support.server import Server, wait_until

KB = 1000


def publish_all_weeks(server: Server) -> None:
    """Each desk's bundle of twelve weeks ahead, as a workstation publishes it."""
    ours = server.site.inspectorate
    this = epoch_of(ours.today)
    with server.site.store() as store, store.transaction() as tx:
        for desk in ours.desks.values():
            for epoch in range(this, this + EPOCHS_AHEAD + 1):
                desk.epochs.setdefault(epoch, EpochSecretKey.generate())
            store.published.put(tx, "keys", desk.name, 2, desk.key_bundle(2))


def test_a_first_report(server: Server, relay: Relay, chromium: Chromium) -> None:
    """Page, styles, icon, three scripts, keys, and the report: nine requests; at most 60 kB come down until then.

    What looks into chosen files comes after the report. On Sunday and Monday the page gets the keys of two weeks.
    """
    publish_all_weeks(server)
    chromium.open(f"{relay.address}/lapor")
    chromium.send_report()
    wait_until("what looks into files is there", lambda: relay.received["/static/files.js"])
    files = relay.received.pop("/static/files.js")
    assert files <= 6 * KB
    assert len(relay.sent) <= 9 + 1
    today = server.site.inspectorate.today
    weeks = {epoch_of(day) for day in range(today - KEY_SLACK_DAYS, today + KEY_SLACK_DAYS + 1)}
    more_keys = (len(weeks) - 1) * len(server.site.inspectorate.desks) * EPOCH_KEY_BYTES
    assert relay.received.total() <= 60 * KB + more_keys
    assert chromium.faults == []


def test_a_look_at_the_answers(server: Server, relay: Relay, chromium: Chromium) -> None:
    """With a board of 64 cells: page, style, icon, two scripts, keys, board, and at most 300 kB."""
    with server.site.store() as store, store.transaction() as tx:
        store.published.put(tx, "board", "itjen", 1, server.site.inspectorate.desks["itjen"].packed_board(1, []))
    chromium.open(f"{relay.address}/status")
    chromium.wait("#code")
    assert len(relay.sent) <= 8
    assert 130 * KB < relay.received.total() <= 300 * KB
    assert chromium.faults == []


@pytest.mark.parametrize("page", ["/lapor", "/lapor/server", "/en/lapor"])
def test_a_form_without_javascript(page: str, server: Server) -> None:
    """The page, style and icon: at most 20 kB for a browser without Brotli."""
    total = 0
    for path in (page, "/static/style.css", "/static/noscript.css", "/static/icon.svg"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=240)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip, deflate"})
        total += len(connection.getresponse().read())
        connection.close()
    assert total <= 20 * KB
