"""The browser's modules bear the names of their Python twins, and export the same names; other checks of their text."""

import ast
import re
from pathlib import Path

import pytest
from node_runs import BROWSER, ROOT, run

SOURCES = BROWSER / "src"
PACKAGE = ROOT / "dropbox"

# What the browser module exports and its Python twin has no name for, with the reason.
TWINS: dict[str, dict[str, str]] = {
    "errors": {"WrongClockError": "a server's clock is checked when it starts"},
    "limits": {"CLOCK_DOUBT_DAYS": "a server's clock is checked when it starts"},
    "wire/blob": {"encodeHeader": "Header.encode"},
    "wire/board": {},
    "wire/bundle": {},
    "wire/calendar": {},
    "wire/claim": {},
    "wire/container": {},
    "wire/fields": {},
    "wire/keyring": {"parseAnchorBytes": "parse_anchor takes bytes"},
    "wire/padding": {},
    "wire/signed": {"isNumberOf": "numbers_of, which returns a range"},
    "wire/statuses": {},
    "crypto/answers": {},
    "crypto/claims": {},
    "crypto/envelope": {},
    "crypto/kdf": {"randomBytes": "os.urandom", "sha256Bulk": "hashlib.sha256"},
    "crypto/kem": {},
    "crypto/key-bundle": {},
    "crypto/keyring": {},
    "crypto/sealing": {"wrapCipher": "one call of libsodium"},
    "crypto/secret": {"newForm": "os.urandom"},
    "crypto/signing": {"checkListDay": "a part of revoked_today"},
    "crypto/thread-keys": {},
    "crypto/typed-secret": {},
    "crypto/words": {"WORDS": "word_list()", "wordIndices": "only fingerprint_words needs it"},
    "form/keyword-match": {},
    "form/lengths": {},
    "form/mirror": {},
    "intake/sealing-stream": {},
    "published/boards": {
        "DeskBoard": "private in Python",
        "parseBoards": "LiveBoards reads them from the store",
        "findAnswers": "LiveBoards.answer",
    },
    "thread/current-status": {},
    "thread/question": {},
}
# Twins that are part of the site: dropbox/web/.
OF_THE_SITE = ("intake/sealing-stream", "thread/current-status", "thread/question")
# Modules that exist in the browser only, with the reason.
ALONE = {
    "crypto/secretstream": "libsodium has it",
    "intake/file-bytes": "Flask's request has it",
    "intake/tus": "the client of what dropbox/web/intake/tus.py serves",
    "intake/tus-retry": "the client of what dropbox/web/intake/tus.py serves",
    "wire/bytes": "Python's bytes have it built in",
    "form/nearest-word": "a help while typing, which sends nothing",
    "offline/seal": "in Python a command, which writes a file; here it returns pieces of bytes",
}
_EXPORT = re.compile(r"^export (?:async )?(?:function\*?|class|const) (\w+)", re.MULTILINE)


def _modules() -> set[str]:
    """Every module that knows no page, as `folder/name`."""
    every = (path.relative_to(SOURCES).with_suffix("") for path in SOURCES.rglob("*.js"))
    return {str(path) for path in every if path.parts[0] not in ("page", "pictures")}


def _camel(name: str) -> str:
    """The JavaScript spelling of a Python name: functions alone are spelled otherwise."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name) if name.islower() else name


def _python_names(module: str) -> set[str]:
    """What a Python module defines at its top level for others, spelled as in JavaScript."""
    folder = PACKAGE / "web" if module in OF_THE_SITE else PACKAGE
    path = (folder / module.replace("-", "_")).with_suffix(".py")
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {_camel(name) for name in names if not name.startswith("_")}


def test_every_module_is_a_twin_or_stands_alone_for_a_reason() -> None:
    """No browser module is missing from the two lists above, and none is in both."""
    assert _modules() == {*TWINS, *ALONE}
    assert not {*TWINS} & {*ALONE}


@pytest.mark.parametrize("module", sorted(TWINS))
def test_twins_export_the_same_names(module: str) -> None:
    """What a browser module exports is defined in its Python twin, but for what is listed."""
    exported = set(_EXPORT.findall((SOURCES / module).with_suffix(".js").read_text("utf-8")))
    assert exported - _python_names(module) == set(TWINS[module])


@pytest.mark.parametrize(
    "project",
    [BROWSER / "tsconfig.json", BROWSER / "tsconfig.desk.json", ROOT / "tests/js/tsconfig.json"],
    ids=["modules", "desk", "tests"],
)
def test_scripts_are_typed(installed: Path, project: Path) -> None:
    """`tsc --checkJs` finds nothing in the modules, in the workstation's script, and in these tests."""
    run("node", "node_modules/typescript/bin/tsc", "--project", str(project))


def _scripts() -> list[Path]:
    """Every JavaScript file of the project."""
    built = PACKAGE / "web/static"
    found = (
        path
        for end in ("*.js", "*.mjs")
        for top in (PACKAGE, ROOT / "tests/js", ROOT / "tests/fuzz", ROOT / "bench")
        for path in top.rglob(end)
    )
    return [path for path in found if "node_modules" not in path.parts and built not in path.parents]


def test_scripts_have_one_format(installed: Path) -> None:
    """`prettier --check` finds nothing to change."""
    paths = [str(path) for path in _scripts()]
    run("node", "node_modules/prettier/bin/prettier.cjs", "--config", "package.json", "--check", *paths)


def test_lines_are_readable() -> None:
    """No line is longer than 120 characters, and no line of a comment has two tags of JSDoc."""
    for path in _scripts():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert len(line) <= 120, (path, number)
            assert len(re.findall(r"@(?:param|returns|property|typedef|template|private)\b", line)) <= 1, (path, number)


@pytest.mark.parametrize("folder", [SOURCES, SOURCES / "page"])
def test_folders_stay_small(folder: Path) -> None:
    """No folder of modules has more than 24 files, and no module more than 300 lines."""
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        assert len([path for path in inner.iterdir() if path.is_file()]) <= 24, inner
    assert all(len(path.read_text("utf-8").splitlines()) <= 300 for path in folder.rglob("*.js"))
