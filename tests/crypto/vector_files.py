"""Reads tests/vectors: header lines, an empty line, the bytes."""

import functools
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VECTORS = Path(__file__).parents[1] / "vectors"


@dataclass(frozen=True)
class VectorFile:
    """One case."""

    name: str
    header: dict[str, str]
    body: bytes

    @property
    def expect(self) -> str:
        return self.header["expect"]

    def hex(self, key: str) -> bytes:
        return bytes.fromhex(self.header[key])

    def number(self, key: str) -> int:
        return int(self.header[key])

    def numbered(self, prefix: str) -> dict[str, bytes]:
        """Hex values whose keys begin so, by the rest of the key."""
        return {
            key.removeprefix(prefix): bytes.fromhex(value)
            for key, value in self.header.items()
            if key.startswith(prefix)
        }


def read(path: Path) -> VectorFile:
    head, _, body = path.read_bytes().partition(b"\n\n")
    lines = head.decode("ascii").split("\n")
    return VectorFile(f"{path.parent.name}/{path.stem}", dict(line.split(": ", 1) for line in lines), body)


@functools.cache
def family(name: str) -> list[VectorFile]:
    return [read(path) for path in sorted((VECTORS / name).glob("*.vec"))]


def generate(folder: Path) -> None:
    """Run the generator into a folder."""
    subprocess.run([sys.executable, str(VECTORS / "generate.py"), str(folder)], check=True)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.vec")}
