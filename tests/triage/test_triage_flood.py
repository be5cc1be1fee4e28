"""Far more blobs than usual that this desk cannot open are a warning with both numbers."""

from dropbox.limits import FLOOD_BLOBS_MIN
from dropbox.triage.intake import flood
from dropbox.triage.vault.vault import Vault


def test_far_more_than_usual(vault: Vault) -> None:
    """A first export is compared with none, later ones with the median of those before."""
    assert flood.told_of(vault, FLOOD_BLOBS_MIN - 1) == []
    for count in (11, 12, 13):
        assert flood.told_of(vault, count) == []
    (line,) = flood.told_of(vault, 3109)
    assert "3109 blobs that this desk could not open; usually 12." in line


def test_a_large_office_is_no_flood(vault: Vault) -> None:
    """Where many blobs for other desks are usual, as many again are no warning."""
    for _ in range(3):
        flood.told_of(vault, 400)
    assert flood.told_of(vault, 900) == []
