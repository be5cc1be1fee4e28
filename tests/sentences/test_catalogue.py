"""The catalogue of sentences against the code that uses it."""

import ast
import errno
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.errors import DropboxError, RefusedError
from dropbox.sentences import catalogue
from dropbox.sentences.catalogue import Sentence, sentence, sentences, spoken

PACKAGE = Path(__file__).parents[2] / "dropbox"
CODE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
OWN = {"reason", "position"}  # of the classes, not of a sentence
# Where a code is handed on: what was raised before, or what a caller of `fail` names.
HANDED_ON = {"error.code", "code", "done.failed[0].code"}


def error_classes() -> set[str]:
    """The names of all classes of errors."""
    tree = ast.parse((PACKAGE / "errors.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def modules() -> Iterator[tuple[str, ast.AST]]:
    """Path and syntax tree of every module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "node_modules" not in path.parts:
            yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text("utf-8"))


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Where an error is made, or `fail` is called with a code."""
    classes = error_classes()
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or path == "errors.py":
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in classes or (name == "fail" and node.args):
                yield f"{path}:{node.lineno}", node


def placeholders(text: str) -> set[str]:
    """The names of the values that a sentence takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_error_names_a_code() -> None:
    """An error is made with a code of the catalogue as its first argument, and nothing else by position."""
    for place, call in calls():
        assert len(call.args) == 1, place
        if isinstance(call.args[0], ast.Constant):
            assert call.args[0].value in sentences(), place
        else:
            assert ast.unparse(call.args[0]) in HANDED_ON, place


def test_every_error_gives_the_values_of_its_sentence() -> None:
    """The values at the place where an error is made are those that its sentence takes."""
    for place, call in calls():
        if not isinstance(call.args[0], ast.Constant) or any(keyword.arg is None for keyword in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords} - OWN
        is_fail = isinstance(call.func, ast.Attribute)  # a reader, which adds what it reads
        wanted = placeholders(sentences()[call.args[0].value]["en"]) - ({"what"} if is_fail else set())
        assert given == wanted, place


def test_no_code_is_unused() -> None:
    """Every code of the catalogue is written somewhere in the program."""
    written = {
        node.value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sentences().keys() - written == set()


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_code_has_a_sentence(language: str) -> None:
    """A sentence in each language, which is not empty."""
    assert [code for code, texts in sentences().items() if not texts.get(language, "").strip()] == []


def test_both_sentences_take_the_same_values() -> None:
    """Neither language leaves out a value, or wants another."""
    differing = {
        code: texts for code, texts in sentences().items() if placeholders(texts["en"]) != placeholders(texts["id"])
    }
    assert differing == {}


def test_codes_are_kebab_case() -> None:
    """`area.name`, in small letters."""
    assert [code for code in sentences() if not CODE.fullmatch(code)] == []


def test_an_area_is_in_one_file() -> None:
    """No area is spread over files, in which one would hide the other."""
    paths = [path for path in catalogue._FOLDER.glob("*.toml") if path.stem not in {"terms", "system"}]
    areas = [area for path in paths for area in tomllib.loads(path.read_text("utf-8"))]
    assert len(areas) == len(set(areas))


def test_an_error_speaks_both_languages() -> None:
    """The sentence of an error has its values; `str` is the English one."""
    error = RefusedError("file.exists", name="a.txt")
    assert str(error) == error.sentence("en") == "a.txt exists already; it is not overwritten"
    assert error.sentence("id") == "a.txt sudah ada dan tidak ditimpa."


def test_an_error_within_an_error_is_translated() -> None:
    """A value that is an error gives its sentence in the same language."""
    inner = DropboxError("server-certificate.revoked")
    assert DropboxError("server-certificate.invalid", error=inner).sentence("id").startswith(inner.sentence("id"))


@pytest.mark.parametrize("name", ["what", "kind"])
def test_a_sentence_in_the_place_of_a_term_is_translated(name: str) -> None:
    """What a courier imported is named by a sentence with a number, where other sentences have a term."""
    inner = Sentence("courier.what-return", number="2-0001", desk="itjen")
    assert catalogue._shown(name, inner, "id") == inner.sentence("id") != str(inner)


@pytest.mark.parametrize(
    ("number", "text"), [(errno.ENOSPC, "disk penuh"), (errno.ESTALE, "kesalahan sistem"), (None, "kesalahan sistem")]
)
def test_what_the_system_says_is_translated(number: int | None, text: str) -> None:
    """An error of the operating system is said in Indonesian, one that has no words of its own in general ones."""
    assert sentence("vault.unwritable", {"system": number}, "id") == f"Brankas tidak dapat ditulis: {text}."


def test_every_term_of_a_reader_is_translated() -> None:
    """What a reader says that it reads has an Indonesian name."""
    terms = {
        node.args[1].value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Reader" and isinstance(node.args[1], ast.Constant)
    }
    assert terms - catalogue._words("terms").keys() == set()


def test_an_unknown_code_is_shown_as_it_is() -> None:
    """An error can always be shown."""
    assert str(DropboxError("no.such-code")) == "no.such-code"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "id"),
        ({"LANG": "C.UTF-8"}, "id"),
        ({"LANG": "POSIX"}, "id"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id"}, "id"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LC_ALL": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8", "DROPBOX_LANG": "en"}, "en"),
        ({"DROPBOX_LANG": "ID"}, "id"),
    ],
)
def test_the_language_of_commands(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str) -> None:
    """DROPBOX_LANG decides, else the locale; without either it is Indonesian, and English is for all others."""
    for name in ("DROPBOX_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert spoken() == language
