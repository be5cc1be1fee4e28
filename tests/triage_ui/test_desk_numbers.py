"""Numbers in addresses and forms: whatever is none is refused with a sentence, however long it is."""

import pytest
from desk_world import DeskClient

NONSENSE = ("9" * 5000, "-1", "1e3", "٣", "²", "0x1", " ")


@pytest.mark.parametrize("path", ["/?age={}", "/?after={}", "/?saved={}", "/kasus/{}"])
@pytest.mark.parametrize("number", NONSENSE, ids=lambda number: number[:5])
def test_an_address_with_nonsense_is_no_fault_of_the_desk(desk: DeskClient, path: str, number: str) -> None:
    """The list without that filter, or "not found"."""
    assert desk.get(path.format(number)).status_code in (200, 404)


@pytest.mark.parametrize("number", NONSENSE, ids=lambda number: number[:5])
def test_a_form_with_nonsense_is_refused(desk: DeskClient, number: str) -> None:
    """The stick's list has no such place."""
    assert desk.post("/kurir/ambil", {"number": number}).status_code == 404
