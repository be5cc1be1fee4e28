"""Every parser bears every input: those that were kept, and some hundreds more that a coverage-guided fuzzer makes."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz import desk_targets, figures
from tests.fuzz.keeping import KEPT_BYTES, merged
from tests.fuzz.modules import CORPUS, kept
from tests.fuzz.targets import TARGETS

PROJECT = Path(__file__).parents[2]
BROWSER = {
    *("jpeg", "png", "webp", "exif", "profile", "picture-kind", "browser-record", "browser-timeline", "browser-part"),
    *("browser-board", "browser-keys", "browser-keyed", "browser-object", "browser-certificate"),
    *("browser-revocations", "browser-anchor"),
}
# One input may be all that a short grammar has; of the others it means that a campaign has still to widen them.
ONE_INPUT = {
    *(
        "blob-length",
        "certificate-file",
        "container",
        "courier-key",
        "dossier-answer",
        "file-signature",
        "private-file",
    ),
    *("server-request", "station-request", "signed-certificate", "signed-revocations", "signed-server-certificate"),
    *("container-form", "mailbox", "ods", "pptx", "tnef", "browser-keyed"),
}
_CORPUS_BYTES = 2 << 20
_RUNS = 600  # of all Python targets together
_BROWSER_RUNS = 500  # of each target in JavaScript


def test_the_corpus_is_that_of_the_targets() -> None:
    """Each target has inputs, each folder a target, and all of them are small enough for a repository."""
    assert {path.name for path in CORPUS.iterdir()} == {*TARGETS, *BROWSER}
    assert all(kept(name) for name in (*TARGETS, *BROWSER))
    sizes = {name: sum(map(len, kept(name))) for name in (*TARGETS, *BROWSER)}
    assert sum(sizes.values()) < _CORPUS_BYTES
    assert max(sizes.values()) < 2 * KEPT_BYTES


def test_targets_with_one_input_are_named() -> None:
    """Each target that keeps one input is in the list of such targets, and no other is."""
    assert {name for name in (*TARGETS, *BROWSER) if len(kept(name)) == 1} == ONE_INPUT


@pytest.mark.skipif(platform.machine() != "x86_64", reason="atheris is built for x86-64 alone")
def test_a_merge_leaves_what_reaches_something(tmp_path: Path) -> None:
    """Of the kept inputs of a target, libFuzzer's merge leaves some, and makes no other."""
    good = kept("object")
    for at, one in enumerate(good):
        (tmp_path / str(at)).write_bytes(one)
    left = merged("object", tmp_path)
    assert left
    assert set(left) <= set(good)


@pytest.fixture
def _own_input() -> Iterator[None]:
    """Standard input as it was before: what is inside the sandbox reads a file from it."""
    before, descriptor = sys.stdin, os.dup(0)
    yield
    sys.stdin = before
    os.dup2(descriptor, 0)
    os.close(descriptor)
    desk_targets.memory.cache_clear()


@pytest.mark.usefixtures("_own_input")
@pytest.mark.parametrize("name", TARGETS)
def test_kept_inputs_are_borne(name: str) -> None:
    """Each input that once reached something new, or was a finding, is parsed or refused by a named error."""
    for one in kept(name):
        TARGETS[name](one)


@pytest.mark.skipif(platform.machine() != "x86_64", reason="atheris is built for x86-64 alone")
def test_a_short_run_finds_nothing(tmp_path: Path) -> None:
    """Hundreds of inputs that libFuzzer makes of the kept ones, for all targets in turn, are borne."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for place, name in enumerate(TARGETS):
        for at, one in enumerate(kept(name)[:3]):
            (folder / f"{place}-{at}").write_bytes(bytes([place]) + one)
    options = (f"-runs={_RUNS}", "-seed=1", "-max_len=4096", "-rss_limit_mb=2048", f"-artifact_prefix={tmp_path}/")
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.engine", "every", *options, str(folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"Done {_RUNS} runs" in done.stderr


def browser_run(folder: Path, runs: int, seed: int) -> list[dict[str, object]]:
    """Fuzz all targets in JavaScript; returns their figures."""
    command = ["node", str(PROJECT / "tests/fuzz/fuzz.mjs"), str(runs), str(seed), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_browsers_parsers_bear_a_short_run(tmp_path: Path) -> None:
    """The kept inputs of each target in JavaScript, and hundreds made of them, are borne."""
    for name in BROWSER:
        shutil.copytree(CORPUS / name, tmp_path / name)
    found = browser_run(tmp_path, _BROWSER_RUNS, seed=1)
    assert {one["target"] for one in found} == BROWSER
    assert all(int(str(one["executions"])) >= _BROWSER_RUNS for one in found)


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_a_long_run_finds_nothing(name: str, tmp_path: Path) -> None:
    """A campaign of `tests.fuzz.campaign` for one target ends without a finding."""
    from tests.fuzz.campaign import RUNS, run
    from tests.fuzz.targets import BY_MODULE

    runs = next(RUNS[module] for module, targets in BY_MODULE.items() if name in targets)
    found = run(name, runs, tmp_path)
    print(found)
    assert not found["finding"], (tmp_path / "findings" / f"{name}.txt").read_text()
    assert found["executions"] == runs


@pytest.mark.soak
def test_the_browsers_parsers_bear_a_long_run(tmp_path: Path) -> None:
    """A hundred thousand inputs of each target in JavaScript are borne."""
    for name in BROWSER:
        shutil.copytree(CORPUS / name, tmp_path / name)
    for line in browser_run(tmp_path, 100_000, seed=2):
        print(line)


def test_the_pages_have_the_figures_that_are_kept() -> None:
    """The tables of the reviewer's page and of FIGURES.md are those that the kept figures make."""
    found = figures.kept()
    assert figures.PAGE.read_text("utf-8") == figures.page(found)
    text = figures.REVIEWING.read_text("utf-8")
    assert figures.reviewing(text, found) == text
