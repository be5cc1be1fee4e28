"""Each check of a reader is taken out in turn: the vectors notice it, or a list says which other check implies it."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.mutants.checks import ROOT, implied, javascript_mutants, python_mutants, python_names
from tests.mutants.python_checks import Mutant

SAMPLE_PYTHON = (
    "dropbox/wire/signed.py: parse_certificate: if not serial <= SERIAL_MAX",
    "dropbox/crypto/signing.py: verify_certificate: if certificate.station in trust.revoked",
    "dropbox/wire/container.py: ContainerReader.entries: if entry.length not in _LENGTHS",
)
SAMPLE_JAVASCRIPT = ("dropbox/web/browser/src/wire/board.js: parseBoard: if count > SHARD_CELLS_MAX",)


def survivors(runner: str, mutants: Iterable[Mutant]) -> Iterator[str]:
    """Yield the names of the mutants that pass all vectors."""
    lines = "".join(json.dumps({"name": one.name, "path": one.path, "source": one.source}) + "\n" for one in mutants)
    command = [sys.executable, "-m", f"tests.mutants.{runner}"]
    done = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        found = json.loads(line)
        assert found["outcome"] in ("noticed", "survived"), found
        if found["outcome"] == "survived":
            yield found["name"]


@pytest.mark.soak
def test_a_module_as_it_is_passes() -> None:
    """What the runners say is no fault of theirs: modules without a change pass all vectors."""
    path = "dropbox/wire/signed.py"
    whole = Mutant(path, 0, "nothing", (ROOT / path).read_text("utf-8"))
    assert list(survivors("python_run", [whole])) == [f"{path}: nothing"]


def test_a_sample_of_checks_is_noticed() -> None:
    """Three checks of Python and one of JavaScript are not implied by others, and their removal is noticed."""
    chosen = [*python_mutants(SAMPLE_PYTHON)]
    assert len(chosen) == len(SAMPLE_PYTHON)
    assert list(survivors("python_run", chosen)) == []
    chosen = [one for one in javascript_mutants() if one.name in SAMPLE_JAVASCRIPT]
    assert len(chosen) == len(SAMPLE_JAVASCRIPT)
    assert list(survivors("javascript_run", chosen)) == []


def test_what_is_implied_exists() -> None:
    """The list of implied checks names checks that the modules have."""
    names = {*python_names(), *(one.name for one in javascript_mutants())}
    assert {*implied()} - names == set()
    assert Path(__file__).with_name("implied.toml").is_file()


@pytest.mark.soak
def test_every_check_is_noticed() -> None:
    """No check can be taken out unnoticed but those of the list, and the list has no others."""
    found = {*survivors("python_run", python_mutants()), *survivors("javascript_run", javascript_mutants())}
    assert found == {*implied()}
