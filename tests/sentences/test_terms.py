"""Words that mean one thing in both languages: a passphrase has one name, and a command is named in both."""

import re
from pathlib import Path
from typing import Final

from dropbox.sentences.catalogue import sentences

ROOT: Final = Path(__file__).parents[2]
PLACES: Final = (
    "dropbox/sentences/*.toml",
    "dropbox/courier/**/*.py",
    "dropbox/courier/**/*.po",
    "dropbox/courier/*.md",
    "dropbox/triage/*.md",
    "dropbox/triage/ui/**/*.py",
    "dropbox/triage/ui/**/*.po",
    "dropbox/triage/ui/**/*.toml",
    "dropbox/receiver/*.md",
    "keys/*.md",
    "templates/**/*.html",
)
OTHER_WORD: Final = re.compile(r"(?<!-)\bkata\s+sandi", re.IGNORECASE)


def test_a_passphrase_has_one_name() -> None:
    """Pages, commands and guides say "frasa sandi", and "kata sandi" nowhere."""
    files = {path for place in PLACES for path in ROOT.glob(place)}
    assert len(files) > 100
    texts = {path.relative_to(ROOT): path.read_text("utf-8") for path in files}
    assert any("frasa sandi" in text for text in texts.values())
    assert sorted(str(name) for name, text in texts.items() if OTHER_WORD.search(text)) == []


def commands_in(text: str) -> set[str]:
    """The commands that a sentence names, with one name for each placeholder of the command line."""
    return {re.sub(r"\b[A-Z]{2,}\b", "VALUE", command) for command in re.findall("`(dropbox [^`]+)`", text)}


def test_a_command_is_named_in_both_languages() -> None:
    """A sentence that names commands in English names the same ones in Indonesian."""
    both = {code: (commands_in(texts["en"]), commands_in(texts["id"])) for code, texts in sentences().items()}
    assert len([en for en, _ in both.values() if en]) > 30
    assert {code: pair for code, pair in both.items() if pair[0] != pair[1]} == {}
