"""Publish: the chain of keys, the board that its readers can open, and receipts that are true."""

import hashlib
import itertools
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from triage_world import (
    CHEAP,
    FIRST_OFFICER,
    LOGIN,
    PASSPHRASE,
    SETTINGS,
    TODAY,
    World,
    new_thread,
    published,
    verified,
)

from dropbox.crypto.answers import tag_of
from dropbox.crypto.thread_keys import ThreadKeys
from dropbox.errors import ConfigurationError, DropboxError, RefusedError, UntrustedError
from dropbox.limits import ARCHIVED_SHOWN_DAYS, BOARD_CELLS_MAX, SHARD_CELLS_MAX
from dropbox.triage.access import permission
from dropbox.triage.cases import casebook
from dropbox.triage.casework import transitions
from dropbox.triage.exchange import board_builder
from dropbox.triage.exchange.board_builder import spread
from dropbox.triage.exchange.publish import publish
from dropbox.triage.vault import second_copy
from dropbox.triage.vault.creating import create_vault
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.board import CELL_TOTAL_BYTES, TAG_BYTES, check_whole, find_in
from dropbox.wire.bundle import parse_return
from dropbox.wire.calendar import epoch_of
from dropbox.wire.keyring import parse_key_bundle
from dropbox.wire.signed import Head, encode_certificate_file, parse_object, split_certificate_file


def _answer(vault: Vault, number: int, status: str, text: str = "Terima kasih.", today: int = TODAY) -> None:
    transitions.answer(
        Work(vault, SETTINGS, today), casebook.find_case(vault, str(number)), permission.Draft(status, text)
    )


def test_the_reporter_reads_the_whole_timeline(world: World, vault: Vault) -> None:
    """Sent, collected, answered: what the thread's keys open on a verified board."""
    thread, other = new_thread(), new_thread()
    world.take(vault, [world.report(thread), world.file(thread, 1, b"x"), world.report(other)])
    _answer(vault, 1, "BUTUH_INFO", "Di kota mana?")
    bundle = published(world, vault)
    shown = bundle.timeline(world, thread)
    assert shown is not None
    assert [(entry.kind, entry.status, entry.text) for entry in shown] == [
        ("received", "", ""),
        ("status", "DITERIMA", ""),
        ("status", "BUTUH_INFO", "Di kota mana?"),
    ]
    assert (shown[0].texts, shown[0].files) == (1, 1)
    assert shown[2].next > TODAY
    assert bundle.timeline(world, new_thread()) is None


def test_numbers_only_rise(world: World, vault: Vault) -> None:
    """Board and return rise with every publication; the key bundle only when its content changes."""
    first, second = published(world, vault), published(world, vault)
    assert (first.number, second.number) == (1, 2)
    assert second.boards[0].head.number > first.boards[0].head.number
    assert second.key_bodies == first.key_bodies


def test_the_chain_follows_the_weeks(world: World, vault: Vault) -> None:
    """A bundle a week, each naming the one before by its hash, with the weeks ahead; all of one certificate travel."""
    bodies: list[bytes] = []
    for week in range(20):
        today = TODAY + 7 * week
        if week == 14:
            vault.install_certificate(world.certificate(vault, today, serial=2), today)
        bundle = published(world, vault, today)
        bodies += [body for body in bundle.key_bodies if body not in bodies]
        assert set(range(epoch_of(today), epoch_of(today) + 13)) <= set(bundle.keys[-1].epochs)
        numbers = [keys.head.number for keys in bundle.keys]
        assert numbers == list(range(1, week + 2) if week < 14 else range(65537, 65537 + week - 13))
    for before, after in itertools.pairwise(bodies):
        assert parse_key_bundle(after).previous == hashlib.sha256(before).digest()


def test_a_renewed_certificate_makes_a_new_bundle(world: World, vault: Vault) -> None:
    """Its number is the first of the new serial, it names the one before by its hash, and that one stays behind."""
    first = published(world, vault)
    vault.install_certificate(world.certificate(vault, TODAY + 50, serial=2), TODAY + 50)
    bundle = published(world, vault, TODAY + 50)
    assert [keys.head.number for keys in bundle.keys] == [65537]
    assert bundle.keys[0].previous == hashlib.sha256(first.key_bodies[-1]).digest()


@pytest.mark.parametrize("ahead", [3, 20])
def test_a_clock_that_was_ahead_leaves_a_bundle_of_today_as_the_newest(world: World, vault: Vault, ahead: int) -> None:
    """A bundle of a day to come stays in the chain, and the next return has one of its own day after it."""
    published(world, vault, TODAY)
    published(world, vault, TODAY + ahead)
    keys = verified(world, publish(Work(vault, SETTINGS, TODAY)), TODAY + ahead).keys
    assert keys[-1].head.made == TODAY
    assert [one.head.number for one in keys] == [*range(1, len(keys) + 1)]


def test_a_new_station_begins_beyond_the_numbers_of_a_lost_one(tmp_path: Path) -> None:
    """A lost station's successor bears a higher serial, and so has higher numbers from its first return on."""
    heads = []
    for serial in (1, 7):
        (tmp_path / str(serial)).mkdir()
        world = World(tmp_path / str(serial))
        world.create()
        with world.open() as vault:
            vault.install_certificate(world.certificate(vault, serial=serial), TODAY)
            bundle = published(world, vault)
            heads.append([bundle.number, *(keys.head.number for keys in bundle.keys)])
    assert max(heads[0]) < min(heads[1])


def test_yesterdays_week_stays_until_utc_has_turned(world: World, vault: Vault) -> None:
    """On a Monday in Indonesia it is still Sunday in UTC: both weeks have a key."""
    monday = TODAY + (4 - TODAY) % 7
    bundle = published(world, vault, monday)
    assert {epoch_of(monday) - 1, epoch_of(monday)} <= set(bundle.keys[-1].epochs)
    assert published(world, vault, monday + 1).key_bodies == bundle.key_bodies


@pytest.mark.parametrize("today", [TODAY - 1, TODAY + 101])
def test_nothing_goes_out_without_a_certificate_that_holds(vault: Vault, today: int) -> None:
    """Before and after its days the station refuses to sign."""
    with pytest.raises(UntrustedError):
        publish(Work(vault, SETTINGS, today))


def test_a_station_without_certificate_says_what_to_do(tmp_path: Path) -> None:
    """A fresh vault cannot publish."""
    world = World(tmp_path)
    made = create_vault(
        world.path(),
        copy=world.copy_path(),
        desk="itjen",
        anchor=world.anchor,
        first=FIRST_OFFICER,
        cost=CHEAP,
    )
    with made, pytest.raises(UntrustedError, match="ceremony"):
        publish(Work(made, SETTINGS, TODAY))


def test_a_certificate_for_another_desk_station_or_root_is_refused(world: World, vault: Vault) -> None:
    """Only the pinned root's word, for this desk and this station."""
    with pytest.raises(RefusedError):
        vault.install_certificate(world.certificate(vault, desk="irjen"), TODAY)
    with pytest.raises(RefusedError):
        vault.install_certificate(world.certificate(vault, station=bytes(32)), TODAY)
    with pytest.raises(UntrustedError):
        vault.install_certificate(World(world.folder).certificate(vault, instance=world.anchor.instance), TODAY)
    vault.install_certificate(world.certificate(vault, TODAY, serial=2), TODAY)
    with pytest.raises(RefusedError, match="newer"):
        vault.install_certificate(world.certificate(vault, TODAY, serial=1), TODAY)


def test_no_receipt_before_the_second_copy_is_verified(world: World, vault: Vault) -> None:
    """While the copy is away nothing is receipted or published; when it is back, the receipt goes out."""
    blob = world.report(new_thread())
    away = world.copy_path().rename(world.folder / "away")
    done = world.take(vault, [blob])
    assert (done.opened, done.is_whole) == (1, False)
    assert any("second copy" in note for note in done.notes)
    with pytest.raises(ConfigurationError, match="second copy"):
        publish(Work(vault, SETTINGS, TODAY))
    away.rename(world.copy_path())
    assert published(world, vault).receipts == {blob.sha256}


def test_an_empty_folder_in_its_place_is_no_copy(world: World, vault: Vault) -> None:
    """A mount point without its disk must not be filled quietly."""
    world.copy_path().rename(world.folder / "away")
    world.copy_path().mkdir(mode=0o700)
    with pytest.raises(ConfigurationError, match="connect its disk"):
        second_copy.sync(vault)
    assert list(world.copy_path().iterdir()) == []


def test_rot_in_the_copy_is_found_before_the_receipt(world: World, vault: Vault) -> None:
    """What rotted in the copy before its receipt is copied anew; what rotted in both gets none."""
    one, two = world.report(new_thread()), world.report(new_thread())
    world.take(vault, [one, two])
    names = dict(vault.db.execute("select sha256, file from seen"))
    for folder, blob in ((vault.copy_folder, one), (vault.copy_folder, two), (vault.folder, two)):
        path = folder / "blobs" / names[blob.sha256]
        path.write_bytes(b"rot" + path.read_bytes()[3:])
    (sentence,) = second_copy.sync(vault)
    assert two.short in sentence
    told: list[str] = []
    publish(Work(vault, SETTINGS, TODAY), told.append)
    assert told == [sentence]
    assert published(world, vault).receipts == {one.sha256}
    assert hashlib.sha256((vault.copy_folder / "blobs" / names[one.sha256]).read_bytes()).digest() == one.sha256


def test_a_blob_that_went_from_the_copy_comes_back(world: World, vault: Vault) -> None:
    """Even after its receipt."""
    blob = world.report(new_thread())
    world.take(vault, [blob])
    published(world, vault)
    (path,) = (vault.copy_folder / "blobs").iterdir()
    path.unlink()
    assert second_copy.sync(vault) == []
    assert path.exists()


def test_a_copy_that_cannot_be_written_gives_no_receipts(
    world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk there is said, and the reports wait."""

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(second_copy, "write_pieces", full)
        done = world.take(vault, [world.report(new_thread())])
    assert not done.is_whole
    assert "No space left" in done.notes[-1]
    assert vault.db.execute("select sum(copied) from seen").fetchone() == (0,)


def test_a_receipt_is_given_again(world: World, vault: Vault) -> None:
    """A restored server may ask a second time."""
    blob = world.report(new_thread())
    world.take(vault, [blob])
    assert published(world, vault).receipts == published(world, vault).receipts == {blob.sha256}


def test_the_copy_can_take_the_vaults_place(world: World) -> None:
    """With the vault's disk gone, the copy opens with the same passphrase, answers, and keeps the chain unbroken."""
    thread = new_thread()
    with world.open() as vault:
        world.take(vault, [world.report(thread)])
        first = published(world, vault)
    shutil.rmtree(world.path())
    with Vault.open(world.copy_path(), LOGIN, PASSPHRASE) as restored:
        with pytest.raises(ConfigurationError, match="begin another"):
            second_copy.sync(restored)
        second_copy.begin_anew(restored, world.folder / "new-copy")
        second = published(world, restored)
        assert second.number == first.number + 1
        assert second.key_bodies == first.key_bodies
        assert second.timeline(world, thread)
        assert second.receipts == first.receipts
        assert world.take(restored, [world.report(new_thread())]).opened == 1


def test_a_killed_publication_breaks_no_chain(world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that were spent are skipped; the key bundle that was never carried is sent again."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dropbox.triage.exchange.publish.make_board", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(Work(vault, SETTINGS, TODAY))
    bundle = published(world, vault)
    assert bundle.number == 2
    assert [keys.head.number for keys in bundle.keys] == [1]


def test_archived_cases_leave_the_board_in_time(world: World, vault: Vault) -> None:
    """Ninety days after the last that happened; an addition brings the case back."""
    thread = new_thread()
    world.take(vault, [world.report(thread)])
    _answer(vault, 1, "SELESAI_TIDAK")
    _answer(vault, 1, "DIARSIPKAN")
    last = TODAY + ARCHIVED_SHOWN_DAYS
    assert published(world, vault, last).timeline(world, thread)
    vault.install_certificate(world.certificate(vault, last, serial=2), last)
    assert published(world, vault, last + 1).timeline(world, thread) is None
    world.take(vault, [world.addition(thread, 1)], today=last + 1, day=last + 1, number=2)
    assert published(world, vault, last + 1).timeline(world, thread)


@pytest.mark.parametrize("cells", [0, 1, 64, 65, 128, 129, 300, 1000])
def test_shards_are_few_full_and_equal(cells: int) -> None:
    """The smallest power of two of shards, none beyond its limit, all of one power of two of cells, none lost."""
    real = [os.urandom(CELL_TOTAL_BYTES) for _ in range(cells)]
    boards, left_out = spread(Head(bytes(16), "itjen", 1, TODAY), [[cell] for cell in real])
    assert left_out == []
    sizes = {len(board.cells) for board in boards}
    assert len(sizes) == 1
    assert sizes <= {64, 128}
    assert len(boards) & (len(boards) - 1) == 0
    if cells <= SHARD_CELLS_MAX:
        assert len(boards) == 1
    found = {cell for board in boards for cell in board.cells}
    assert found.issuperset(real)


def test_every_reporter_of_a_large_board_finds_their_cell(world: World, vault: Vault) -> None:
    """Beyond 128 threads the board splits, and each shard passes the server's grammar."""
    threads = [new_thread() for _ in range(140)]
    world.take(vault, [world.report(thread) for thread in threads])
    bundle = published(world, vault)
    assert len(bundle.boards) > 1
    assert all(bundle.timeline(world, thread) for thread in threads)


def test_a_long_timeline_spans_cells_and_never_blocks_the_board(world: World, vault: Vault) -> None:
    """No answer is refused for want of room: the oldest entries but the first leave the board."""
    thread, other = new_thread(), new_thread()
    world.take(vault, [world.report(thread), world.report(other)])
    for number in range(40):
        _answer(vault, 1, "TELAAH", f"{number} " + "kata " * 1500)
    shown = published(world, vault).timeline(world, thread)
    assert shown is not None
    assert len(shown) > 10
    assert shown[0].kind == "received"
    assert shown[-1].text.startswith("39 ")
    vault.db.execute(
        "insert into events (case_number, day, kind, text) values (1, ?, 'status', ?)", (TODAY, "x" * 99_000)
    )
    cut = published(world, vault)
    newest = cut.timeline(world, thread)
    assert newest is not None
    assert newest[-1].text == "x" * 99_000
    assert cut.timeline(world, other)


def test_a_board_has_an_end_and_the_first_cases_come_first() -> None:
    """More cases than a board may have cells: the last are left out, whole, and shards and cells stay within limits."""
    cases = [[os.urandom(CELL_TOTAL_BYTES)] for _ in range(BOARD_CELLS_MAX + 2000)]
    boards, left_out = spread(Head(bytes(16), "itjen", 1, TODAY), cases)
    assert sum(len(board.cells) for board in boards) == BOARD_CELLS_MAX
    assert left_out == list(range(BOARD_CELLS_MAX, BOARD_CELLS_MAX + 2000))
    shown = {cell for board in boards for cell in board.cells}
    assert [place for place, (cell,) in enumerate(cases) if cell not in shown] == left_out


def test_no_choice_of_tags_makes_a_board_longer() -> None:
    """140 cells that begin alike make a board as long as 140 others, and all of them are on it."""
    sizes = []
    for start in (b"", bytes(2)):
        cases = [[start + os.urandom(CELL_TOTAL_BYTES - len(start))] for _ in range(140)]
        boards, left_out = spread(Head(bytes(16), "itjen", 1, TODAY), cases)
        assert left_out == []
        check_whole(boards)
        assert all(find_in(boards, cell[:TAG_BYTES]) == cell[TAG_BYTES:] for (cell,) in cases)
        sizes.append([len(board.encode()) for board in boards])
    assert sizes[0] == sizes[1]


def test_a_tag_that_is_there_already_has_one_place() -> None:
    """Of two cases that share a tag the first is shown whole, and the second not at all."""
    one, two = ([os.urandom(CELL_TOTAL_BYTES), os.urandom(CELL_TOTAL_BYTES)] for _ in range(2))
    twin = [one[1][:TAG_BYTES] + os.urandom(CELL_TOTAL_BYTES - TAG_BYTES), os.urandom(CELL_TOTAL_BYTES)]
    boards, left_out = spread(Head(bytes(16), "itjen", 1, TODAY), [one, twin, two])
    shown = {cell for board in boards for cell in board.cells}
    assert left_out == [1]
    assert shown.issuperset([*one, *two])
    assert not shown.intersection(twin)


def test_chosen_tag_keys_leave_the_board_as_it_is(world: World, vault: Vault) -> None:
    """Reporters who choose keys whose tags all begin with six zero bits on the next board make it no longer."""
    world.take(vault, [world.report(new_thread()) for _ in range(20)])
    number = published(world, vault).number + 1
    threads = [_chosen(number) for _ in range(140)]
    world.take(vault, [world.report(thread) for thread in threads], number=2)
    bundle = published(world, vault)
    assert bundle.number == number
    assert [len(board.cells) for board in bundle.boards] == [SHARD_CELLS_MAX] * 2
    assert all(bundle.timeline(world, thread) for thread in threads)


def _chosen(number: int) -> ThreadKeys:
    key = os.urandom(32)
    while tag_of(key, "itjen", number, 0)[0] >= 4:
        key = os.urandom(32)
    return replace(new_thread(), tag_key=key)


def test_a_flood_keeps_no_answer_from_going_out(world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full board the newest cases without an answer are missing, said with their number; receipts are complete."""
    threads = [new_thread() for _ in range(70)]
    blobs = [world.report(thread) for thread in threads]
    world.take(vault, blobs)
    _answer(vault, 70, "TELAAH")
    monkeypatch.setattr(board_builder, "SHARD_CELLS_MAX", 64)
    monkeypatch.setattr(board_builder, "BOARD_CELLS_MAX", 64)
    told: list[str] = []
    bundle = verified(world, publish(Work(vault, SETTINGS, TODAY), told.append))
    assert [place for place, thread in enumerate(threads, 1) if not bundle.timeline(world, thread)] == [*range(64, 70)]
    (sentence,) = told
    assert "6 cases without an answer and 0 with one" in sentence
    assert bundle.receipts == {blob.sha256 for blob in blobs}


def test_a_return_carries_the_newest_list(world: World, vault: Vault) -> None:
    """The list that came with the certificate travels to the server; an older one does not replace it."""
    vault.install_certificate(world.certificate(vault, TODAY, serial=2), TODAY)
    assert parse_return(parse_object(publish(Work(vault, SETTINGS, TODAY))).body).revocations == world.revocations(
        TODAY, 2
    )
    raw, _ = split_certificate_file(world.certificate(vault, TODAY, serial=3))
    vault.install_certificate(encode_certificate_file(raw, world.revocations(TODAY, 1)), TODAY)
    assert parse_return(parse_object(publish(Work(vault, SETTINGS, TODAY))).body).revocations == world.revocations(
        TODAY, 2
    )


def test_a_revoked_station_installs_and_publishes_nothing(world: World, vault: Vault) -> None:
    """Neither a certificate whose list names this very key nor one without a list of these days is taken."""
    raw, _ = split_certificate_file(world.certificate(vault, TODAY, serial=2))
    for listed in (
        world.revocations(TODAY, 2, {vault.station_public: TODAY}),
        world.revocations(TODAY - 101, 2),
        world.revocations(TODAY + 2, 2),
    ):
        with pytest.raises(UntrustedError):
            vault.install_certificate(encode_certificate_file(raw, listed), TODAY)
    assert vault.certificate(TODAY)[1].serial == 1


def test_a_certificate_brings_no_list_that_lacks_a_revoked_key(world: World, vault: Vault) -> None:
    """Neither a later list without the key, nor one made earlier, nor another of that number replaces the held one."""
    raw, _ = split_certificate_file(world.certificate(vault, TODAY, serial=2))
    gone = {bytes([7]) * 32: TODAY - 1}
    vault.install_certificate(encode_certificate_file(raw, world.revocations(TODAY, 2, gone)), TODAY)
    for listed in (
        world.revocations(TODAY, 3),
        world.revocations(TODAY, 3, {bytes([7]) * 32: TODAY - 2}),
        world.revocations(TODAY - 1, 3, gone),
        world.revocations(TODAY, 2, gone | {bytes([8]) * 32: TODAY - 1}),
    ):
        with pytest.raises(RefusedError):
            vault.install_certificate(encode_certificate_file(raw, listed), TODAY)
    assert vault.revocations(TODAY) == world.revocations(TODAY, 2, gone)


def test_a_published_bundle_is_all_signed(world: World, vault: Vault) -> None:
    """Another root verifies none of it."""
    raw = publish(Work(vault, SETTINGS, TODAY))
    stranger = World(world.folder)
    with pytest.raises(DropboxError):
        verified(stranger, raw)
