"""What the inspectorate has still to confirm is listed in one place."""

import dataclasses
from pathlib import Path

import dropbox.settings
from dropbox.settings.installation import load
from dropbox.triage.oversight.unconfirmed import unconfirmed

PACKAGED = Path(dropbox.settings.__file__).parent


def test_every_packaged_entry_that_is_not_confirmed_is_listed() -> None:
    """As many entries are listed as the packaged files have such flags, and each table of the settings once."""
    found = {one.place: one.entries for one in unconfirmed(load())}
    for name in ("policies", "processing", "benchmark"):
        flags = [
            line for line in (PACKAGED / f"{name}.toml").read_text("utf-8").splitlines() if not line.startswith("#")
        ]
        assert len(found[f"{name}.toml"]) == sum("confirmed = false" in line for line in flags)
    assert found["risk.toml"] == ()  # the whole file
    assert {place for place in found if place.startswith("[")} == {
        "[letterhead]", "[referral]", "[follow_up]", "[identity_notice]"
    }  # fmt: skip


def test_what_is_confirmed_leaves_the_list(tmp_path: Path) -> None:
    """A copy of a file in the inspectorate's folder whose flags are true is no longer listed."""
    for name in ("policies", "risk"):
        packaged = (PACKAGED / f"{name}.toml").read_text("utf-8")
        (tmp_path / f"{name}.toml").write_text(packaged.replace("confirmed = false", "confirmed = true"), "utf-8")
    settings = load()
    own = dataclasses.replace(settings, workstation=dataclasses.replace(settings.workstation, policy_folder=tmp_path))
    places = {one.place for one in unconfirmed(own)}
    assert not places & {"policies.toml", "risk.toml"}
    assert places >= {"processing.toml", "benchmark.toml"}
