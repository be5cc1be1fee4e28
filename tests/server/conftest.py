"""A fresh site for each module, served by the real command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import Server, SiteFolder, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a module that do not harm each other."""
    with serving(SiteFolder(tmp_path_factory.mktemp("server") / "site").make()) as running:
        yield running


@pytest.fixture
def own_site(tmp_path: Path) -> SiteFolder:
    """A site for one test alone, not yet served."""
    return SiteFolder(tmp_path / "site").make()
