"""Whoever holds the stick decides over no key: which exports are believed, and what is said of the others."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from triage_world import SETTINGS, TODAY, World, dump, new_thread, take_raw

from dropbox.crypto.private.desk_keys import RootKey
from dropbox.crypto.private.server_key import ServerKey
from dropbox.errors import MalformedError, UntrustedError
from dropbox.limits import EPOCH_GRACE_DAYS
from dropbox.triage.intake import importing
from dropbox.triage.maintenance.examination import BAD, WARNING, examine
from dropbox.triage.vault import epochs, known_exports
from dropbox.triage.vault.vault import Vault
from dropbox.triage.vault.work import Work
from dropbox.wire.calendar import Day, epoch_last_day, epoch_of
from tests.support.exports import Server

EPOCH = epoch_of(TODAY - 1)  # the oldest of a new vault: on the first day of a week that is the week before
LAST = epoch_last_day(EPOCH) + EPOCH_GRACE_DAYS  # the last day on which the key must still be there


def live(vault: Vault) -> int:
    """How many private keys are not destroyed."""
    (count,) = vault.db.execute("select count(*) from epochs where destroyed is null").fetchone()
    return int(count)


def found(vault: Vault, today: int) -> set[str]:
    """What the doctor says about keys, exports and the clock."""
    codes = {one.code for one in examine(Work(vault, SETTINGS, today), every_blob=False)}
    return {code for code in codes if code.startswith(("epoch-keys-", "export-", "clock-"))} - {"epoch-keys-few"}


FORGED: dict[str, Callable[[World], dict[str, Any]]] = {
    "unsigned": lambda _: {"sign": lambda _sha256: bytes(64)},
    "by another key": lambda world: {
        "sign": lambda sha256: ServerKey.generate().sign_export(world.anchor.instance, sha256)
    },
    "of a number beyond the certificate": lambda _: {"number": 2**64 - 1},
    "of the last day of all": lambda _: {"day": 2**32 - 1},
    "of the day after tomorrow": lambda _: {"day": TODAY + 2},
    "under a certificate that was over": lambda world: {"certificate": world.server.certificate(TODAY - 9, TODAY - 1)},
}


@pytest.mark.parametrize("forged", [None, *FORGED])
def test_a_forged_export_changes_nothing_that_follows(world: World, vault: Vault, forged: str | None) -> None:
    """Its report is taken in, it is named, and honest exports 40 and 400 days later destroy as without it."""
    take_raw(vault, world.export([world.report(new_thread())], number=5), TODAY)
    before = known_exports.remembered(vault)
    if forged:
        changes = {"held": {}, "number": 6} | FORGED[forged](world)
        done = take_raw(vault, world.export([world.report(new_thread())], **changes), TODAY)
        assert (done.opened, done.is_whole) == (1, False)
        assert done.doubt in ("signature", "certificate", "future")
        assert (done.remembered.number, done.remembered.day) == (before.number, before.day)
    began = live(vault)
    lefts = []
    for days, number in ((40, 6), (400, 60)):
        done = take_raw(vault, world.export([], held={}, number=number, day=TODAY + days), TODAY + days)
        assert (done.doubt, done.overdue) == ("", 0)
        lefts.append(live(vault))
    assert began > lefts[0] > lefts[1]
    gone = [n for n in range(EPOCH, EPOCH + 60) if epoch_last_day(n) + EPOCH_GRACE_DAYS < TODAY + 400]
    assert not epochs.public_keys(vault, gone[0], gone[-1])


def test_a_forged_export_destroys_no_key(world: World, vault: Vault) -> None:
    """One that claims that nothing is held any more, after the grace."""
    began = live(vault)
    for changes in FORGED.values():
        take_raw(vault, world.export([], **({"held": {}, "number": 9, "day": LAST + 1} | changes(world))), LAST + 1)
        assert live(vault) == began


def test_an_export_of_another_root_is_refused_whole(world: World, vault: Vault) -> None:
    """And so is one that carries another kind of certificate, or a damaged one."""
    before = dump(vault)
    stranger = Server(RootKey.generate(), world.anchor, world.server.key)
    with pytest.raises(UntrustedError):
        take_raw(vault, world.export([world.report(new_thread())], server=stranger))
    certificate = world.server.certificate(TODAY, TODAY + 9)
    for damaged in (bytes(len(certificate)), certificate[:-1] + bytes([certificate[-1] ^ 1])):
        with pytest.raises((MalformedError, UntrustedError)):
            take_raw(vault, world.export([world.report(new_thread())], certificate=damaged))
    assert dump(vault) == before


def test_a_restored_server_is_believed_the_next_day(world: World, vault: Vault) -> None:
    """It counts on from a lower number, and on the day of the loss alone its export is not newer."""
    take_raw(vault, world.export([], held={EPOCH: 1}, number=300, day=LAST + 1), LAST + 1)
    same_day = take_raw(vault, world.export([], held={}, number=260, day=LAST + 1), LAST + 1)
    assert (same_day.doubt, same_day.remembered.number) == (known_exports.OLD, 300)
    assert epochs.secret_key(vault, EPOCH)
    assert take_raw(vault, world.export([], held={}, number=261, day=LAST + 2), LAST + 2).doubt == ""
    assert epochs.secret_key(vault, EPOCH) is None


def test_a_new_server_is_believed_at_once(world: World, vault: Vault) -> None:
    """Its certificate has a serial of its own, and so higher numbers, also on the same day."""
    take_raw(vault, world.export([], held={EPOCH: 1}, number=300, day=LAST + 1), LAST + 1)
    new = Server(world.root, world.anchor, serial=4)
    number = 3 * 65536 + 1
    assert take_raw(vault, world.export([], held={}, number=number, day=LAST + 1, server=new), LAST + 1).doubt == ""
    assert epochs.secret_key(vault, EPOCH) is None


def test_a_server_with_a_fast_clock_for_a_day_closes_nothing(world: World, vault: Vault) -> None:
    """What is dated in the future is named and not remembered; the right clock goes on at once."""
    assert take_raw(vault, world.export([], number=2, day=TODAY + 365), TODAY).doubt == "future"
    assert take_raw(vault, world.export([], number=3, day=TODAY), TODAY).doubt == ""


def test_a_kill_between_destruction_and_memory_is_made_good(
    world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same export, taken in again, is still newer and does the rest."""
    export = world.export([], held={}, day=LAST + 8, number=2)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(epochs, "shred", killed)
        with pytest.raises(KeyboardInterrupt):
            take_raw(vault, export, LAST + 8)
    assert take_raw(vault, export, LAST + 8).doubt == ""
    assert epochs.secret_key(vault, EPOCH + 1) is None
    assert not list(vault.folder.glob(f"epochs/{EPOCH}.key"))


def test_the_doctor_says_why_a_key_was_not_destroyed(world: World, vault: Vault) -> None:
    """No export since, an older one, a damaged, unsigned, uncertified or future one, or reports that are held."""
    take_raw(vault, world.export([], number=5, day=TODAY), TODAY)
    assert found(vault, LAST) == {"epoch-keys-good"}
    assert found(vault, LAST + 1) == {"epoch-keys-waiting"}
    fresh = world.export([], held={}, number=6, day=LAST + 1)
    cases = (
        (fresh[:-1], "epoch-keys-bad-export"),
        (fresh[:-64] + bytes(64), "epoch-keys-bad-export"),
        (world.export([], number=4, day=TODAY), "epoch-keys-old-export"),
        (world.export([], number=6, day=LAST + 99), "epoch-keys-future"),
        (world.export([], day=LAST + 1, certificate=world.server.certificate(TODAY, LAST)), "epoch-keys-uncertified"),
    )
    for raw, code in cases:
        done = take_raw(vault, raw, LAST + 1)
        assert done.doubt
        assert done.overdue == 1
        assert found(vault, LAST + 1) == {code}
    done = take_raw(vault, world.export([], held={EPOCH: 3}, number=6, day=LAST + 1), LAST + 1)
    assert any("was kept" in note for note in done.notes)
    assert (done.overdue, found(vault, LAST + 1)) == (0, {"epoch-keys-held"})
    take_raw(vault, world.export([], held={}, number=7, day=LAST + 1), LAST + 1)
    assert found(vault, LAST + 1) == {"epoch-keys-good"}


def test_the_doctor_says_when_the_root_ends(world: World, vault: Vault) -> None:
    """From 200 days before, as a warning; after the end as bad."""
    for left, expected in ((200, []), (199, [(WARNING, 199)]), (-1, [(BAD, 0)])):
        work = Work(vault, SETTINGS, Day(world.anchor.last - left))
        said = [(one.state, one.number) for one in examine(work, every_blob=False) if one.code == "root-ends"]
        assert said == expected


def test_the_doctor_says_which_clock_is_wrong(world: World, vault: Vault) -> None:
    """An export of a day that this machine has not reached is told in days, and not as this clock's fault alone."""
    take_raw(vault, world.export([], number=5, day=TODAY + 40), TODAY + 40)
    assert {one.code: one.number for one in examine(Work(vault, SETTINGS, TODAY))}["export-ahead"] == 40
    assert "export-ahead" not in found(vault, TODAY + 39)


def test_the_same_export_again_raises_no_doubt(world: World, vault: Vault) -> None:
    """Taking it in twice is said, and the doctor's advice stays what it was."""
    export = world.export([], number=5)
    take_raw(vault, export)
    assert importing.import_export(Work(vault, SETTINGS, TODAY), io.BytesIO(export).read).doubt == known_exports.AGAIN
    assert known_exports.remembered(vault).doubt == ""
