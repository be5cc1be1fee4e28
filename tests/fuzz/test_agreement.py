"""Three readers of FORMAT agree on objects that nobody would make."""

import pytest

from tests.fuzz.agreement import FAMILIES, compare, mutants

_SHORT, _LONG = 100, 12_500  # objects of a family; eight families make 100 000


def test_three_readers_agree() -> None:
    """Python, JavaScript and the third reader take the same mutated objects, and refuse the others for one class."""
    said, differ = compare([one for family in FAMILIES for one in mutants(family, _SHORT, seed=1)])
    assert differ == []
    assert set(said) == {"ok", "malformed", "untrusted"}


@pytest.mark.soak
@pytest.mark.parametrize("family", FAMILIES)
def test_three_readers_agree_on_many(family: str) -> None:
    """Twelve thousand five hundred mutated objects of a family."""
    said, differ = compare(mutants(family, _LONG, seed=2))
    print(family, said)
    assert differ == []
