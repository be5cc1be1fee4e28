"""The third reader passes every vector: the right stage, and under `ok` everything that the vector promises."""

import json
from collections import Counter
from pathlib import Path

import pytest

from .export import read_export
from .vector_file import Vector, promised
from .vectors import RUNNERS, run
from .xwing import decapsulate, encapsulate, public_key

VECTORS = Path(__file__).parents[1] / "vectors"
FOLDERS = sorted(path.name for path in VECTORS.iterdir() if any(path.glob("*.vec")))


def test_every_folder_has_a_runner() -> None:
    """No folder of vectors is passed over."""
    assert sorted(RUNNERS) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_vectors(folder: str) -> None:
    """Each vector of a folder stops at the stage that it names, or gives exactly what it promises."""
    stages: Counter[str] = Counter()
    for path in sorted((VECTORS / folder).glob("*.vec")):
        vector = Vector.read(path)
        stage, values = run(vector)
        assert (path.name, stage) == (path.name, vector.header["expect"])
        if stage == "ok":
            assert (path.name, values) == (path.name, promised(vector))
        stages[stage] += 1
    assert stages["ok"] > 0


def test_blobs_before_a_damaged_place() -> None:
    """A reader keeps as many blobs of an export as each vector says, whether or not the export counts."""
    for path in (VECTORS / "export").glob("*.vec"):
        vector = Vector.read(path)
        assert (path.name, len(read_export(vector.data, vector.trust()).blobs)) == (
            path.name,
            vector.number("good-blobs"),
        )


def test_xwing() -> None:
    """X-Wing gives the public keys, ciphertexts and secrets of the draft's own test vectors, in both directions."""
    for case in json.loads((VECTORS / "xwing-draft.json").read_text()):
        seed, eseed, public, ciphertext, shared = (
            bytes.fromhex(case[name]) for name in ("seed", "eseed", "pk", "ct", "ss")
        )
        assert public_key(seed) == public
        assert encapsulate(public, eseed) == (ciphertext, shared)
        assert decapsulate(seed, ciphertext) == shared
