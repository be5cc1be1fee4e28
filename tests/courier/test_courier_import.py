"""A return changes the store as a whole after every signature was verified, or not at all."""

import hashlib
import os
from dataclasses import replace

import pytest
from courier_desks import (
    DESKS,
    EPOCH,
    TODAY,
    ZEROS,
    Desk,
    Office,
    carried_keys,
    everything,
    keyed,
    new_root,
    put_blob,
    revocations,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dropbox.courier.importing import import_bundle
from dropbox.crypto.private.desk_keys import StationKey
from dropbox.errors import DropboxError, MalformedError, RefusedError, UntrustedError
from dropbox.wire.blob import blob_length
from dropbox.wire.board import CELL_TOTAL_BYTES, Board
from dropbox.wire.bundle import unpack_objects
from dropbox.wire.padding import BUCKETS
from dropbox.wire.signed import parse_object


def refused(
    office: Office, bundle: bytes, error: type[DropboxError] = UntrustedError, match: str | None = None
) -> None:
    """The bundle is refused with that error, and the store is what it was."""
    before = everything(office.store)
    with pytest.raises(error, match=match):
        office.take(bundle)
    assert everything(office.store) == before


def test_import(office: Office) -> None:
    """Keys and board are published as they were signed."""
    keys, board = office.itjen.keys(), office.itjen.board(5, shards=2)
    done = office.take(office.itjen.returns(keys, *board))
    assert done.is_new
    assert done.warnings == ()
    held = office.store.published
    assert (held.get("keys", "itjen").number, held.get("keys", "itjen").body) == (1, keyed(keys))
    assert held.get("board", "itjen").number == 5
    assert list(unpack_objects(held.get("board", "itjen").body)) == board


def test_twice_changes_nothing(office: Office) -> None:
    """The same return again is nothing new."""
    bundle = office.itjen.full_return()
    office.take(bundle)
    before = everything(office.store)
    assert not office.take(bundle).is_new
    assert everything(office.store) == before


def test_older_return_is_refused(office: Office) -> None:
    """An older bundle never replaces a newer one."""
    office.take(office.itjen.full_return(number=2))
    refused(office, office.itjen.full_return(number=1), RefusedError, "never replaces")


def test_other_return_of_same_number_is_refused(office: Office) -> None:
    """Two returns of one number are an equivocation."""
    office.take(office.itjen.full_return(number=2))
    refused(office, office.itjen.returns(*office.itjen.board(3), number=2), RefusedError)


def test_older_board_in_newer_return_is_refused(office: Office) -> None:
    """The board's own number counts as well."""
    office.take(office.itjen.returns(*office.itjen.board(7), number=1))
    refused(office, office.itjen.returns(*office.itjen.board(6), number=2), RefusedError, "never replaces")


def test_same_board_again(office: Office) -> None:
    """A return may bring the board that is shown already."""
    board = office.itjen.board(7)
    office.take(office.itjen.returns(*board, number=1))
    assert office.take(office.itjen.returns(*board, number=2)).is_new


def test_desks_do_not_disturb_each_other(office: Office) -> None:
    """Each desk has its own numbers."""
    office.take(office.itjen.full_return(number=9))
    assert office.take(office.irjen.full_return(number=1)).is_new
    assert [desk for desk, _ in office.store.published.all("keys")] == ["irjen", "itjen"]


# --- the chain of key bundles ---------------------------------------------------------------------


def test_chain_in_one_return(office: Office) -> None:
    """A first return may bring the whole chain, in any order."""
    bodies = office.itjen.chain(4)
    signed = [office.itjen.sign("keys", body) for body in bodies]
    assert office.take(office.itjen.returns(*reversed(signed))).warnings == ()
    assert office.store.published.get("keys", "itjen").body == keyed(signed[3])


def test_chain_over_returns(office: Office) -> None:
    """Bundles that are here already are passed over."""
    signed = [office.itjen.sign("keys", body) for body in office.itjen.chain(4)]
    office.take(office.itjen.returns(*signed[:2], number=1))
    assert office.take(office.itjen.returns(*signed, number=2)).warnings == ()
    assert office.store.published.get("keys", "itjen").number == 4


def test_a_renewal_continues_the_chain(office: Office) -> None:
    """The first bundle of the next certificate names the last one before it: nothing to warn of."""
    bodies = office.itjen.chain(3)
    office.take(office.itjen.returns(*(office.itjen.sign("keys", body) for body in bodies), number=3))
    renewed = office.itjen.renewed(9)
    number = renewed.number()
    done = office.take(renewed.returns(renewed.keys(number, hashlib.sha256(bodies[-1]).digest()), number=number))
    assert (done.is_new, done.warnings) == (True, ())
    assert office.store.published.get("keys", "itjen").number == number


def test_equivocation_is_refused(office: Office) -> None:
    """Another body under a number that is held, the newest or an older one."""
    first, second = office.itjen.chain(2)
    office.take(office.itjen.returns(*(office.itjen.sign("keys", body) for body in (first, second))))
    refused(office, office.itjen.returns(office.itjen.keys(), number=2), RefusedError, "two texts")
    other = office.itjen.keys_body(2, hashlib.sha256(first).digest())
    both = [office.itjen.sign("keys", body) for body in (first, other)]
    refused(office, office.itjen.returns(*both, number=2), RefusedError, "two texts")


def test_equivocation_about_a_certificate_before_is_refused(office: Office) -> None:
    """Also a number of an earlier serial keeps its body: what it named before, it names for ever."""
    first = office.itjen.keys_body()
    office.take(office.itjen.returns(office.itjen.sign("keys", first)))
    renewed = office.itjen.renewed(2)
    following = renewed.keys(renewed.number(), hashlib.sha256(first).digest())
    office.take(renewed.returns(following, number=renewed.number()))
    refused(office, office.itjen.returns(office.itjen.keys(), number=2), RefusedError, "never replaces")


@pytest.mark.parametrize("returns", [1, 2])
def test_broken_chain_is_refused(office: Office, returns: int) -> None:
    """Number + 1 must name the body before it, in one return or in two."""
    first, second = office.itjen.keys(1), office.itjen.keys(2, hashlib.sha256(b"another").digest())
    if returns == 2:
        office.take(office.itjen.returns(first))
    refused(office, office.itjen.returns(first, second, number=2), UntrustedError, "do not follow")


def test_a_gap_is_refused(office: Office) -> None:
    """A return has all key bundles of its certificate: none is left out, at the beginning or between."""
    bodies = [office.itjen.sign("keys", body) for body in office.itjen.chain(4)]
    office.take(office.itjen.returns(bodies[0]))
    for some in (bodies[1:], [bodies[0], bodies[3]], bodies[3:], [bodies[0], *bodies[2:]]):
        refused(office, office.itjen.returns(*some, number=2), MalformedError, "lacks a key bundle")


def test_the_successor_of_a_lost_station_is_taken_and_told(office: Office) -> None:
    """A new vault under a higher serial is imported, with a warning to compare its words; the lost one is refused."""
    office.take(office.itjen.returns(office.itjen.keys(1)))
    heir = replace(office.itjen, station=StationKey.generate(), serial=3)
    done = office.take(heir.returns(heir.keys(heir.number()), number=heir.number()))
    assert done.is_new
    assert "begins a new chain" in done.warnings[0]
    assert "Compare the fingerprint" in done.warnings[0]
    refused(office, office.itjen.returns(office.itjen.keys(1), number=2), RefusedError, "never replaces a newer")


def test_a_desk_that_was_restored_is_told(office: Office) -> None:
    """A chain that goes on after an older bundle is taken under a higher serial, and says which is here."""
    bodies = office.itjen.chain(4)
    office.take(office.itjen.returns(*(office.itjen.sign("keys", body) for body in bodies), number=4))
    restored = office.itjen.renewed(2)
    number = restored.number()
    done = office.take(restored.returns(restored.keys(number, hashlib.sha256(bodies[1]).digest()), number=number))
    assert "continues after its key bundle 1-0002, and 1-0004 is here" in done.warnings[0]
    assert office.store.published.get("keys", "itjen").number == number


def test_a_chain_that_was_never_here_is_told(office: Office) -> None:
    """A bundle that names an unknown one before it is taken under a higher serial, with a warning."""
    office.take(office.itjen.returns(office.itjen.keys()))
    renewed = office.itjen.renewed(2)
    done = office.take(renewed.returns(renewed.keys(renewed.number(), b"?" * 32), number=renewed.number()))
    assert "never here" in done.warnings[0]


def test_a_first_import_needs_no_warning(office: Office) -> None:
    """The first return of a desk whose certificate bears a later serial is no gap."""
    later = office.itjen.renewed(2)
    assert office.take(later.returns(later.keys(later.number()), number=later.number())).warnings == ()


def test_older_keys_alone_are_refused(office: Office) -> None:
    """A newer return whose newest keys are older than those that are held."""
    signed = [office.itjen.sign("keys", body) for body in office.itjen.chain(3)]
    office.take(office.itjen.returns(*signed))
    refused(office, office.itjen.returns(*signed[:2], number=2), RefusedError, "never replaces")
    assert office.store.published.get("keys", "itjen").number == 3


@pytest.mark.parametrize(
    ("bundles", "error"),
    [([(0, ZEROS)], UntrustedError), ([(1, b"x" * 32)], MalformedError), ([(1, ZEROS), (1, ZEROS)], MalformedError)],
    ids=["zero", "first", "double"],
)
def test_impossible_numbers(office: Office, bundles: list[tuple[int, bytes]], error: type[DropboxError]) -> None:
    """Bundles are numbered from 1, the first follows nothing, and a return has one of each."""
    refused(office, office.itjen.returns(*(office.itjen.keys(*each) for each in bundles)), error)


# --- numbers and days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 65537, 2**32 - 1])
def test_a_number_outside_the_certificate_is_refused(office: Office, number: int) -> None:
    """A station signs the numbers of its certificate's serial alone: return, board, keys, receipts and statistics."""
    desk = office.itjen
    refused(office, desk.returns(number=number), match="does not allow")
    for item in (desk.keys(number), *desk.board(number), desk.receipts([], number), desk.statistics(number)):
        refused(office, desk.returns(item), match="does not allow")


def test_a_successor_publishes_whatever_was_signed_before(office: Office) -> None:
    """A thief's last number does not keep the next certificate's first one out."""
    thief = office.itjen
    last = 65536
    office.take(thief.returns(thief.keys(), *thief.board(last), thief.statistics(last), number=last))
    heir = replace(thief, station=StationKey.generate(), serial=2)
    objects = (heir.keys(heir.number()), *heir.board(heir.number()), heir.statistics(heir.number()))
    office.take(revocations_file(office, 2, thief))
    done = office.take(heir.returns(*objects, number=heir.number()))
    assert done.is_new
    assert office.store.published.get("board", "itjen").number == heir.number()


@pytest.mark.parametrize("days", [-2, 2, 100_000])
def test_a_day_outside_is_refused(office: Office, days: int) -> None:
    """Nothing is taken that was made before its certificate, or later than tomorrow."""
    desk = replace(office.itjen, made=TODAY + days)
    good = office.itjen
    refused(office, desk.returns(), match="made")
    for item in (desk.keys(), *desk.board(), desk.receipts([]), desk.statistics()):
        refused(office, good.returns(item), match="made")


def test_tomorrow_is_taken(office: Office) -> None:
    """A workstation whose day has begun already is no fault."""
    assert office.take(replace(office.itjen, made=TODAY + 1).full_return()).is_new


# --- the keys beside them -------------------------------------------------------------------------------------


def test_an_older_bundle_may_be_of_a_day_to_come(office: Office) -> None:
    """A desk whose clock was ahead goes on with the next bundle; as the newest, the bundle of that day is refused."""
    ahead = replace(office.itjen, made=TODAY + 5)
    early = ahead.keys_body()
    later = office.itjen.keys_body(2, hashlib.sha256(early).digest())
    signed = [office.itjen.sign("keys", body) for body in (early, later)]
    refused(office, office.itjen.returns(signed[0]), match="in the future")
    assert office.take(office.itjen.returns(*signed)).is_new
    assert office.store.published.get("keys", "itjen").number == 2


def test_keys_that_the_newest_bundle_does_not_name(office: Office) -> None:
    """A key of an older bundle, of another epoch, or with one bit turned over."""
    first, second = (office.itjen.sign("keys", body) for body in office.itjen.chain(2))
    good = carried_keys([second])
    bent = bytes([good[EPOCH][0] ^ 1]) + good[EPOCH][1:]
    for keys in (carried_keys([first]), good | {EPOCH + 7: good[EPOCH]}, good | {EPOCH: bent}):
        refused(office, office.itjen.returns(first, second, keys=keys), UntrustedError, "key bundle names")


def test_keys_that_are_missing(office: Office) -> None:
    """A server that lacked a key would close the desk some week: each must be there."""
    signed = office.itjen.keys()
    for keys in ({}, {EPOCH: carried_keys([signed])[EPOCH]}):
        refused(office, office.itjen.returns(signed, keys=keys), MalformedError, "lacks a key")


def test_keys_without_a_bundle(office: Office) -> None:
    """Nothing names them."""
    keys = carried_keys([office.itjen.keys()])
    refused(office, office.itjen.returns(*office.itjen.board(), keys=keys), MalformedError, "no key bundle")


# --- trust ----------------------------------------------------------------------------------------------------


def test_other_root(office: Office) -> None:
    """A return of another root, also for the same instance."""
    root, anchor = new_root()
    refused(office, Desk("itjen", root, anchor).full_return())
    refused(office, replace(office.itjen, root=root).full_return())


def test_demo_under_real_root(office: Office) -> None:
    """A demo's certificate does not pass for a real one, nor the reverse."""
    refused(office, replace(office.itjen, anchor=replace(office.anchor, demo=False)).full_return(), match="demo")


@pytest.mark.parametrize(("first", "last"), [(-90, -1), (1, 90), (-1, 100)], ids=["over", "not yet", "too long"])
def test_certificate_days(office: Office, first: int, last: int) -> None:
    """The outer certificate must hold today, and not be made for more than 100 days."""
    refused(office, replace(office.itjen, first=TODAY + first, last=TODAY + last).full_return())


def test_one_certificate_for_all(office: Office) -> None:
    """What is signed under another certificate of the same station does not belong into a return."""
    for other in (replace(office.itjen, last=TODAY + 89), office.itjen.expired()):
        for item in (other.keys(), *other.board(), other.receipts([])):
            refused(office, office.itjen.returns(item), match="another certificate")


def test_object_of_another_desk(office: Office) -> None:
    """A desk brings its own objects alone, however well signed the other's are."""
    for item in (office.irjen.keys(), *office.irjen.board(), office.irjen.receipts([])):
        refused(office, office.itjen.returns(item), match="another certificate")


def test_head_of_another_desk(office: Office) -> None:
    """A station signs for the desk of its certificate."""
    body = office.irjen.keys_body()
    refused(office, office.itjen.returns(office.itjen.sign("keys", body)))


def test_unknown_desk(office: Office) -> None:
    """A desk that the settings do not name is refused, though the root certified it."""
    refused(office, Desk("other", office.root, office.anchor).full_return(), RefusedError, "settings")


def test_other_kinds(office: Office) -> None:
    """A return, or a board under the label of receipts, does not belong into a return."""
    refused(office, office.itjen.returns(office.itjen.returns()), match="does not belong")
    board = parse_object(office.itjen.board()[0]).body
    refused(office, office.itjen.returns(office.itjen.sign("receipts", board)), MalformedError)


def test_label_of_another_kind(office: Office) -> None:
    """A signature made for receipts is none for a return."""
    signed = bytearray(office.itjen.sign("receipts", office.itjen.head(1).encode() + bytes(2)))
    signed[:4] = b"DBXR"
    refused(office, bytes(signed), match="signature")


def test_station_that_signs_for_itself(office: Office) -> None:
    """A certificate that the station, not the root, signed."""
    forged = replace(office.itjen, root=StationKey(office.itjen.station.seed))
    refused(office, forged.full_return(), match="signature")


@pytest.mark.parametrize("shards", [0b01, 0b10, 0b111], ids=["first alone", "second alone", "one twice"])
def test_board_in_parts(office: Office, shards: int) -> None:
    """All parts of one board, each once."""
    board = office.itjen.board(1, shards=2)
    chosen = [board[0]] * (shards & 1) + [board[1]] * (shards >> 1 & 1) + [board[0]] * (shards >> 2)
    refused(office, office.itjen.returns(*chosen), MalformedError, "board")


def test_board_whose_parts_are_not_in_order(office: Office) -> None:
    """A tag has one place: what would stand in the other part is refused."""
    cells = sorted(os.urandom(CELL_TOTAL_BYTES) for _ in range(64))
    head = office.itjen.head(1)
    for one, two in ((cells[32:], cells[:32]), (cells[:33], cells[32:])):
        parts = [Board(head, shard, 2, tuple(run)).encode() for shard, run in enumerate((one, two))]
        board = [office.itjen.sign("board", part) for part in parts]
        refused(office, office.itjen.returns(*board), MalformedError, "ascending")


def test_boards_of_two_numbers(office: Office) -> None:
    """The parts of two boards make none."""
    one, two = office.itjen.board(1, shards=2), office.itjen.board(2, shards=2)
    refused(office, office.itjen.returns(one[0], two[1]), MalformedError, "together")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 1, exclude_max=True))
def test_any_flipped_bit_is_refused(office: Office, place: float) -> None:
    """Whatever bit of a return is flipped, it is refused whole."""
    bundle = bytearray(office.itjen.returns(office.itjen.keys(), office.itjen.receipts([])))
    bit = int(place * len(bundle) * 8)
    bundle[bit // 8] ^= 1 << bit % 8
    refused(office, bytes(bundle), DropboxError)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), more=st.binary(min_size=1, max_size=4))
def test_truncated_or_longer_is_refused(office: Office, place: float, more: bytes) -> None:
    """A return ends where it ends."""
    bundle = office.itjen.returns(office.itjen.keys(), office.itjen.receipts([]))
    refused(office, bundle[: int(place * len(bundle))], MalformedError)
    refused(office, bundle + more, MalformedError)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.binary(max_size=200), magic=st.sampled_from([b"", b"DBXR", b"DBXV"]))
def test_any_bytes(office: Office, body: bytes, magic: bytes) -> None:
    """Anything at all gives an error of ours."""
    refused(office, magic + body, DropboxError)


def test_private_file(office: Office) -> None:
    """A private file on the courier's machine is an accident that somebody must hear of."""
    refused(office, b"dropbox private file v1\nkind: root\n", RefusedError, "considered seen")


def test_export_given_to_import(office: Office) -> None:
    """The wrong file of the stick is named."""
    refused(office, b"DBXE" + bytes(100), MalformedError, "workstation")


# --- revocations ------------------------------------------------------------------------------------------------


def revocations_file(office: Office, number: int, *desks: Desk) -> bytes:
    """A list that revokes these desks' keys."""
    return revocations(office.root, office.anchor, number, *sorted(desk.station.public for desk in desks))


def test_revoked_key(office: Office) -> None:
    """After its revocation a key signs nothing any more, under no certificate that it ever had or gets."""
    assert office.take(revocations_file(office, 2, office.itjen)).is_new
    refused(office, office.itjen.full_return(), match="revoked")
    again = office.itjen.renewed(77)
    refused(office, again.returns(again.keys(again.number()), number=again.number()), match="revoked")
    assert office.take(office.irjen.full_return()).is_new


def test_a_return_brings_the_list(office: Office) -> None:
    """The newest list that a station knows is in force here after its return, and ends the other's key."""
    desk = replace(office.itjen, listed=revocations_file(office, 2, office.irjen))
    office.take(desk.full_return())
    refused(office, office.irjen.full_return(), match="revoked")
    own = replace(office.itjen, listed=revocations_file(office, 3, office.irjen, office.itjen))
    refused(office, own.returns(number=2), match="its own station")


def test_an_older_list_in_a_return_changes_nothing(office: Office) -> None:
    """A station that was certified before the newest list still publishes, and the newest list stays."""
    newest = revocations_file(office, 5, office.irjen)
    office.take(newest)
    assert office.take(office.itjen.full_return()).is_new
    assert office.store.published.get("revocations", "").body == newest


@pytest.mark.parametrize(("made", "match"), [(-101, "is old"), (2, "in the future")])
def test_a_list_bears_a_day(office: Office, made: int, match: str) -> None:
    """A list that is old, or of a day to come, is refused alone and in a return."""
    listed = revocations(office.root, office.anchor, 2, made=TODAY + made)
    refused(office, listed, match=match)
    refused(office, replace(office.itjen, listed=listed).full_return(), match=match)


def test_revocations_only_grow(office: Office) -> None:
    """Neither an older list nor one that lacks a key; the same one again is nothing new."""

    def listed(number: int, *names: bytes) -> bytes:
        return revocations(office.root, office.anchor, number, *(name * 32 for name in names))

    second = listed(2, b"7", b"8")
    office.take(second)
    assert not office.take(second).is_new
    refused(office, listed(1, b"7"), RefusedError, "never replaces")
    refused(office, listed(1, b"7", b"8", b"9"), RefusedError)
    refused(office, listed(2, b"7", b"8", b"9"), RefusedError)
    refused(office, listed(3, b"7", b"9"), RefusedError, "lacks")
    assert office.take(listed(3, b"7", b"8", b"9")).is_new


def test_forged_revocations(office: Office) -> None:
    """The root alone revokes."""
    other, anchor = new_root()
    refused(office, revocations(other, office.anchor, 1, bytes(32)))
    refused(office, revocations(office.root, anchor, 1, bytes(32)))


# --- receipts ---------------------------------------------------------------------------------------------------


def test_deletion_after_receipts_of_all_desks(office: Office) -> None:
    """A blob goes with the last desk's receipt, not before; others stay."""
    blobs = [put_blob(office.store) for _ in range(3)]
    office.take(office.itjen.full_return())
    office.take(office.irjen.full_return())
    assert office.take(office.itjen.returns(office.itjen.receipts(blobs[:2]), number=2)).deleted == 0
    assert len(office.store.blobs.snapshot()) == 3
    assert office.take(office.irjen.returns(office.irjen.receipts(blobs[1:]), number=2)).deleted == 1
    assert {blob.id for blob in office.store.blobs.snapshot()} == {blobs[0].id, blobs[2].id}


def test_first_return_of_a_desk_counts_its_own_keys(office: Office) -> None:
    """A desk whose keys come in the same return is one of all desks already."""
    blob = put_blob(office.store)
    office.take(office.itjen.full_return())
    assert office.take(office.irjen.full_return([blob])).deleted == 0
    assert office.take(office.itjen.returns(office.itjen.receipts([blob]), number=2)).deleted == 1


def test_refused_return_deletes_nothing(office: Office) -> None:
    """Receipts in a return that is refused for its board do not count."""
    blob = put_blob(office.store)
    office.take(office.itjen.returns(office.itjen.keys(), *office.itjen.board(5), number=1))
    bad = office.itjen.returns(office.itjen.receipts([blob]), *office.itjen.board(4), number=2)
    refused(office, bad, RefusedError)
    assert office.store.blobs.stored_ids([blob.id])


def test_a_revoked_desk_is_waited_for_no_longer_than_its_keys_may_live(office: Office) -> None:
    """Reports that may be for it stay until no restored vault can open them; others go without it at once."""
    narrow, wide = (blob_length(slots, BUCKETS[0]) for slots in (1, 2))
    old, new = put_blob(office.store, narrow), put_blob(office.store, narrow, epoch=EPOCH + 1)
    late = put_blob(office.store, wide, epoch=EPOCH + 1)  # its sealer did not know of the revocation yet
    office.take(office.itjen.full_return())
    office.take(office.irjen.full_return())
    office.take(revocations_file(office, 2, office.irjen))
    done = office.take(office.itjen.returns(office.itjen.receipts([old, new, late]), number=2))
    assert done.deleted == 1
    assert "reports that may be for it stay here until" in done.warnings[0]
    assert {blob.id for blob in office.store.blobs.snapshot()} == {old.id, late.id}
    later = TODAY + 90
    renewed = replace(office.itjen, first=later - 1, last=later + 5, serial=3, made=later)
    renewed = replace(renewed, listed=revocations_file(office, 2, office.irjen))
    bundle = renewed.returns(number=renewed.number())
    assert import_bundle(office.store, office.anchor, bundle, DESKS, later).deleted == 2


def test_a_desk_whose_certificate_is_over_is_waited_for(office: Office) -> None:
    """Being late takes no vote away, since its keys still open what waits; the import says who is late."""
    blob = put_blob(office.store)
    office.take(office.irjen.full_return())
    late = TODAY + 95
    itjen = replace(office.itjen, first=late - 1, last=late + 5, made=late)
    listed = revocations(office.root, office.anchor, 2, made=late)
    bundle = replace(itjen, listed=listed).full_return([blob])
    done = import_bundle(office.store, office.anchor, bundle, DESKS, late)
    assert done.deleted == 0
    assert any("the certificate of the desk irjen is over since" in warning for warning in done.warnings)
