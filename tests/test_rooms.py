"""The rooms of the house: no cycle between them, few files in each, no long file.

Rule: every folder directly below dropbox/, and every folder directly below one of those, is a room; a loose file is a
room of its own. A deeper folder belongs to the room that it is in. An import counts wherever in a file it is.
"""

import ast
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
LOOSE_MAX: Final = 7
MODULES_MAX: Final = 24  # of one language in one folder
LINES_MAX: Final = 300
SOURCES: Final = (".py", ".js", ".mjs")
BUILT: Final = ("web/static", "web/browser/node_modules")  # what a build makes of browser/src, and its libraries

Arrows = dict[str, set[str]]


def sources(root: Path) -> list[Path]:
    """Return the product's own source files below a root."""
    built = [root / "dropbox" / name for name in BUILT]
    every = sorted(path for path in (root / "dropbox").rglob("*") if path.suffix in SOURCES)
    return [path for path in every if not any(folder in path.parents for folder in built)]


def modules(root: Path) -> dict[str, Path]:
    """Return the file of each Python module by its dotted name; a package's file is its __init__.py."""
    files = [path for path in sources(root) if path.suffix == ".py"]
    return {".".join(one.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): one for one in files}


def room_of(path: Path, root: Path) -> str:
    """Return the room of a module, as a path below dropbox/."""
    parts = path.relative_to(root / "dropbox").with_suffix("").parts
    if path.name == "__init__.py" and len(parts) <= 2:
        return "/".join([*parts[:-1], "__init__"])
    return "/".join(parts[:2])


def imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Return the names of the project's modules that a module imports."""
    package = (name if path.name == "__init__.py" else name.rpartition(".")[0]).split(".")
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            found |= {full if (full := f"{source}.{alias.name}") in known else source for alias in node.names}
    return found & known.keys()


def arrows(root: Path) -> Arrows:
    """Return, for each room, the other rooms that its modules import from."""
    known = modules(root)
    found: Arrows = defaultdict(set)
    for name, path in known.items():
        here = room_of(path, root)
        found[here] |= {room_of(known[other], root) for other in imports(name, path, known)} - {here}
    return dict(found)


def cycles(between: Arrows) -> list[list[str]]:
    """Return the strongly connected components of more than one room (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(room: str) -> None:
        index[room] = low[room] = len(index)
        stack.append(room)
        for other in sorted(between[room]):
            if other not in index:
                visit(other)
                low[room] = min(low[room], low[other])
            elif other in stack:
                low[room] = min(low[room], index[other])
        if low[room] == index[room]:
            place = stack.index(room)
            found.append(sorted(stack[place:]))
            del stack[place:]

    for room in sorted(between):
        if room not in index:
            visit(room)
    return [group for group in found if len(group) > 1]


def test_no_rooms_import_each_other_in_a_circle() -> None:
    """Between the rooms of the product there is no cycle of imports."""
    between = arrows(ROOT)
    assert len(between) > 100
    assert sum(map(len, between.values())) > 500
    assert cycles(between) == []


PLANTS = {
    "two-rooms": {"wire/a.py": "import dropbox.crypto.b", "crypto/b.py": "def f():\n    from dropbox.wire import a"},
    "two-rooms-below-one": {
        "triage/access/a.py": "from dropbox.triage.cases.b import c",
        "triage/cases/b.py": "from dropbox.triage.access import a",
    },
    "three-rooms": {
        "wire/a.py": "from dropbox.crypto import b",
        "crypto/b.py": "from dropbox.store.c import d",
        "store/c.py": "from dropbox.wire.a import d",
    },
    "a-loose-file": {"limits.py": "from dropbox.wire import a", "wire/a.py": "from dropbox.limits import b"},
    "a-deeper-folder": {
        "triage/ui/pages/a.py": "from dropbox.triage.cases import b",
        "triage/cases/b.py": "from dropbox.triage.ui.pages.a import c",
    },
    "relative": {"wire/a.py": "from ..crypto import b", "crypto/b.py": "from ..wire.a import c"},
}


def _plant(root: Path, files: dict[str, str]) -> None:
    for name, code in files.items():
        path = root / "dropbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code + "\n", "utf-8")


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_cycle_is_found(tmp_path: Path, plant: str) -> None:
    """Each kind of cycle between rooms is found, and names exactly the rooms of its files."""
    _plant(tmp_path, PLANTS[plant])
    rooms = {room_of(tmp_path / "dropbox" / name, tmp_path) for name in PLANTS[plant]}
    assert cycles(arrows(tmp_path)) == [sorted(rooms)]


def test_imports_in_one_direction_are_no_cycle(tmp_path: Path) -> None:
    """Two files of one room that import each other, and rooms in a row, are no cycle between rooms."""
    row = {"web/base/a.py": "from dropbox.web.base import b", "web/base/b.py": "from dropbox.web.base import a"}
    _plant(tmp_path, row | {"web/pages/c.py": "from dropbox.web.base import a\nfrom dropbox.limits import d"})
    _plant(tmp_path, {"limits.py": "import os"})
    assert arrows(tmp_path) == {"web/base": set(), "web/pages": {"web/base", "limits"}, "limits": set()}
    assert cycles(arrows(tmp_path)) == []


def test_few_files_are_loose() -> None:
    """At most LOOSE_MAX modules are directly in dropbox/."""
    assert len(list((ROOT / "dropbox").glob("*.py"))) <= LOOSE_MAX


def test_no_folder_is_a_long_list() -> None:
    """No folder of the product has more than MODULES_MAX modules of one language."""
    language = {".py": "Python", ".js": "JavaScript", ".mjs": "JavaScript"}
    counts = Counter((path.parent.relative_to(ROOT), language[path.suffix]) for path in sources(ROOT))
    assert {kind for _, kind in counts} == set(language.values())
    assert {where: count for where, count in counts.items() if count > MODULES_MAX} == {}


def test_no_file_is_long() -> None:
    """No source file of the product has more than LINES_MAX lines."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in sources(ROOT)}
    assert {name: length for name, length in lengths.items() if length > LINES_MAX} == {}
