"""Statistics travel in a return like a board: verified first, never older, and nothing changes twice."""

from dataclasses import replace

import pytest
from courier_desks import Office, everything, new_root, put_blob, revocations

from dropbox.crypto.private.desk_keys import StationKey
from dropbox.errors import DropboxError, MalformedError, RefusedError, UntrustedError


def refused(office: Office, bundle: bytes, error: type[DropboxError]) -> None:
    before = everything(office.store)
    with pytest.raises(error):
        office.take(bundle)
    assert everything(office.store) == before


def test_statistics_are_kept_as_they_were_signed(office: Office) -> None:
    """And importing them twice changes nothing."""
    signed = office.itjen.statistics(4)
    bundle = office.itjen.returns(signed, number=4)
    assert office.take(bundle).is_new
    held = office.store.published.get("statistics", "itjen")
    assert held is not None
    assert (held.number, held.body) == (4, signed)
    before = everything(office.store)
    assert not office.take(bundle).is_new
    assert everything(office.store) == before


def test_older_statistics_never_replace_newer_ones(office: Office) -> None:
    """Nor do other numbers under the same one; a return without any leaves what is there."""
    office.take(office.itjen.returns(office.itjen.statistics(7), number=7))
    before = office.store.published.get("statistics", "itjen")
    refused(office, office.itjen.returns(office.itjen.statistics(6), number=8), RefusedError)
    refused(office, office.itjen.returns(office.itjen.statistics(7, cases=13), number=8), RefusedError)
    office.take(office.itjen.returns(number=8))
    assert office.store.published.get("statistics", "itjen") == before


@pytest.mark.parametrize("bent", ["root", "desk", "expired", "flipped", "body", "twice"])
def test_statistics_that_do_not_verify_refuse_the_whole_return(office: Office, bent: str) -> None:
    """Neither they nor the board beside them are published, and no blob goes."""
    desk, blob = office.itjen, put_blob(office.store)
    root, anchor = new_root()
    foreign = type(desk)("itjen", root, anchor)
    broken = desk.sign("statistics", desk.head(1).encode() + b"\x01")
    statistics, error = {
        "root": ([foreign.statistics()], UntrustedError),
        "desk": ([office.irjen.statistics()], UntrustedError),
        "expired": ([desk.expired().statistics()], UntrustedError),
        "flipped": ([desk.statistics()[:-1] + b"\xff"], UntrustedError),
        "body": ([broken], MalformedError),
        "twice": ([desk.statistics(1), desk.statistics(2)], MalformedError),
    }[bent]
    refused(office, desk.returns(desk.keys(), *desk.board(), desk.receipts([blob]), *statistics), error)


def test_each_desk_has_its_own(office: Office) -> None:
    """Numbers of one desk say nothing about the other's."""
    office.take(office.itjen.returns(office.itjen.statistics(9), number=9))
    office.take(office.irjen.returns(office.irjen.statistics(1), number=1))
    assert [desk for desk, _ in office.store.published.all("statistics")] == ["irjen", "itjen"]


def test_a_period_that_is_shown_stays_and_is_said(office: Office) -> None:
    """A desk that was restored from a backup shows no second count of the same days, and its return goes in."""
    office.take(office.itjen.returns(office.itjen.statistics(1)))
    done = office.take(office.itjen.returns(office.itjen.statistics(2, cases=13), number=2))
    assert done.is_new
    assert "so the shown ones stay" in "".join(done.warnings)
    held = office.store.published.get("statistics", "itjen")
    assert held is not None
    assert held.number == 1


@pytest.mark.parametrize("comes", ["with the return", "before it"])
def test_what_a_thief_told_the_public_binds_no_successor(office: Office, comes: str) -> None:
    """Numbers of a revoked key are shown nowhere any more: the successor's take their place, which is said."""
    thief = office.itjen
    office.take(thief.returns(thief.keys(), thief.statistics(65_536, cases=666)))
    listed = revocations(office.root, office.anchor, 2, thief.station.public)
    if comes == "before it":
        office.take(listed)
    desk = replace(thief, station=StationKey.generate(), serial=2, listed=listed)
    number = desk.number()
    signed = desk.statistics(number)
    done = office.take(desk.returns(desk.keys(number), signed, number=number))
    assert "was shown under its revoked key" in "".join(done.warnings)
    held = office.store.published.get("statistics", "itjen")
    assert held is not None
    assert (held.number, held.body) == (number, signed)
