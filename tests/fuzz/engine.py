"""Runs libFuzzer (through atheris) on one target, or on all at once: `python -m tests.fuzz.engine NAME [LIBFUZZER …]`.

    python -m tests.fuzz.engine export -runs=100000 folder      fuzzes one target; new inputs go to the folder
    python -m tests.fuzz.engine every -runs=20000 folder        the first byte of an input chooses the target

Rule: every function of a parser is instrumented; libFuzzer ends the process at the first finding.
"""

import importlib
import shlex
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

import atheris

from tests.fuzz.modules import MODULES, Target, named

# Parsers, and what decides on their results. What stores and draws would cost seconds at each start.
_INSTRUMENTED = (
    *(
        f"dropbox.{name}"
        for name in ("wire", "crypto", "form", "serving", "courier.checking", "ceremony", "courier.gate.messages")
    ),
    *(f"dropbox.web.{name}" for name in ("http", "intake", "report.draft", "report.report_form")),
    *(f"dropbox.triage.{name}" for name in ("evidence", "intake.csv_entry", "intake.manual_entry")),
    "werkzeug.sansio.multipart",
)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """The functions and methods that a module defines."""
    for value in vars(module).values():
        members = vars(value).values() if isinstance(value, type) and value.__module__ == module.__name__ else (value,)
        for member in members:
            inner = member.fget if isinstance(member, property) else member
            inner = inner.__func__ if isinstance(inner, staticmethod | classmethod) else inner
            if type(inner) is FunctionType and inner.__module__ == module.__name__:
                yield inner


def _instrument(done: set[str]) -> None:
    """Instrument the parsers that have been imported since the last time."""
    for name, module in list(sys.modules.items()):
        if name not in done and any(name == one or name.startswith(f"{one}.") for one in _INSTRUMENTED):
            done.add(name)
            for function in _functions(module):
                atheris.instrument_func(function)


def _target(name: str) -> Target:
    """The target of that name; modules after its own are not imported."""
    found: dict[str, Target] = {}
    done: set[str] = set()
    for module in MODULES:
        found |= named(importlib.import_module(f"tests.fuzz.{module}").TARGETS)
        _instrument(done)
        if name in found:
            return found[name]
    if name != "every":
        raise KeyError(name)
    targets = tuple(found.values())

    def every(untrusted: bytes) -> None:
        """Give an input to the target that its first byte names, by its place in the table."""
        if untrusted:
            targets[untrusted[0] % len(targets)](untrusted[1:])

    return every


def main(arguments: list[str]) -> None:
    """Fuzz until libFuzzer ends the process."""
    name, *options = arguments[1:]
    # A merge starts further processes by a shell, which can run this module by its name alone.
    program = f"{shlex.quote(sys.executable)} -m tests.fuzz.engine {name}"
    atheris.Setup([program, *options], _target(name))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
