"""Three readers of FORMAT agree on objects that nobody would make."""

from collections.abc import Iterator

import pytest
from third_reader.vectors import RUNNERS

from tests.fuzz.agreement import OBJECTS, Browser, browsing, compare
from tests.fuzz.remaking import FAMILIES, mutants

_SHORT = 12  # objects of a family
_NO_READER = {"digest", "site-manifest", "imported-after"}  # it says how something is made; none in JavaScript


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One process for all families."""
    with browsing() as started:
        yield started


def test_every_family_is_compared() -> None:
    """Each family of vectors that a reader reads is mutated, 100 000 objects together in the long run."""
    assert set(FAMILIES) == set(RUNNERS) - _NO_READER
    assert sum(OBJECTS.values()) >= 100_000


def test_three_readers_agree(browser: Browser) -> None:
    """Python, JavaScript and the third reader take the same mutated objects alike, and refuse the others alike."""
    said: set[str] = set()
    for family in FAMILIES:
        compared = compare(mutants(family, _SHORT, seed=1), browser)
        assert compared.differ == [], family
        said |= set(compared.said)
    assert said >= {"ok", "malformed", "untrusted", "damaged", "not-for-this-key", "none", "wrong"}


@pytest.mark.soak
@pytest.mark.parametrize("family", FAMILIES)
def test_three_readers_agree_on_many(family: str, browser: Browser) -> None:
    """They agree on the family's share of 100 000."""
    compared = compare(mutants(family, OBJECTS[family], seed=2), browser)
    print(family, compared.said)
    assert compared.differ == []
