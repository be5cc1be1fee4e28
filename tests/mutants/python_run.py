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
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests/crypto"
MODULES = ("test_vectors", "test_vectors_carried")
PRELOADED = ("pytest", "nacl.bindings", "cryptography.hazmat.primitives.asymmetric.mlkem", "flask_babel", "sqlalchemy")
# Families that meet a module's checks soonest; all others follow.
FIRST = {
    "blob": ("blob", "accepted"),
    "board": ("board", "boards", "imported"),
    "bundle": ("export", "return", "imported"),
    "checking": ("imported",),
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
SECONDS = 60  # a mutant that does not end by then is noticed as well


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
    """Return `noticed`, `survived` or `unused` (no vector loads the module) of one mutant."""
    child = os.fork()
    if child == 0:
        os._exit(_in_child(path, source))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {0: "survived", 99: "unused"}.get(code, "noticed")


def _in_child(path: str, source: str) -> int:
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    finder = _Finder(path, source)
    sys.meta_path.insert(0, finder)
    try:
        for run in _runs(Path(path).stem):
            run()
    except BaseException:  # noqa: BLE001  whatever it is, it was noticed
        return 1
    return 0 if finder.used else 99


def _runs(stem: str) -> Iterator[Callable[[], object]]:
    """Every vector's test, those of the module's families first; without pytest, which takes longer than all."""
    modules = map(importlib.import_module, MODULES)
    functions = [one for module in modules for one in vars(module).values() if hasattr(one, "pytestmark")]
    soon = [f"test_{family.replace('-', '_')}" for family in FIRST.get(stem, ())]
    functions.sort(key=lambda one: soon.index(one.__name__) if one.__name__ in soon else len(soon))
    for function in functions:
        for mark in function.pytestmark:
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
    sys.dont_write_bytecode = True
    for line in sys.stdin:
        mutant = json.loads(line)
        print(json.dumps({"name": mutant["name"], "outcome": outcome(mutant["path"], mutant["source"])}), flush=True)


if __name__ == "__main__":
    main()
