"""Node and the browser modules' packages, installed from their lock file once."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from node_runs import BROWSER, ROOT, run


@pytest.fixture(scope="session")
def installed() -> Path:
    """The browser folder with its packages, from the lock file and nothing else."""
    assert shutil.which("npm"), "the browser modules need Node 20.19 or later (Debian: apt-get install nodejs npm)"
    lock = (BROWSER / "package-lock.json").read_bytes()
    stamp, digest = BROWSER / "node_modules/.installed", hashlib.sha256(lock).hexdigest()
    if not stamp.is_file() or stamp.read_text() != digest:
        run("npm", "ci")
        stamp.write_text(digest)
    return BROWSER


def _coded(value: object) -> object:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        return {name: _coded(one) for name, one in value.items()}
    return [_coded(one) for one in value] if isinstance(value, list | tuple) else value


def _decoded(values: dict[str, Any]) -> Any:
    return bytes.fromhex(values["hex"]) if set(values) == {"hex"} else values


@pytest.fixture(scope="session")
def javascript(installed: Path) -> Callable[..., Any]:
    """Runs one command of interop.mjs."""

    def call(name: str, **arguments: object) -> Any:
        asked = json.dumps([[name, _coded(arguments)]])
        answer = run("node", str(ROOT / "tests/js/interop.mjs"), stdin=asked)
        return json.loads(answer, object_hook=_decoded)[0]

    return call
