"""What a courier is told about a file that does not belong here."""

import pytest
from courier_desks import TODAY, Office, revocations

from dropbox.errors import MalformedError
from dropbox.sentences.catalogue import sentences
from dropbox.wire import kinds
from dropbox.wire.signed import MAGICS, shown_number
from tests.support.exports import Server


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


def test_a_file_that_was_copied_in_part_is_named(office: Office) -> None:
    """A cut return, list or certificate says what it is and what to do, and an empty file says that it is empty."""
    cases = {
        "return": office.itjen.full_return(),
        "revocations": revocations(office.root, office.anchor, 2),
        "server certificate": Server(office.root, office.anchor).certificate(TODAY, TODAY + 9),
    }
    for what, whole in cases.items():
        for untrusted in (whole[:10], whole[: len(whole) // 2], whole[:-1]):
            with pytest.raises(MalformedError) as caught:
                office.take(untrusted)
            assert (caught.value.code, caught.value.values) == ("return.cut", {"what": what})
        with pytest.raises(MalformedError) as zeros:  # a drive that was removed too early
            office.take(whole[: len(whole) // 2] + bytes(len(whole)))
        assert zeros.value.code == "return.zeros"
    with pytest.raises(MalformedError) as empty:
        office.take(b"")
    assert empty.value.code == "return.empty"
