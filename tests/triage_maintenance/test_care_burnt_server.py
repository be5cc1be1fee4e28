"""A server that burnt without a backup: what keys/LOST.md promises of the new one."""

from pathlib import Path

from server_world import Server
from triage_world import SETTINGS, TODAY, World, new_thread, take_raw, verified

from dropbox.triage.cases import casebook
from dropbox.triage.exchange.publish import publish
from dropbox.triage.vault.work import Work
from dropbox.wire.bundle import unpack_objects
from dropbox.wire.signed import parse_object


def test_a_burnt_server_without_a_backup(tmp_path: Path) -> None:
    """What a desk has taken in is answered at the new server, whose exports are newer; what it has again is deleted."""
    world = World.copied(tmp_path)
    world.create("irjen")
    day = TODAY + 1
    with world.open("itjen") as itjen, world.open("irjen") as irjen:
        vaults = (itjen, irjen)
        old = Server(tmp_path / "old", world)
        for vault in vaults:
            old.take(publish(Work(vault, SETTINGS, TODAY)), TODAY)
        thread = new_thread()
        taken = old.send(world.report(thread), TODAY)
        export = old.export(TODAY)
        for vault in vaults:
            take_raw(vault, export, TODAY)
        lost = old.send(world.report(new_thread()), TODAY)  # after the last export
        old.store.close()

        new = Server(tmp_path / "new", world, exports=old.exports)  # the root gives a higher serial
        returns = [publish(Work(vault, SETTINGS, day)) for vault in vaults]
        for one in returns:
            assert new.take(one, day).is_new
        timeline = verified(world, returns[0], day).timeline(world, thread)
        assert timeline, "the reporter reads that the report was taken in"
        board = new.store.published.get("board", "itjen")
        assert board is not None
        boards = [parse_object(one).body for one in unpack_objects(board.body)]
        assert [one.encode() for one in verified(world, returns[0], day).boards] == boards

        new.send(taken, day)  # as a backup would bring it back
        export = new.export(day)
        for vault in vaults:
            done = take_raw(vault, export, day)
            assert (done.doubt, done.opened) == ("", 0)
        assert len(casebook.all_cases(itjen)) == 1, "neither a second case nor the lost report"
        deleted = [new.take(publish(Work(vault, SETTINGS, day)), day).deleted for vault in vaults]
        assert (deleted[-1], new.count()) == (1, 0)
        assert lost.id not in new.store.blobs.stored_ids([lost.id])
        new.store.close()
