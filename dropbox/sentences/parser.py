"""Reads a command line in the language of this process: argparse's own words and its help come from the catalogue.

Rule: a help text is a code of `help.toml`, so that it is in both languages; argparse's words are in `argparse.toml`.
"""

import argparse
from collections.abc import Callable
from typing import Any, Final

from dropbox.sentences.catalogue import library_word, words_of

PORT_MAX: Final = 65535


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that speaks this process's language, with its subparsers."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  whatever argparse takes
        """Make a parser; the options are those of argparse."""
        # The library takes its words from gettext, whose language no program may choose for itself alone.
        setattr(argparse, "_", library_word)  # noqa: B010  a name that its type stubs do not have
        setattr(argparse, "ngettext", _counted)  # noqa: B010
        super().__init__(**options)

    def commands(self, dest: str = argparse.SUPPRESS) -> "argparse._SubParsersAction[Parser]":
        """Add the commands of this parser, of which one is required; their name goes into `dest`."""
        return self.add_subparsers(
            title=words_of("help.commands"), metavar=words_of("help.metavar"), dest=dest, required=True
        )


def between(least: int, most: int) -> Callable[[str], int]:
    """Return the `type` of an argument that is a whole number within bounds."""

    def number(typed: str) -> int:
        value = int(typed)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(words_of("command.between", least=least, most=most))
        return value

    return number


def _counted(one: str, many: str, count: int) -> str:
    return library_word(one if count == 1 else many)
