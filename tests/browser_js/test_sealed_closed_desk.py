"""In the browser too: a desk without a valid key is not offered, whatever the server's own page says of it."""

import pytest

from dropbox.wire.bundle import pack_objects
from dropbox.wire.keyring import parse_keyed_bundle
from tests.browser_js.browsers import Chromium
from tests.browser_js.relay import Relay
from tests.browser_js.test_sealer import Lay, lay
from tests.support.server import Server

__all__ = ["lay"]
OTHER = {"itjen": "irjen", "irjen": "itjen"}


def keyring_without(server: Server, closed: str) -> bytes:
    """A keyring file in which that desk has no key for these days."""
    desks = server.site.inspectorate.desks
    bundles = [parse_keyed_bundle(desks[name].key_bundle()) for name in sorted(desks)]
    without = [one.only(()) if name == closed else one for name, one in zip(sorted(desks), bundles, strict=True)]
    return server.site.inspectorate.keyring([one.encode() for one in without])


def close(server: Server, relay: Relay, desk: str) -> None:
    """Give out such a keyring."""
    relay.canned["/data/kunci"] = (200, "application/octet-stream", keyring_without(server, desk))


@pytest.mark.parametrize("desk", ["itjen", "irjen"])
def test_the_form_offers_only_who_can_be_addressed(desk: str, server: Server, relay: Relay, chromium: Chromium) -> None:
    """The closed one's choice is gone before anything is typed, and a sentence names it."""
    close(server, relay, desk)
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-act=review]")
    assert chromium.count("input[name=desk]") == 1
    assert chromium.count(f"input[name=desk][value={OTHER[desk]}]") == 1
    assert "KPK" in chromium.text(f"[data-desk-closed={desk}]")
    assert chromium.faults == []


def test_no_answer_is_no_consent_to_another_reader(server: Server, relay: Relay, chromium: Chromium) -> None:
    """The usual desk is closed: who names no reader is asked, and what was typed stays."""
    close(server, relay, "itjen")
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-act=review]")
    for name in ("what", "who", "where"):
        chromium.write(f"#{name}", f"Tentang {name}")
    chromium.click("[data-act=review]")
    chromium.wait("#desk-error")
    assert chromium.look("document.querySelector('#what').value") == "Tentang what"
    assert chromium.count("#confirm") == 0


def test_the_review_leads_to_no_closed_desk(server: Server, relay: Relay, chromium: Chromium) -> None:
    """A report that speaks of the inspectorate has no button to a desk that cannot be addressed."""
    close(server, relay, "irjen")
    chromium.open(f"{relay.address}/lapor")
    chromium.wait("[data-act=review]")
    for name in ("what", "who", "where"):
        chromium.write(f"#{name}", f"Irjen {name}")
    chromium.click("[data-act=review]")
    chromium.wait("#confirm")
    assert chromium.count("[data-act=irjen]") == 0
    assert "Inspektur Jenderal sendiri: " in chromium.text("[data-part=conflict]")
    assert chromium.faults == []


def test_an_addition_is_offered_for_open_desks_alone(server: Server, relay: Relay, chromium: Chromium) -> None:
    """Where nobody knows the desk yet, the closed one cannot be picked."""
    close(server, relay, "irjen")
    chromium.open(f"{relay.address}/lapor")
    code, words = chromium.fill_report()
    chromium.ask(relay.address, code, words)
    chromium.wait("[data-part=fits]")
    assert chromium.count("input[name=desk]") == 1
    assert chromium.count("[data-desk-closed=irjen]") == 1


def test_a_desk_whose_answers_are_not_given_out_is_named(server: Server, relay: Relay, chromium: Chromium) -> None:
    """A boards file without one desk's board names that desk next to "no answer"; an empty one names both."""
    board = server.site.inspectorate.desks["irjen"].packed_board(1, [])
    for boards, named in (([board], 1), ([], 2)):
        relay.canned["/data/papan"] = (200, "application/octet-stream", pack_objects(boards))
        chromium.open(f"{relay.address}/lapor")
        chromium.ask(relay.address, *chromium.fill_report())
        chromium.wait("[data-part=fits]")
        said = chromium.text("[data-part=fits-said]").partition("Situs ini tidak memuat jawaban dari: ")[2]
        assert said.count(",") == named - 1
        assert "Inspektorat" in said
    assert chromium.faults == []


def test_the_off_line_sealer_offers_only_who_can_be_addressed(server: Server, lay: Lay) -> None:
    """It learns from the keyring alone which desks are open."""
    table = lay("chromium")
    keyring = table.folder / "kunci-lain.dbxk"
    keyring.write_bytes(keyring_without(server, "irjen"))
    table.open()
    table.window.choose("#keyring", [keyring])
    table.window.wait("[data-act=review]")
    assert table.window.count("input[name=desk]") == 1
    assert "Inspektur Jenderal sendiri: " in table.window.text("[data-desk-closed=irjen]")
