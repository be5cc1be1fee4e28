"""A courier's week at the page, before a real gate and a real store; the clocks of page and gate are turned by hand."""

import hashlib
import io
import sys
from pathlib import Path

from page_world import Browser, World

sys.path.insert(0, str(Path(__file__).parents[1] / "courier"))

from courier_desks import Office, put_blob
from gate_support import Opened, bound_room, open_gate

from dropbox.courier.pages.throttle import ATTEMPTS, device_code
from tests.courier.conftest import empty_database, new_office, office

__all__ = ["empty_database", "new_office", "office"]

HOUR = 3600.0


def hand_in(browser: Browser, signed: bytes) -> str:
    """Hand in a file; returns the page with the result."""
    answer = browser.post("/kiriman", {"file": (io.BytesIO(signed), "return")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/hasil")
    return browser.get("/hasil").text


def later(world: World, opened: Opened, hours: float) -> None:
    """Let hours go by at page and gate."""
    world.turn(hours * HOUR)
    opened.clock.now += hours * HOUR


def test_a_week_of_a_courier(office: Office, tmp_path: Path) -> None:
    """An export, cut off and resumed; a missed day; a device code; half a return, then both returns of the desks."""
    bound_room(office)
    blobs = [put_blob(office.store), put_blob(office.store, length=200_000)]
    with open_gate(office) as opened:
        world = World(tmp_path, gate=opened.gate)  # type: ignore[arg-type]  # the real one

        # Monday: the download is cut off; after lunch the session has ended, and the rest follows after a new log-in.
        browser = world.inside()
        assert 'data-waiting="yes"' in browser.get("/").text
        assert browser.post("/ekspor").status_code == 303
        first = opened.gate.export()
        assert first
        path = f"/ekspor/{first.number}"
        begun = browser.get(path, Range="bytes=0-99999").data
        later(world, opened, 3)
        assert browser.get(path, Range="bytes=100000-").status_code == 403
        browser = world.inside()
        rest = browser.get(path, Range="bytes=100000-", If_Range=f'"{first.sha256}"')
        assert rest.status_code == 206
        assert hashlib.sha256(begun + rest.data).hexdigest() == first.sha256

        # Wednesday, after a day on which nobody came: Monday's export is gone, and a new one holds all that waits.
        later(world, opened, 48)
        browser = world.inside()
        assert browser.get(path).status_code == 404
        blobs.append(put_blob(office.store))
        assert browser.post("/ekspor").status_code == 303
        second = opened.gate.export()
        assert second
        assert second.number > first.number
        assert second.blobs == 3
        assert hashlib.sha256(browser.get(f"/ekspor/{second.number}").data).hexdigest() == second.sha256

        # Friday: somebody has used up the attempts of the name; the device code lets the courier in at another browser.
        later(world, opened, 48)
        for _ in range(ATTEMPTS):
            world.browser().enter(passphrase="bukan frasanya", code="000000")
        assert world.browser().enter().status_code == 429
        account = world.accounts.find("kurir")
        assert account
        browser = world.browser()
        assert (
            browser.enter(device=device_code(world.accounts.device_key, account.name, account.generation)).status_code
            == 303
        )

        # Half a return is refused with its reason, and changes nothing; the whole ones are taken, and all is deleted.
        whole = office.itjen.full_return(blobs)
        refused = hand_in(browser, whole[: len(whole) // 2])
        assert 'data-result="refused"' in refused
        assert "Salin" in refused
        assert len(office.store.blobs.snapshot()) == 3
        for signed in (whole, office.irjen.full_return(blobs)):
            assert 'data-result="taken"' in hand_in(browser, signed)
        assert office.store.blobs.snapshot() == []
        assert 'data-waiting="no"' in browser.get("/").text
