"""What commands say: every word of help, every line and every question comes from the catalogue."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox.cli import main
from dropbox.sentences import catalogue
from dropbox.sentences.catalogue import sentences
from tests import commands_page
from tests.sentences.test_catalogue import modules, placeholders

# The program in the sandbox and the programs of the build speak to other programs.
OTHERS = ("triage/evidence/inside/", "web/translations/", "web/browser/")
# Type and place of an internal error, for the operator.
LOGS = ("serving/pages/application.py",)
WORD = re.compile(r"[A-Za-z]{2}")
TWO_WORDS = 2
SPEAKING = {"print", "say", "_say", "tell", "asked", "asked_unseen", "getpass", "write", "error", "ArgumentTypeError"}
SPOKEN_OPTIONS = {"help", "description", "epilog", "title"}
MAKERS = {"Sentence", "words_of"}
# Said to a programmer who builds a parser wrongly, never to a person who types a command.
MISTAKE = re.compile(
    r"conflict|not defined|invalid argument for positionals|must be optional|not callable|cannot merge|prefix_chars"
    r"|dest= is required|cannot have multiple|with mode|unexpected option string"
)


def name_of(call: ast.Call) -> str:
    """The last name of what a call calls."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of the program, with its place."""
    for path, tree in modules():
        if path.startswith((*OTHERS, *LOGS)):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", node


def literal(node: ast.expr) -> str:
    """The fixed words of a string; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    return ""


def test_no_command_prints_words_of_its_own() -> None:
    """What is printed, asked or refused by a command line has no words that only one language has."""
    found = []
    for place, call in calls():
        name = name_of(call)
        target = ast.unparse(call.func)
        if name not in SPEAKING or (name == "write" and not target.startswith("sys.std")):
            continue
        if name == "error" and target != "reader.error":  # a logger's
            continue
        spoken = literal(call.args[0]).removeprefix("http://") if call.args else ""
        if WORD.search(spoken.removeprefix("dropbox: ")):
            found.append((place, spoken))
    assert found == []


def test_no_part_of_the_desk_returns_a_list_of_words_of_its_own() -> None:
    """What a decision or another act says about what it did has codes, as errors have."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if path.startswith("triage/") and not path.startswith("triage/evidence/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.List)
        for element in node.value.elts
        if len(re.findall(r"[a-z]{2,}", literal(element))) > TWO_WORDS
    ]
    assert found == []


def test_no_parser_has_words_of_its_own() -> None:
    """Help, descriptions and titles of arguments come from the catalogue."""
    found = [
        (place, keyword.arg)
        for place, call in calls()
        if name_of(call) in {"add_argument", "add_parser", "add_subparsers", "Parser", "ArgumentParser"}
        for keyword in call.keywords
        if keyword.arg in SPOKEN_OPTIONS and WORD.search(literal(keyword.value))
    ]
    assert found == []


def test_every_argument_has_help() -> None:
    """The help of a command explains each of its arguments."""
    missing = [
        f"{name} {action.dest}"
        for name, parser, _ in commands_page.commands()
        for action in parser._actions
        if not action.help
    ]
    assert missing == []


def test_every_sentence_of_a_command_is_in_the_catalogue() -> None:
    """A sentence that is made by its code exists, and gets the values that it takes."""
    for place, call in calls():
        if name_of(call) not in MAKERS or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        code = call.args[0].value
        assert code in sentences(), place
        if all(keyword.arg for keyword in call.keywords):
            assert {keyword.arg for keyword in call.keywords} == placeholders(sentences()[code]["en"]), place


def test_argparse_speaks_indonesian() -> None:
    """Every word that this Python's argparse says to a person has a translation with the same places for values."""
    tree = ast.parse(Path(argparse.__file__).read_text("utf-8"))
    said = {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node) in {"_", "ngettext"}
        for argument in node.args
        if isinstance(argument, ast.Constant)
    }
    known = catalogue._words("argparse")
    assert {words for words in said - known.keys() if not MISTAKE.search(words)} == set()
    for english, texts in known.items():
        for text in texts.values():
            assert _places(text) == [place for place in _places(english) if place not in ("%(value)r", "%(type)s")] or (
                _places(text) == _places(english)
            ), english


def _places(text: str) -> list[str]:
    return re.findall(r"%(?:\(\w+\))?[srd]", text)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("words", [["canary"], ["keys", "revoke", "canary", "--root", ".", "--to", "x"]])
def test_wrong_use_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, words: list[str]
) -> None:
    """A command that does not exist and a number that is none are refused without what was typed."""
    monkeypatch.setenv("DROPBOX_LANG", language)
    assert main(words) == 2
    assert "canary" not in capsys.readouterr().err


@pytest.mark.parametrize(("language", "word"), [("id", "pemakaian: "), ("en", "usage: ")])
def test_usage_is_in_the_chosen_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, word: str
) -> None:
    """Wrong use is explained in the chosen language."""
    monkeypatch.setenv("DROPBOX_LANG", language)
    assert main(["keys", "certify"]) == 2
    assert capsys.readouterr().err.startswith(word)


def test_no_help_is_english_in_an_indonesian_office() -> None:
    """The two languages of a help text differ, but for texts that are only names."""
    same = [
        code
        for code, texts in sentences().items()
        if code.startswith("help.") and texts["en"] == texts["id"] and WORD.search(texts["en"])
    ]
    assert set(same) <= {"help.utf8", "help.report-to"}
