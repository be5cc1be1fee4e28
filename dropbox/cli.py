"""Runs the command line: finds the command, loads only its code, and turns every failure into a sentence and a code.

Rule: no failure shows a secret, a path or input in a traceback.
Exit codes: 0 done, 1 refused, damaged, not all done, or due, 2 wrong use, 130 interrupted, 129 or 143 ended by SIGHUP
or SIGTERM, 141 the reader of a pipe has ended; 3 and 4 are those of commands that look at something (server status,
verify-site, keys calendar).
"""

import errno
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox.errors import ConfigurationError, DropboxError, MalformedError

Run = Callable[[list[str]], int]

# What the system answers to a name that a person chose; a full or broken disk is another matter.
_OF_NAMES: Final = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
}

# SQLite's primary codes (sqlite.org/rescode.html), which need no import of its driver here.
_OF_DATABASES: Final = {
    **dict.fromkeys((3, 8, 14), "store.not-opened"),  # SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
    **dict.fromkeys((11, 26), "store.damaged"),  # SQLITE_CORRUPT, SQLITE_NOTADB
}


def _keys() -> Run:
    from dropbox.ceremony.cli import run

    return run


def _demo() -> Run:
    from dropbox.demo import run

    return run


def _serve() -> Run:
    from dropbox.web.serve import run

    return run


def _server() -> Run:
    from dropbox.server.cli import run

    return run


def _courier() -> Run:
    from dropbox.courier.cli import run

    return run


def _triage() -> Run:
    from dropbox.triage.cli import run

    return run


def _store() -> Run:
    from dropbox.store.cli import run

    return run


def _seal() -> Run:
    from dropbox.offline.seal import run

    return run


def _claim() -> Run:
    from dropbox.offline.claim import run

    return run


def _lpsk() -> Run:
    from dropbox.offline.lpsk import run

    return run


def _statement() -> Run:
    from dropbox.offline.statement import run

    return run


def _referral() -> Run:
    from dropbox.receiver.cli import run

    return run


def _verify_site() -> Run:
    from dropbox.verification.cli import run

    return run


@dataclass(frozen=True)
class _Command:
    load: Callable[[], Run]
    role: str  # whose lock file holds what it needs: requirements-<role>.lock
    purpose: str  # a code of the sentences


_CHECKOUT: Final = "checkout"  # no lock file of one role holds what both sides need
_COMMANDS: Final = {
    "keys": _Command(_keys, "root", "help.keys"),
    "demo": _Command(_demo, _CHECKOUT, "help.demo"),
    "serve": _Command(_serve, "server", "help.serve"),
    "server": _Command(_server, "server", "help.server"),
    "courier": _Command(_courier, "server", "help.courier"),
    "triage": _Command(_triage, "workstation", "help.triage"),
    "seal": _Command(_seal, "root", "help.seal"),
    "claim": _Command(_claim, "root", "help.claim"),
    "lpsk": _Command(_lpsk, "root", "help.lpsk"),
    "referral": _Command(_referral, "root", "help.referral"),
    "statement": _Command(_statement, "root", "help.statement"),
    "store": _Command(_store, "server", "help.store"),
    "verify-site": _Command(_verify_site, "verifier", "help.verify"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: the process's own); returns the exit code."""
    if argv is None:
        _end_by_exception()
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console's or a pipe's code page may lack a letter of a name
            stream.reconfigure(errors="backslashreplace")
    try:
        _refuse_other_bytes(arguments)
        return _dispatch(arguments)
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more is written at the end
        return 141  # as a shell reports SIGPIPE
    except DropboxError as error:
        from dropbox.sentences.catalogue import spoken  # only when there is something to say

        print(f"dropbox: {error.sentence(spoken())}", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001  last resort: a traceback could leak values
        return _internal_error(error)


def _internal_error(error: Exception) -> int:
    """Say what was not foreseen; a file or folder that the system refuses is its person's choice, and has a name."""
    from dropbox.sentences.catalogue import words_of

    if os.environ.get("DROPBOX_DEBUG") == "1":
        traceback.print_exc()
    elif refusal := _database_refusal(error):
        print(f"dropbox: {words_of(refusal)}", file=sys.stderr)
    elif isinstance(error, OSError) and error.errno in _OF_NAMES and isinstance(error.filename, str | bytes):
        name = Path(os.fsdecode(error.filename)).name
        print(f"dropbox: {words_of('command.name-refused', name=name, system=error.errno)}", file=sys.stderr)
    else:
        said = words_of("command.internal-error", name=type(error).__name__, place=_place(error))
        print(said, file=sys.stderr)
    return 1


def _database_refusal(error: Exception) -> str:
    """Return the code of the sentence for what SQLite says of the store's file, else an empty text."""
    fault = getattr(error, "orig", error)  # SQLAlchemy's error has the driver's
    number = getattr(fault, "sqlite_errorcode", None) if type(fault).__module__ == "sqlite3" else None
    return _OF_DATABASES.get(number & 0xFF, "") if isinstance(number, int) else ""


def _refuse_other_bytes(arguments: list[str]) -> None:
    """Refuse bytes that are no UTF-8: Python hands them over as surrogates, which nothing can encode."""
    try:
        "".join(arguments).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("command.not-utf8") from None


def _end_by_exception() -> None:
    """Let SIGTERM and SIGHUP raise SystemExit, so that a file that is not whole is removed; servers set their own.

    A signal that is ignored (nohup) stays so. The first one counts: another one would interrupt the removing, and two
    at once are usual (terminal and shell both send SIGHUP; timeout sends SIGTERM to the program, then to its group).
    """
    ends = [one for name in ("SIGTERM", "SIGHUP") if (one := getattr(signal, name, None))]  # Windows has one of them

    def end(number: int, _: object) -> None:
        for one in ends:
            signal.signal(one, signal.SIG_IGN)
        sys.exit(128 + number)

    for one in ends:
        if signal.getsignal(one) == signal.SIG_DFL:
            signal.signal(one, end)


def _dispatch(arguments: list[str]) -> int:
    from dropbox.sentences.catalogue import words_of
    from dropbox.sentences.parser import Parser

    parser = Parser(
        prog="dropbox",
        description=words_of("help.dropbox"),
        epilog=words_of("help.dropbox-more"),
    )
    commands = parser.commands("name")
    for name, command in _COMMANDS.items():
        commands.add_parser(name, help=words_of(command.purpose), add_help=False)
    if arguments[:2] == ["keys", "demo"]:  # its name while the demo was a part of the ceremony
        arguments = arguments[1:]
    # Only the command's name is read here; what follows belongs to the command, its --help too.
    chosen = _COMMANDS[parser.parse_args(arguments[:1]).name]
    try:
        return chosen.load()(arguments[1:])
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] == "dropbox":
            raise
        raise _missing(missing.name or "?", chosen.role) from None


def _missing(name: str, role: str) -> ConfigurationError:
    """Return what is missing and where to get it; never a package name to search for, which an attacker might own."""
    if name.split(".", maxsplit=1)[0] in sys.stdlib_module_names:
        return ConfigurationError("command.python-lacks", name=name)
    if role == _CHECKOUT:
        return ConfigurationError("command.not-in-checkout", name=name)
    return ConfigurationError("command.not-installed", name=name, role=role)


def _place(error: Exception) -> str:
    """Return file and line of the deepest frame in this project's code, else of the deepest frame."""
    package = Path(__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(package)]
    frame = (own or frames)[-1]
    path = Path(frame.filename)
    return f"{path.relative_to(package.parent) if own else path.name}:{frame.lineno}"
