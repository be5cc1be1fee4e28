"""Calculates what program is installed here: one hash of its files, and those of what browsers get of them.

    program = SHA-256( n × ( lp(name) ‖ SHA-256(file) ) ), by ascending name      (FORMAT "Site manifest")

Rule: a wheel and a checkout of the same commit have the same hash, whatever their folders, dates and modes.
"""

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]
# Not in a wheel, not the program, or made on the machine itself.
_LEFT_OUT: Final = ("packaging/", "web/browser/", "_keys/", "_templates/")
_ENDINGS: Final = frozenset(
    ".py .html .css .js .svg .br .gz .mo .toml .json .txt".split()  # noqa: SIM905  shorter than so many quotes
)
_PACKED: Final = (".br", ".gz")  # the same content, for the road


@functools.cache
def program_hash() -> bytes:
    """Return the hash of the installed program, 32 bytes."""
    whole = hashlib.sha256()
    for name, path in sorted(_files(_PACKAGE)):
        encoded = name.encode("utf-8")
        whole.update(len(encoded).to_bytes(4, "big") + encoded + hashlib.sha256(path.read_bytes()).digest())
    return whole.digest()


def static_hashes(prefix: str) -> dict[str, bytes]:
    """Return the SHA-256 of each script, style and picture that the installed program gives to browsers.

    Args:
        prefix: of their addresses.
    """
    files = (path for path in (_PACKAGE / "web" / "static").glob("*") if path.is_file() and path.suffix not in _PACKED)
    return {prefix + path.name: hashlib.sha256(path.read_bytes()).digest() for path in files}


def _files(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name, path) of each file that counts: those of the package, and the templates as a wheel names them."""
    templates = next(path for path in (package / "_templates", package.parent / "templates") if path.is_dir())
    for folder, prefix in ((package, ""), (templates, "_templates/")):
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if (prefix or not name.startswith(_LEFT_OUT)) and path.suffix in _ENDINGS and path.is_file():
                yield prefix + name, path
