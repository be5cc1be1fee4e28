"""Words that mean one thing: what staff and couriers log in with has one name in Indonesian."""

import re
from pathlib import Path
from typing import Final

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
