"""The third reader shares no code with the program: it imports three packages of cryptography and itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("test_"))
LIBRARIES = {"cryptography", "kyber_py", "nacl"}


def _imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            names.add("outside the package")
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_imports(module: Path) -> None:
    """A module of the reader imports nothing but the standard library, the listed libraries and its own package."""
    imported = _imported(ast.parse(module.read_text("utf-8")))
    assert imported - LIBRARIES - set(sys.stdlib_module_names) == set()


def test_a_foreign_import_is_seen() -> None:
    """The check sees an import of the program, also inside a function, and one from outside of the package."""
    planted = "def read():\n    from dropbox.wire import blob\n    from ..support import demo\n"
    assert _imported(ast.parse(planted)) == {"dropbox", "outside the package"}


_LOAD = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module("third_reader." + name)
print(sorted(name for name in sys.modules if name.partition(".")[0] == "dropbox"))
"""


def test_it_loads_nothing_of_the_program() -> None:
    """All modules load in a Python of their own, and nothing of the program is loaded then."""
    names = [module.stem for module in MODULES if module.stem != "__init__"]
    ran = subprocess.run(
        [sys.executable, "-c", _LOAD, *names], cwd=HERE.parent, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"
