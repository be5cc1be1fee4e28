"""What a courier is told about a file that does not belong here."""

import pytest

from dropbox.sentences.catalogue import sentences
from dropbox.wire import kinds
from dropbox.wire.signed import MAGICS, shown_number


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"dropbox root key v1\n", "kind.anchor"),
        (b"dropbox station request v1\n", "kind.request"),
        (bytes(8) + b"DBXC", "kind.certificate"),
        (bytes(4) + b"DBXC", "kind.certificate"),
        (MAGICS["return"], "kind.return"),
        (MAGICS["board"], "kind.part"),
        (b"DBXE", ""),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_a_file_is_named_by_its_kind(beginning: bytes, kind: str) -> None:
    """The first bytes are enough, also of a file that was cut; an export and a foreign file have no kind here."""
    assert kinds.kind_of(beginning) == kind
    assert not kind or kind in sentences()


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1-0001"), (65536, "1-65536"), (65537, "2-0001"), (131072, "2-65536")]
)
def test_a_number_does_not_jump(number: int, shown: str) -> None:
    """A number is shown as its certificate's serial and the number under it."""
    assert shown_number(number) == shown
