"""At each export the courier hears of floods, of room, and of a store that has stopped forgetting."""

import time

import pytest
from courier_desks import Office, put_blob

from dropbox.cli import main
from dropbox.courier.upkeep import growth, notes
from dropbox.limits import FLOOD_BLOBS_MIN, MIB
from dropbox.settings.installation import load
from dropbox.store import upkeep
from dropbox.store.database import Store
from dropbox.store.room import Shares
from dropbox.store.upkeep import Upkeep

NIGHT = 20_000


def told(office: Office, blobs: int, night: int = NIGHT) -> str:
    return "\n".join([growth(office.store, blobs) or "", *notes(office.store, night)])


def test_floods_are_said(office: Office) -> None:
    """Far more blobs than in earlier exports are a warning, with both numbers; some more are none."""
    for count in (10, 14, 12):
        assert "flood" not in told(office, count)
    assert "flood" not in told(office, FLOOD_BLOBS_MIN - 1)
    assert "WARNING: 3109 blobs, usually 13: perhaps a flood" in told(office, 3109)


def test_the_age_of_the_rewrite_is_said(office: Office) -> None:
    """Never, today, days ago: each has its sentence, and the late ones are warnings."""
    assert "WARNING: the store was never rewritten" in told(office, 1)
    Upkeep(office.store).tidy(time.time(), NIGHT)
    assert "last rewrite of the store: 0 days ago" in told(office, 1)
    assert "WARNING: the last rewrite of the store was 9 days ago" in told(office, 1, NIGHT + 9)


def test_a_failing_tidying_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only the log of the server knew reaches somebody."""

    def fail(_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(upkeep, "rewrite", fail)
    with pytest.raises(RuntimeError):
        Upkeep(office.store).tidy(time.time(), NIGHT)
    assert "WARNING: tidying began to fail 3 days ago" in told(office, 1, NIGHT + 3)


def test_closed_files_are_said(office: Office) -> None:
    """A store whose files have used up their room is named, with what to do."""
    assert "files have used up" not in told(office, 1)
    narrow = Store(office.store.connections.engine, Shares(budget=MIB))
    assert "WARNING: files have used up their room" in "\n".join(notes(narrow, NIGHT))


def test_the_command_says_it(office: Office, tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    """`courier export` prints these sentences, and a sweep mends the one about the rewrite."""
    put_blob(office.store)
    config = ["--config", str(office.config)]
    assert main(["courier", "export", f"{tmp_path}/one", *config]) == 0
    assert "never rewritten" in capsys.readouterr().err
    assert main(["store", "sweep", *config]) == 0
    assert upkeep.days_of(office.store).rewritten == load(office.config).night()
    assert main(["courier", "export", f"{tmp_path}/two", *config]) == 0
    said = capsys.readouterr().err
    assert "0 days ago" in said
    assert "usually 1 blobs" in said
