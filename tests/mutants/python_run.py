"""Runs the vectors against mutants of Python modules, each in a process that is forked before the package is loaded.

    python -m tests.mutants.python_run < mutants as JSON, one a line      one line of JSON each: name, outcome

Rule: the checkout is never changed. A module's other source reaches the import system in memory alone.
"""

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests/crypto"
MODULES = ("test_vectors", "test_vectors_carried", "test_vectors_held")
PRELOADED = (
    *("pytest", "vector_files", "nacl.bindings", "cryptography.hazmat.primitives.asymmetric.mlkem"),
    *("alembic.command", "flask_babel", "sqlalchemy"),
)
# Families that meet a module's checks soonest; all others follow.
FIRST = {
    "blob": ("blob", "accepted"),
    "board": ("board", "boards", "imported"),
    "bundle": ("export", "return", "imported"),
    "chain": ("imported-after",),
    "checking": ("imported",),
    "importing": ("imported-after",),
    "claim": ("claim",),
    "claims": ("claim",),
    "container": ("container",),
    "courier_key": ("notice",),
    "dossier": ("dossier", "answer"),
    "fields": ("certificate", "blob", "board"),
    "key_bundle": ("keyed", "imported"),
    "keyring": ("anchor", "keyring", "keys", "keyed"),
    "log_statement": ("log-statement",),
    "log_statements": ("log-statement",),
    "manifest": ("site-manifest",),
    "site_manifest": ("site-manifest",),
    "notice": ("notice", "courier-key"),
    "opening": ("blob",),
    "receipt": ("receipts",),
    "receiver": ("card",),
    "receiver_keys": ("dossier", "answer"),
    "receivers": ("card", "answer"),
    "request": ("station-request",),
    "secret": ("secret", "confirm"),
    "server": ("server-certificate", "server-request"),
    "exports": ("server-certificate", "export"),
    "signed": ("certificate", "revocations", "receipts", "file-signature", "certificate-file"),
    "signing": ("certificate", "revocations", "receipts", "keyring", "imported", "file-signature"),
    "statistics": ("statistics",),
    "acceptance": ("accepted",),
}
MEMORY = 1 << 30  # a mutant that reads without an end meets this soon
SECONDS = 60  # of a processor: a mutant that does not end by then is noticed as well; all vectors take 10


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        return compile(self._source, self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, path: str, source: str) -> None:
        self._path, self._source = ROOT / path, source
        self.name = path.removesuffix(".py").replace("/", ".")
        self.used = False

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        self.used = True
        loader = _Loader(fullname, str(self._path), self._source)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


def outcome(path: str, source: str) -> str:
    """Return `noticed`, `survived`, `unused` (no vector loads the module) or `broken` (it has no such module)."""
    child = os.fork()
    if child == 0:
        os._exit(_in_child(path, source))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {0: "survived", 98: "broken", 99: "unused"}.get(code, "noticed")


def _in_child(path: str, source: str) -> int:
    # No clock: on a busy machine a mutant that survives would count as one that does not end.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    finder = _Finder(path, source)
    sys.meta_path.insert(0, finder)
    try:
        importlib.import_module(finder.name)
    except BaseException:  # noqa: BLE001  the vectors have not judged it
        return 98
    try:
        for run in _runs(Path(path).stem):
            run()
    except BaseException:  # noqa: BLE001  whatever it is, it was noticed
        return 1
    return 0 if finder.used else 99


def _runs(stem: str) -> Iterator[Callable[[], object]]:
    """Every vector's test, those of the module's families first; without pytest, which takes longer than all."""
    soon = [f"test_{family.replace('-', '_')}" for family in FIRST.get(stem, ())]
    late: list[Callable[..., object]] = []
    for name in MODULES:  # the second is loaded when the first has noticed nothing
        module = importlib.import_module(name)
        functions = {one.__name__: one for one in vars(module).values() if hasattr(one, "pytestmark")}
        for one in soon:
            if one in functions:
                yield from _of(functions.pop(one))
        late += functions.values()
    for function in late:
        yield from _of(function)


def _of(function: Callable[..., object]) -> Iterator[Callable[[], object]]:
    """A test with each of its vectors."""
    for mark in function.pytestmark:  # type: ignore[attr-defined]
        wants = inspect.signature(function).parameters
        for vector in mark.args[1]:
            with pytest.MonkeyPatch.context() as monkeypatch:
                given = {"vector": vector, "monkeypatch": monkeypatch}
                yield functools.partial(function, **{name: given[name] for name in wants})


def main() -> None:
    """Read mutants from the standard input, and write what became of each."""
    assert "dropbox" not in sys.modules
    sys.path.insert(0, str(TESTS))
    for name in PRELOADED:
        importlib.import_module(name)
    vector_files = sys.modules["vector_files"]
    for folder in vector_files.VECTORS.iterdir():
        vector_files.family(folder.name)  # read once, for all children
    sys.dont_write_bytecode = True
    for line in sys.stdin:
        mutant = json.loads(line)
        print(json.dumps({"name": mutant["name"], "outcome": outcome(mutant["path"], mutant["source"])}), flush=True)


if __name__ == "__main__":
    main()
