"""Takes from a campaign what is worth keeping: `python -m tests.fuzz.keeping FOLDER [NAME …]`.

libFuzzer's merge leaves of a corpus the inputs that each reach something of their own; the smallest of them come into
tests/fuzz/corpus. Inputs that once were findings (`finding-…`) stay there for ever.

Rule: a target keeps at most KEPT_BYTES, so that all of them replay within seconds.
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.modules import CORPUS
from tests.fuzz.targets import TARGETS

KEPT_BYTES = 24 << 10
FINDING = "finding-"


def keep(name: str, found: list[bytes]) -> None:
    """Make the smallest inputs the kept corpus of a target."""
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if not old.name.startswith(FINDING):
            old.unlink()
    left = KEPT_BYTES
    for one in sorted(set(found), key=lambda one: (len(one), one)):
        left -= len(one)
        if left < 0:
            break
        (folder / hashlib.sha256(one).hexdigest()[:16]).write_bytes(one)


def merged(name: str, folder: Path) -> list[bytes]:
    """The inputs of a corpus that reach something of their own."""
    with tempfile.TemporaryDirectory() as empty:
        command = [
            sys.executable,
            "-m",
            "tests.fuzz.engine",
            name,
            "-merge=1",
            "-rss_limit_mb=4096",
            empty,
            str(folder),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        found = [path.read_bytes() for path in Path(empty).iterdir()]
    if not found:
        raise RuntimeError(f"{name}: the merge left nothing: {done.stderr[-2000:]}")
    return found


def main(folder: Path, names: list[str]) -> None:
    """Keep what a campaign found: of Python's targets merged, of the browser's as they are."""
    for place in sorted(folder.iterdir()):
        if place.is_dir() and place.name != "findings" and (not names or place.name in names):
            python = place.name in TARGETS
            keep(place.name, merged(place.name, place) if python else [one.read_bytes() for one in place.iterdir()])
            print(place.name, len(list((CORPUS / place.name).iterdir())))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
