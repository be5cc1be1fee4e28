"""What browsers download: the same bytes for everybody, whatever the server holds."""

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox.crypto.key_bundle import VerifiedKeys, open_keyed_bundle
from dropbox.crypto.keyring import verify_keyring
from dropbox.crypto.signing import Trust, open_revocations
from dropbox.errors import UntrustedError
from dropbox.limits import EPOCHS_AHEAD
from dropbox.store.database import Store
from dropbox.web.app import create_app
from dropbox.web.routes import PAGES
from dropbox.wire.bundle import unpack_objects
from dropbox.wire.calendar import epoch_of
from dropbox.wire.fields import Reader, lp
from dropbox.wire.keyring import EPOCH_KEY_BYTES, parse_anchor
from tests.support.desks import NOW, TODAY
from tests.support.sealed import Browser
from tests.web.conftest import Place, hooks
from tests.web.test_tus import Tus

PACKAGE = Path(__file__).parents[2] / "dropbox"
PATHS = ["/data/kunci", "/data/kunci-lengkap", "/data/root.pub", "/data/papan"]


def get(place: Place, path: str, **headers: str) -> bytes:
    """The body of a file."""
    answer = place.client().get(path, headers=headers)
    assert answer.status_code == 200
    return answer.get_data()


def on(place: Place, days: float) -> Place:
    """The same store some days later, in another process."""
    moment = NOW + datetime.timedelta(days=days)
    store = Store(place.site.store.connections.engine)
    return Place(replace(place.site, store=store, clock=lambda: moment), place.inspectorate)


@pytest.mark.parametrize("path", PATHS)
def test_the_same_for_everybody(place: Place, path: str) -> None:
    """Two visitors get the same bytes and headers, whatever they send along."""
    one = place.client().get(path)
    other = place.client().get(
        path,
        headers={"Cookie": "a=b", "User-Agent": "x", "If-None-Match": "*"},
        query_string="q=1",
        follow_redirects=True,
    )
    assert one.get_data() == other.get_data()
    assert list(one.headers) == list(other.headers)
    assert one.headers["Content-Type"] == "application/octet-stream"
    assert one.headers["Cache-Control"] == "no-store"
    assert one.headers["Content-Length"] == str(len(one.get_data()))


def test_root(place: Place) -> None:
    """The anchor's own bytes."""
    assert parse_anchor(get(place, "/data/root.pub")) == place.inspectorate.anchor


def keys_in(place: Place, file: bytes) -> dict[str, VerifiedKeys]:
    """The verified keys of a keyring file, by desk."""
    reader = Reader(file, "keyring")
    bundles = [reader.lp() for _ in range(reader.uint(2))]
    assert not open_revocations(place.inspectorate.anchor, reader.lp()).keys
    reader.end()
    opened = [open_keyed_bundle(Trust(place.inspectorate.anchor, TODAY), untrusted) for untrusted in bundles]
    return {one.bundle.head.desk: one for one in opened}


def test_whole_keyring(place: Place) -> None:
    """The key bundles of all desks by name, with all their keys, and a list of revocations that names none."""
    desks = keys_in(place, get(place, "/data/kunci-lengkap"))
    assert list(desks) == ["irjen", "itjen"]
    assert {name: desk.keys for name, desk in desks.items()} == {
        name: desk.public_keys for name, desk in place.inspectorate.desks.items()
    }


# NOW is a Monday morning: the days from Sunday to Sunday, and which weeks' keys are given out on each.
@pytest.mark.parametrize(("days", "weeks"), [(0, [0]), (1, [0]), (5, [0]), (6, [0, 1]), (7, [0, 1]), (8, [1])])
def test_keyring_for_pages_carries_what_can_be_used(place: Place, days: int, weeks: list[int]) -> None:
    """Every day has the key of its week; about the turn of the week a clock a day off still finds its key."""
    desks = keys_in(place, get(on(place, days), "/data/kunci"))
    wanted = [epoch_of(TODAY) + week for week in weeks]
    assert {name: list(desk.keys) for name, desk in desks.items()} == {"irjen": wanted, "itjen": wanted}
    assert desks["itjen"].bundle.epochs.keys() == place.inspectorate.desks["itjen"].epochs.keys()


def test_keyring_for_pages_is_small(place: Place) -> None:
    """Of two desks with twelve weeks ahead, a phone downloads two keys and some hashes."""
    for desk in place.inspectorate.desks.values():
        desk.epochs |= dict.fromkeys(
            range(epoch_of(TODAY), epoch_of(TODAY) + EPOCHS_AHEAD + 1), desk.epochs[epoch_of(TODAY)]
        )
    with place.site.store.transaction() as tx:
        for desk in place.inspectorate.desks.values():
            place.site.store.published.put(tx, "keys", desk.name, 2, desk.key_bundle(2))
    assert len(get(place, "/data/kunci")) < 5000
    assert len(get(place, "/data/kunci-lengkap")) > 2 * (EPOCHS_AHEAD + 1) * EPOCH_KEY_BYTES


def test_keyring_with_revocations(place: Place) -> None:
    """The list of revocations follows the keys."""
    first, signed = place.inspectorate.revocations(), place.inspectorate.revocations(2, b"\x07" * 32)
    before = get(place, "/data/kunci")
    with place.site.store.transaction() as tx:
        place.site.store.published.put(tx, "revocations", "", 2, signed)
    assert get(place, "/data/kunci") == before.removesuffix(lp(first)) + lp(signed)


def test_boards(place: Place) -> None:
    """The packed boards by the names of their desks; none while none is published."""
    assert get(place, "/data/papan") == b"\x00\x00"
    boards = [place.inspectorate.desks[name].packed_board(3, []) for name in ("irjen", "itjen")]
    with place.site.store.transaction() as tx:
        for name, board in zip(("irjen", "itjen"), boards, strict=True):
            place.site.store.published.put(tx, "board", name, 3, board)
    assert list(unpack_objects(get(place, "/data/papan"))) == boards


def test_only_reading(place: Place) -> None:
    """Nothing can be sent to these addresses."""
    client = create_app(place.site).test_client()
    for path in PATHS:
        assert client.post(path).status_code == 405


def grown_old(place: Place, how: str) -> Place:
    """Nothing new was published until the list of revocations, or the root, was over."""
    if how == "root":
        return on(place, 1001)
    if how == "all":
        return on(place, 101)
    with place.site.store.transaction() as tx:
        old = place.inspectorate.revocations(2, made=TODAY - 101)
        place.site.store.published.put(tx, "revocations", "", 2, old)
    return place


@pytest.mark.parametrize(("how", "said"), [("list", "revocations is old"), ("all", "is old"), ("root", "is old")])
@pytest.mark.parametrize("path", ["/data/kunci", "/data/kunci-lengkap"])
def test_a_keyring_that_is_over_says_so_and_is_no_forgery(place: Place, path: str, how: str, said: str) -> None:
    """All desks stay in the file: a reader learns that it is old, not that it is malformed."""
    later = grown_old(place, how)
    file = get(later, path)
    assert file[:2] == b"\x00\x02"
    with pytest.raises(UntrustedError, match=said):
        verify_keyring(file, place.inspectorate.anchor, later.site.utc_day())


@pytest.mark.parametrize("days", [0, 1001])
def test_nothing_is_sealed_where_no_browser_would(place: Place, days: int) -> None:
    """The page for reports is closed while the list of revocations, or the root, is over."""
    later = grown_old(place, "list") if not days else on(place, days)
    answer = later.client().get("/lapor/server")
    assert (answer.status_code, hooks(answer).hooks["data-error"]) == (503, ["keys-expired"])


def test_what_was_sealed_in_time_is_taken_when_the_list_is_over(place: Place) -> None:
    """Nobody can seal it again for its reporter."""
    text = Browser(place.inspectorate).text()
    later = grown_old(place, "list")
    assert Tus(later.client()).send(text).status_code == 201
    assert len(place.blobs()) == 1


def test_exchange_names_every_address_of_machines(place: Place) -> None:
    """EXCHANGE's table of addresses has each address of the site that is no page, and no other but the form's."""
    text = (PACKAGE / "wire/EXCHANGE.md").read_text("utf-8").split("## Addresses\n")[1].split("\n## ")[0]
    named = {
        address for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for address in re.findall("`(.*?)`", row)
    }
    rules = {str(rule.rule) for rule in place.app.url_map.iter_rules()}
    pages = {*PAGES.values(), *(f"/en{page}" for page in PAGES.values())}
    others = {"/en", "/favicon.ico", "/static/<path:filename>"}  # of pages
    machines = {rule.replace("<address>", "<32 hex digits>") for rule in rules - pages - others}
    assert named == machines | {PAGES["container"]}
