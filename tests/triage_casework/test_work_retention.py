"""Retention: two officers, and nothing of the text remains anywhere."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from triage_world import SETTINGS, TODAY, World, all_files, dump, new_thread
from work_world import again, as_officer, message, move, new_case, take

from dropbox.errors import NotFoundError, RefusedError
from dropbox.limits import EPOCH_EXPIRY_DAYS, EPOCH_GRACE_DAYS
from dropbox.triage.cases import casebook
from dropbox.triage.casework import merging, refusal, retention
from dropbox.triage.vault import epochs, schema, second_copy
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import epoch_last_day, epoch_of

CANARY = "kenarimerah"
KEPT = SETTINGS.workstation.retention_days["SELESAI_TIDAK"]
LATER = TODAY + KEPT


def _closed(world: World, vault: Vault) -> casebook.Case:
    """A closed case with the canary wherever a text can stand."""
    thread = new_thread()
    blobs = [
        world.report(thread, CANARY, record={"who": CANARY.encode()}),
        world.file(thread, 1, CANARY.encode() * 99, f"{CANARY}.jpg"),
    ]
    world.take(vault, blobs)
    case = casebook.all_cases(vault)[-1]
    number, db = case.number, vault.db
    (digest,) = db.execute("select file_sha256 from messages where kind = 'file'").fetchone()
    db.execute(
        "insert into findings values (?, '', 'a.jpg', '', 1, x'00', 'jpeg', ?, ?, 'done', ?)", (digest, *[CANARY] * 3)
    )
    db.execute(
        "insert into notes (case_number, day, officer, kind, text) values (?, ?, 'kepala', 'note', ?)",
        (number, TODAY, CANARY),
    )
    db.execute("insert into tags values (?, ?)", (number, CANARY))
    db.execute("insert into exclusions values (?, 'x', 'named', '')", (number,))
    db.execute(
        "insert into identities (case_number, day, source, sealed) values (?, ?, 'field', ?)",
        (number, TODAY, CANARY.encode()),
    )
    db.execute(
        "update cases set unit = ?, district = ?, subject = ?, province = '32', unit_type = 'kua'", (CANARY,) * 3
    )
    proposal = refusal.propose(Work(vault, SETTINGS, TODAY), case, refusal.Refusal("evidence", grounds=CANARY))
    refusal.decline(Work(as_officer(vault), SETTINGS, TODAY), proposal)
    second_copy.sync(vault)
    return move(vault, again(vault, case), "SELESAI_TIDAK", text=f"Selesai {CANARY}")


def test_nothing_of_the_text_remains(world: World, vault: Vault) -> None:
    """Neither in vault.db nor in the second copy's, neither in blobs nor in the index; the counts and claim key do."""
    case = _closed(world, vault)
    (claim,) = vault.db.execute("select claim from cases").fetchone()
    blobs = [path.name for path in vault.blobs.iterdir()]
    keys = [key for (key,) in vault.db.execute("select file_key from messages")]
    number = retention.propose(Work(vault, SETTINGS, LATER), case)
    assert retention.approve(Work(as_officer(vault), SETTINGS, LATER), number) == []
    second = schema.connect(vault.copy_folder / "vault.db", vault.key)
    for db in (vault.db, second):
        held = repr(dump(replace(vault, db=db)))
        assert CANARY not in held
        assert not any(repr(key) in held for key in keys)
        assert db.execute("select count(*) from search where search match ?", (CANARY,)).fetchone() == (0,)
        kept = "select category, channel, province, unit_type, status, sent, closed, deleted, claim from cases"
        assert db.execute(kept).fetchone() == (
            "pungli", "wbs", "32", "kua", "SELESAI_TIDAK", TODAY, TODAY, LATER, claim
        )  # fmt: skip
    second.close()
    names = {path.name for path in all_files(vault.folder, vault.copy_folder)}
    assert blobs
    assert not names & set(blobs)
    assert casebook.visible_cases(vault) == []
    with pytest.raises(NotFoundError):
        casebook.find_case(vault, "1")


def test_a_deleted_blob_that_comes_again_stays_deleted(world: World, vault: Vault) -> None:
    """The server may still hold it: its hash is known, and it opens no new case."""
    thread = new_thread()
    blob = world.report(thread, CANARY)
    world.take(vault, [blob])
    case = move(vault, casebook.all_cases(vault)[0], "SELESAI_TIDAK")
    number = retention.propose(Work(vault, SETTINGS, LATER), case)
    retention.approve(Work(as_officer(vault), SETTINGS, LATER), number)
    world.take(vault, [blob], number=2)
    assert casebook.all_cases(vault) == []
    assert CANARY not in json.dumps(dump(vault), default=repr)


def test_nothing_goes_before_its_time_or_by_one_officer(world: World, vault: Vault) -> None:
    """A live case never; an ended one when its days are over, by two."""
    case = new_case(vault)
    with pytest.raises(RefusedError, match="must be kept"):
        retention.propose(Work(vault, SETTINGS, TODAY + 9999), case)
    case = move(vault, case, "SELESAI_TIDAK")
    with pytest.raises(RefusedError, match="must be kept"):
        retention.propose(Work(vault, SETTINGS, LATER - 1), case)
    assert retention.spent(Work(vault, SETTINGS, LATER - 1)) == []
    assert [one.number for one in retention.spent(Work(vault, SETTINGS, LATER))] == [case.number]
    number = retention.propose(Work(vault, SETTINGS, LATER), case)
    with pytest.raises(RefusedError, match="second officer"):
        retention.approve(Work(vault, SETTINGS, LATER), number)
    with pytest.raises(RefusedError, match="roles"):
        retention.approve(Work(as_officer(vault, "ina", "inspektur"), SETTINGS, LATER), number)
    retention.decline(Work(as_officer(vault), SETTINGS, LATER), number)
    assert casebook.find_case(vault, "1") == case


def test_a_case_that_was_opened_again_is_kept(vault: Vault) -> None:
    """Between the two officers its reporter wrote: the approval does not go through."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    number = retention.propose(Work(vault, SETTINGS, LATER), case)
    move(vault, case, "VERIFIKASI", LATER)
    with pytest.raises(RefusedError, match="must be kept"):
        retention.approve(Work(as_officer(vault), SETTINGS, LATER), number)


def test_what_was_merged_goes_along(vault: Vault) -> None:
    """The second reporter's words are about the same."""
    case, other = new_case(vault), new_case(vault)
    vault.db.execute("update cases set merged_into = ? where number = ?", (case.number, other.number))
    case = move(vault, case, "SELESAI_TIDAK")
    with pytest.raises(RefusedError, match="merged"):
        retention.propose(Work(vault, SETTINGS, LATER), again(vault, other))
    retention.approve(Work(as_officer(vault), SETTINGS, LATER), retention.propose(Work(vault, SETTINGS, LATER), case))
    assert vault.db.execute("select count(*) from messages").fetchone() == (0,)


def test_a_copy_that_is_away_is_named(vault: Vault, tmp_path: Path) -> None:
    """What was deleted lives on there until it is connected: the officer is told, and the next run finishes it."""
    case = move(vault, new_case(vault), "SELESAI_TIDAK")
    number = retention.propose(Work(vault, SETTINGS, LATER), case)
    away = vault.copy_folder.rename(tmp_path / "away")
    (said,) = retention.approve(Work(as_officer(vault), SETTINGS, LATER), number)
    assert "WARNING" in said
    away.rename(vault.copy_folder)
    assert retention.finish(vault) == []


def test_an_epoch_nobody_collected_goes_by_two_officers(vault: Vault) -> None:
    """Not before its time, and then in both places."""
    epoch = epoch_of(TODAY)
    over = epoch_last_day(epoch) + EPOCH_GRACE_DAYS + EPOCH_EXPIRY_DAYS
    assert epoch not in retention.epochs_waiting(vault, over)
    with pytest.raises(RefusedError, match="needed"):
        retention.propose_epoch(Work(vault, SETTINGS, over), epoch)
    number = retention.propose_epoch(Work(vault, SETTINGS, over + 1), epoch)
    with pytest.raises(RefusedError, match="already"):
        retention.propose_epoch(Work(vault, SETTINGS, over + 1), epoch)
    with pytest.raises(RefusedError, match="second officer"):
        retention.approve_epoch(Work(vault, SETTINGS, over + 1), number)
    (said,) = retention.approve_epoch(Work(as_officer(vault, "tini", "pengawas"), SETTINGS, over + 1), number)
    assert "second copy" in said
    assert epochs.secret_key(vault, epoch) is None
    assert not list(vault.folder.glob(f"epochs/{epoch}.key")) + list(vault.copy_folder.glob(f"epochs/{epoch}.key"))


def test_a_request_in_what_was_merged_keeps_it(vault: Vault) -> None:
    """It would be deleted with the case that is worked on."""
    leader, case = new_case(vault), new_case(vault, protection="physical")
    merging.merge(Work(vault, SETTINGS, TODAY), case, leader)
    closed = move(vault, leader, "SELESAI_TIDAK")
    with pytest.raises(RefusedError, match="protection"):
        retention.propose(Work(vault, SETTINGS, LATER), closed)


def test_what_came_after_the_end_is_read_first(vault: Vault) -> None:
    """A proven case is not opened again by its reporter's message, but nor is that deleted unread."""
    thread = new_thread()
    closed = move(vault, again(vault, take(vault, message(thread))), "SELESAI_TERBUKTI")
    take(vault, message(thread, "addition"), TODAY + 1)
    later = TODAY + SETTINGS.workstation.retention_days["SELESAI_TERBUKTI"]
    with pytest.raises(RefusedError, match="after its end"):
        retention.propose(Work(vault, SETTINGS, later), again(vault, closed))


def test_whom_it_was_kept_from_never_finds_what_is_left(vault: Vault) -> None:
    """The row for the counts and for claims is as far away as the case was."""
    case = new_case(vault)
    vault.db.execute("insert into exclusions values (?, 'wakil', 'named', '')", (case.number,))
    closed = move(vault, case, "SELESAI_TIDAK")
    number = retention.propose(Work(vault, SETTINGS, LATER), closed)
    retention.approve(Work(as_officer(vault, "ketiga"), SETTINGS, LATER), number)
    assert casebook.find_case(vault, "1", deleted=True).number == case.number
    with pytest.raises(NotFoundError):
        casebook.find_case(as_officer(vault), "1", deleted=True)


def test_a_second_copy_that_was_away_loses_it_at_its_next_sync(world: World, vault: Vault) -> None:
    """As the warning says; what the vault itself still names stays."""
    world.take(vault, [world.report(new_thread()), world.report(new_thread())])
    (case, other) = casebook.all_cases(vault)
    closed = move(vault, case, "SELESAI_TIDAK")
    second_copy.sync(vault)
    number = retention.propose(Work(vault, SETTINGS, LATER), closed)
    away = vault.copy_folder.with_name("disk-in-a-drawer")
    vault.copy_folder.rename(away)
    (said,) = retention.approve(Work(as_officer(vault), SETTINGS, LATER), number)
    assert "dropbox triage copy" in said
    away.rename(vault.copy_folder)
    assert len(list((vault.copy_folder / "blobs").iterdir())) == 2
    second_copy.sync(vault)
    names = {path.name for path in (vault.copy_folder / "blobs").iterdir()}
    kept = vault.db.execute(
        "select file from seen join messages using (sha256) where case_number = ?", (other.number,)
    ).fetchall()
    assert names == {name for (name,) in kept}
