"""Makes dropbox/COMMANDS.md out of the parsers of all commands; `make pages` writes it.

Rule: every line comes from argparse's own data, so the page names no command and no option that does not exist.
"""

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from unittest import mock

from dropbox import cli
from dropbox.sentences.catalogue import sentence

PAGE: Final = Path(__file__).parents[1] / "dropbox" / "COMMANDS.md"
HEAD: Final = """\
# Commands

This page is made from the program by `make pages`; a test compares them. `dropbox COMMAND --help` says the same.

- Exit codes: 0 done; 1 refused, damaged, not all done, or something is due or urgent (a sentence says what to do);
  2 wrong use; 130 interrupted; 129 or 143 ended by SIGHUP or SIGTERM; 141 the reader of the output has ended.
  Also `server status`: 3 warning, 4 alarm; `verify-site`: 3 not all seen, 4 different; `keys calendar`: 3 not all seen.
- Data is on stdout, messages are on stderr. No file is overwritten, except what `--metrics` and `--known` name.
- `--passphrase-file FILE` must have mode 0600; without it the passphrase is asked for.
- Words are Indonesian or English by `DROPBOX_LANG=id` or `en`, else by the computer's language, else Indonesian.
- `DROPBOX_CONFIG` takes the place of `--config`, `DROPBOX_VAULT` of `--vault`, `DROPBOX_OFFICER` of `--officer`.
- `dropbox` is in `.venv/bin` of a checkout and in `venv/bin` of an installation; `python -m dropbox` is the same.
- Status codes are in [statuses.py](wire/statuses.py), the order of installation in [INSTALLING.md](INSTALLING.md).
"""


SHARED: Final = ("vault", "officer", "passphrase_file", "config")  # of every command of `dropbox triage`
ALSO: Final = "Each command also takes `--vault DIR`, `--officer NAME`, `--passphrase-file FILE` and `--config FILE`."


class _CaughtError(Exception):
    """A parser was about to read a command line."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def parser_of(name: str) -> argparse.ArgumentParser:
    """Catch the parser that `dropbox NAME` builds, before it reads anything."""

    def caught(self: argparse.ArgumentParser, *_: object, **__: object) -> Any:
        raise _CaughtError(self)

    run = cli._COMMANDS[name].load()
    english = mock.patch.dict(os.environ, DROPBOX_LANG="en")
    with english, mock.patch.object(argparse.ArgumentParser, "parse_args", caught), contextlib.suppress(SystemExit):
        try:
            run(["--help"])
        except _CaughtError as found:
            return found.parser
    raise AssertionError(f"dropbox {name} builds no parser")


def parts_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Find the parsers of a parser's own commands, by name; empty for none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def purposes_of(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Read what the help says of each of a parser's own commands, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return {choice.dest: choice.help or "" for choice in action._choices_actions}
    return {}


def leaves(
    name: str, parser: argparse.ArgumentParser, purpose: str
) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Yield (full name, parser, purpose) of every command that can be run."""
    parts = parts_of(parser)
    if not parts:
        yield name, parser, purpose
    for part, below in parts.items():
        yield from leaves(f"{name} {part}", below, purposes_of(parser).get(part) or below.description or "")


def _purpose(command: cli._Command) -> str:
    return sentence(command.purpose, {}, "en")


def commands() -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Yield (full name, parser, purpose) of every command of `dropbox`."""
    for name, command in cli._COMMANDS.items():
        yield from leaves(f"dropbox {name}", parser_of(name), _purpose(command))


def _argument(action: argparse.Action) -> str:
    """Write an argument as the usage line has it."""
    if action.option_strings:
        name = action.option_strings[-1]
        shown = name if action.nargs == 0 else f"{name} {_value(action)}"
        return shown if action.required else f"[{shown}]"
    value = _value(action)
    return {"+": f"{value}…", "*": f"[{value}…]", "?": f"[{value}]"}.get(str(action.nargs), value)


def _value(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return _cell(action.metavar)
    if action.choices is not None:
        return "\\|".join(str(choice) for choice in action.choices if str(choice))
    return action.dest.upper()


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def page() -> str:
    """Build the whole page."""
    lines = [HEAD]
    for top, command in cli._COMMANDS.items():
        lines += [f"## dropbox {top}", "", _sentence(_purpose(command))]
        lines += ["", ALSO] if top == "triage" else []
        lines += ["", "| command | does |", "|---|---|"]
        for name, parser, purpose in leaves(f"dropbox {top}", parser_of(top), _purpose(command)):
            hidden = {"help", *(SHARED if top == "triage" else ())}
            wanted = [action for action in parser._actions if action.dest not in hidden]
            wanted.sort(key=lambda action: bool(action.option_strings))
            lines.append(f"| `{' '.join([name, *map(_argument, wanted)])}` | {_cell(purpose)} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
