"""Runs `dropbox triage practice`, which makes a vault with made-up cases to learn with.

Rule: it takes no vault, and no officer's passphrase: it opens nothing that exists.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from dropbox.sentences.catalogue import words_of
from dropbox.settings.installation import Settings
from dropbox.triage.commands.command import Beginning
from dropbox.triage.practice import making


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words_of("help.practice-folder"))


def _practice(settings: Settings, options: Namespace) -> int:
    print(making.make(options.folder, settings.today()).read_text("utf-8"))
    return 0


COMMANDS: Final = (Beginning("practice", _practice, _arguments, needs_vault=False),)
