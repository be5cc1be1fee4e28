"""Import: every blob finds its place, and one bad one never keeps the others out."""

import os

import pytest
from triage_world import TODAY, Blob, World, dump, new_thread, nonce, published, take_raw

from dropbox.crypto.private.desk_keys import EpochSecretKey
from dropbox.errors import MalformedError
from dropbox.triage.cases import casebook
from dropbox.triage.vault import epochs
from dropbox.triage.vault.vault import Vault
from dropbox.wire.calendar import epoch_of


def _outcomes(vault: Vault) -> dict[bytes, str]:
    return {bytes(sha256): outcome for sha256, outcome in vault.db.execute("select sha256, outcome from seen")}


def test_messages_of_a_thread_share_a_case(world: World, vault: Vault) -> None:
    """Report, addition and file of one reporter stand in one case, another reporter's in another."""
    one, two = new_thread(), new_thread()
    done = world.take(vault, [world.report(one), world.addition(one, 1), world.file(one, 2, b"x"), world.report(two)])
    assert (done.opened, done.aside, done.is_whole) == (4, [], True)
    first, second = casebook.all_cases(vault)
    assert [text.kind for text in casebook.texts(vault, first)] == ["report", "addition"]
    assert [file.size for file in casebook.files(vault, first)] == [1]
    assert (second.name, second.status, second.channel, second.category) == ("ITJEN-0002", "DITERIMA", "wbs", "pungli")


def test_a_file_may_come_before_its_report(world: World, vault: Vault) -> None:
    """The case that a file opened learns channel and category when the report comes."""
    thread = new_thread()
    world.take(vault, [world.file(thread, 1, b"x")])
    assert casebook.all_cases(vault)[0].channel == ""
    world.take(vault, [world.report(thread)], number=2)
    (case,) = casebook.all_cases(vault)
    assert (case.channel, case.category) == ("wbs", "pungli")


def test_importing_twice_changes_nothing(world: World, vault: Vault) -> None:
    """The same export again finds every blob known."""
    thread = new_thread()
    blobs = [world.report(thread), world.file(thread, 1, b"x")]
    world.take(vault, blobs)
    before = dump(vault)
    done = world.take(vault, blobs)
    assert (done.opened, done.known, done.is_whole) == (0, 2, True)
    assert dump(vault) == before


def test_blobs_for_another_desk_are_no_fault(world: World, vault: Vault) -> None:
    """They are counted, receipted, and their ciphertext goes."""
    world.create("irjen")
    theirs = world.report(new_thread(), desk="irjen")
    done = world.take(vault, [theirs])
    assert (done.other_desks, done.aside, done.is_whole) == (1, [], True)
    assert list(vault.blobs.iterdir()) == []
    assert theirs.sha256 in published(world, vault).receipts


def test_the_other_desk_opens_what_this_one_cannot(world: World, vault: Vault) -> None:
    """One export serves both."""
    world.create("irjen")
    export = world.export([world.report(new_thread()), world.report(new_thread(), desk="irjen")])
    assert take_raw(vault, export).opened == 1
    with world.open("irjen") as other:
        assert take_raw(other, export).opened == 1
        assert [case.name for case in casebook.all_cases(other)] == ["IRJEN-0001"]


def test_damage_on_the_way_is_named_and_comes_again(world: World, vault: Vault) -> None:
    """A blob whose hash is wrong gets no receipt; the next export brings it whole."""
    good, bad = world.report(new_thread()), world.report(new_thread())
    export = bytearray(world.export([bad, good]))
    export[export.index(bad.data) + 5000] ^= 1
    done = take_raw(vault, bytes(export))
    assert done.opened == 1
    assert any(bad.short in line for line in done.aside)
    assert published(world, vault).receipts == {good.sha256}
    done = world.take(vault, [bad, good], number=2)
    assert (done.opened, done.known) == (1, 1)


def test_a_truncated_export_keeps_what_came_before(world: World, vault: Vault) -> None:
    """Cut anywhere in the second blob, the first is in; a new export brings the second."""
    one, two = world.report(new_thread()), world.report(new_thread())
    export = world.export([one, two])
    done = take_raw(vault, export[: export.index(two.data) + 700])
    assert (done.opened, done.is_whole) == (1, False)
    assert "truncated" in done.notes[0]
    assert len(list(vault.blobs.iterdir())) == 1
    assert take_raw(vault, export).opened == 1


@pytest.mark.parametrize("place", [4000, 2000, -1])
def test_a_tampered_blob_is_set_aside_by_name(world: World, vault: Vault, place: int) -> None:
    """A blob that was altered at rest (its hash fits) is set aside with a receipt, and the next one goes through."""
    original = world.report(new_thread())
    data = bytearray(original.data)
    data[place] ^= 1
    bad, good = Blob(original.id, bytes(data)), world.report(new_thread())
    done = world.take(vault, [bad, good])
    assert done.opened == 1
    # In its own stanza no stanza opens any more: nobody can tell it from another desk's.
    if place == 2000:
        assert done.other_desks == 1
    else:
        assert bad.short in done.aside[0]
        assert "damaged" in done.aside[0]
    assert published(world, vault).receipts == {bad.sha256, good.sha256}


def test_a_blob_of_no_legal_length_is_malformed(world: World, vault: Vault) -> None:
    """Cut at rest, it is set aside as malformed."""
    original = world.report(new_thread())
    bad = Blob(original.id, original.data[:-1])
    done = world.take(vault, [bad, Blob(os.urandom(32), b""), world.report(new_thread())])
    assert done.opened == 1
    assert len(done.aside) == 2
    assert set(_outcomes(vault).values()) == {"malformed", "opened"}


def test_prefix_and_payload_cannot_be_swapped(world: World, vault: Vault) -> None:
    """One blob's beginning with another's end is damaged, not half-accepted."""
    one, two = world.report(new_thread()), world.report(new_thread())
    cut = 26 + 2 * 1168 + 32
    swapped = Blob(one.id, one.data[:cut] + two.data[cut:])
    done = world.take(vault, [swapped, two])
    assert done.opened == 1
    assert "damaged" in done.aside[0]


def test_a_repeated_message_is_a_replay(world: World, vault: Vault) -> None:
    """The same words under the same nonce, sealed once more, are named and set aside, their bytes kept."""
    thread = new_thread()
    first, second = world.report(thread, "satu"), world.report(thread, "satu")
    done = world.take(vault, [first, second])
    assert done.opened == 1
    assert "replay" in done.aside[0]
    (case,) = casebook.all_cases(vault)
    assert [text.fields["what"] for text in casebook.texts(vault, case)] == ["satu"]
    assert len(list(vault.blobs.iterdir())) == 2


def test_other_words_under_one_nonce_are_kept(world: World, vault: Vault) -> None:
    """What a reporter changed and sent again after the first text was collected joins the thread."""
    thread = new_thread()
    world.take(vault, [world.report(thread, "satu")])
    done = world.take(vault, [world.report(thread, "dua")])
    assert (done.opened, done.aside) == (1, [])
    (case,) = casebook.all_cases(vault)
    assert sorted(text.fields["what"] for text in casebook.texts(vault, case)) == ["dua", "satu"]


def test_a_message_without_the_threads_secret_opens_its_own_case(world: World, vault: Vault) -> None:
    """A wrong member proof joins nothing, takes no nonce of the thread, and has no cell on the board."""
    thread = new_thread()
    forged = world.addition(thread, 1, auth_key=os.urandom(32))
    done = world.take(vault, [world.report(thread), forged, world.addition(thread, 1, "asli")])
    assert done.opened == 3
    real, alone = casebook.all_cases(vault)
    assert [text.fields["what"] for text in casebook.texts(vault, real)][1:] == ["asli"]
    assert (real.proven, alone.proven) == (True, False)
    shown = published(world, vault).timeline(world, thread)
    assert shown is not None
    assert shown[0].texts == 2


def test_a_forged_first_message_does_not_block_the_thread(world: World, vault: Vault) -> None:
    """It may come first and bear the thread's keys: the real report still opens the thread's case and is answered."""
    thread = new_thread()
    forged = world.report(thread, "palsu", auth_key=os.urandom(32))
    world.take(vault, [forged, world.report(thread, "asli")])
    assert [case.proven for case in casebook.all_cases(vault)] == [False, True]
    assert published(world, vault).timeline(world, thread)


def test_other_keys_under_a_known_thread_id_open_their_own_case(world: World, vault: Vault) -> None:
    """Knowing a thread's id is not enough to join it or to shadow its answers."""
    thread, other = new_thread(), new_thread()
    forged = world.addition(other, 1, record={"thread": thread.thread, "tag-key": thread.tag_key})
    world.take(vault, [world.report(thread), forged])
    assert len(casebook.all_cases(vault)) == 2
    assert published(world, vault).timeline(world, thread)


def test_an_unknown_epoch_is_no_fault(world: World, vault: Vault) -> None:
    """Nobody can open it: it is counted, receipted, and its ciphertext goes."""
    key = EpochSecretKey.generate().public.raw
    lost = world.report(new_thread(), epoch=epoch_of(TODAY) - 50, key=key)
    done = world.take(vault, [lost])
    assert (done.no_key, done.aside, done.is_whole) == (1, [], True)
    assert list(vault.blobs.iterdir()) == []


def test_a_key_that_this_vault_should_know_is_waited_for(world: World, vault: Vault) -> None:
    """From the desk's first epoch on a blob without a key waits, whatever its epoch: no receipt, exit 1, next time."""
    key = EpochSecretKey.generate().public.raw
    waiting = world.report(new_thread(), epoch=epoch_of(TODAY) + 40, key=key)
    good = world.report(new_thread())
    for number in (1, 2):
        done = world.take(vault, [waiting, good], number=number)
        assert (done.no_key, done.opened) == (0, 2 - number)
        assert f"no key of epoch {epoch_of(TODAY) + 40}" in done.aside[0]
        assert waiting.short in done.aside[0]
    assert published(world, vault).receipts == {good.sha256}


@pytest.mark.parametrize("is_missing", [True, False])
def test_what_the_vault_lost_before_the_copy_had_it_is_mended(world: World, vault: Vault, is_missing: bool) -> None:  # noqa: FBT001
    """A blob that rotted or went while the second copy was away is written anew from the next export."""
    blob = world.file(new_thread(), 1, b"isi")
    away = world.copy_path().rename(world.folder / "away")
    world.take(vault, [blob])
    (path,) = vault.blobs.iterdir()
    path.unlink() if is_missing else path.write_bytes(b"rot")
    away.rename(world.copy_path())
    done = world.take(vault, [blob], number=2)
    assert (done.known, done.is_whole) == (1, True)
    assert any(blob.short in note for note in done.notes)
    assert path.read_bytes() == blob.data
    assert published(world, vault).receipts == {blob.sha256}


def test_a_missing_epoch_key_loses_nothing(world: World, vault: Vault) -> None:
    """The standby helps out; without it too, the blob waits without a receipt, and the others go through."""
    this, later = epoch_of(TODAY), epoch_of(TODAY) + 1
    (vault.folder / "epochs" / f"{this}.key").unlink()
    assert world.take(vault, [world.report(new_thread())]).opened == 1
    standby = vault.copy_folder / "epochs" / f"{this}.key"
    kept = standby.read_bytes()
    standby.unlink()
    waiting = world.report(new_thread())
    done = world.take(vault, [waiting, world.report(new_thread(), epoch=later)], number=2)
    assert done.opened == 1
    assert waiting.short in done.aside[0]
    assert waiting.sha256 not in _outcomes(vault)
    standby.write_bytes(kept)
    standby.chmod(0o600)
    assert world.take(vault, [waiting], number=3).opened == 1


def test_a_damaged_trailer_destroys_nothing_and_says_so(world: World, vault: Vault) -> None:
    """What came before the trailer is kept."""
    export = bytearray(world.export([world.report(new_thread())]))
    export[-1] ^= 1
    done = take_raw(vault, bytes(export))
    assert (done.opened, done.is_whole) == (1, False)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"DBXE\x02" + bytes(40), b"DBXR" + bytes(40)])
def test_what_is_no_export_is_refused(vault: Vault, raw: bytes) -> None:
    """Refused whole, before anything is changed."""
    with pytest.raises(MalformedError):
        take_raw(vault, raw)


def test_an_export_of_another_instance_is_refused(world: World, vault: Vault) -> None:
    """Another inspectorate's reports are none of ours."""
    export = bytearray(world.export([]))
    export[6] ^= 1
    with pytest.raises(MalformedError, match="another instance"):
        take_raw(vault, bytes(export))


def test_a_lying_length_takes_no_disk(world: World, vault: Vault) -> None:
    """A blob that claims petabytes is read to the export's end and leaves no file."""
    blob = world.report(new_thread())
    export = bytearray(world.export([blob]))
    at = export.index(blob.id) + 32
    export[at : at + 8] = (1 << 60).to_bytes(8, "big")
    done = take_raw(vault, bytes(export))
    assert not done.is_whole
    assert list(vault.blobs.iterdir()) == []


def test_the_sending_day_is_kept_within_reason(world: World, vault: Vault) -> None:
    """A sender's clock or malice cannot move the service dates by years."""
    world.take(
        vault,
        [
            world.report(new_thread(), record={"sent": bytes(4)}),
            world.report(new_thread(), record={"sent": b"\xff" * 4}),
        ],
    )
    early, late = casebook.all_cases(vault)
    assert TODAY - 8 <= early.sent <= late.sent == TODAY
    assert late.due > TODAY


def test_odd_words_are_kept_as_they_are(world: World, vault: Vault) -> None:
    """NUL, direction overrides, emoji, no text at all, and texts of 100 kB come back unchanged."""
    odd = ["a\0b", "\u202egpj.exe", "🙂" * 300, "", "x" * 100_000, "\x1b[2J'; drop table cases;--"]
    threads = [new_thread() for _ in odd]
    world.take(vault, [world.report(thread, what) for thread, what in zip(threads, odd, strict=True)])
    cases = casebook.all_cases(vault)
    assert [casebook.texts(vault, case)[0].fields["what"] for case in cases] == odd


def test_later_messages_are_grouped_by_day_of_collection(world: World, vault: Vault) -> None:
    """The timeline: received when sent, collected, then one entry for each later day, and none of the texts."""
    thread = new_thread()
    world.take(vault, [world.report(thread), world.file(thread, 1, b"x"), world.file(thread, 2, b"y")])
    later = [world.addition(thread, 3), world.file(thread, 4, b"z")]
    world.take(vault, later, today=TODAY + 3, day=TODAY + 3, number=2)
    (case,) = casebook.all_cases(vault)
    shown = [
        (entry.day, entry.kind, entry.status, entry.texts, entry.files) for entry in casebook.timeline(vault, case)
    ]
    assert shown == [
        (TODAY, "received", "", 1, 2),
        (TODAY, "status", "DITERIMA", 0, 0),
        (TODAY + 3, "received", "", 1, 1),
    ]


def test_epoch_keys_are_extended_once(world: World, vault: Vault) -> None:
    """The same week asks for nothing new, the next week for one key."""
    before = epochs.public_keys(vault, 0, 1 << 32)
    epochs.extend(vault, TODAY)
    assert epochs.public_keys(vault, 0, 1 << 32) == before
    epochs.extend(vault, TODAY + 7)
    assert len(epochs.public_keys(vault, 0, 1 << 32)) == len(before) + 1


def test_nonces_of_different_threads_do_not_meet(world: World, vault: Vault) -> None:
    """Every thread's first message bears the nonce zero."""
    assert nonce(0) == bytes(16)
    assert world.take(vault, [world.report(new_thread()) for _ in range(3)]).opened == 3
