"""Names the modules with fuzz targets, the light ones first, and where the kept corpus is.

Rule: a target takes any bytes and returns. What it raises, how long it takes and what it holds are findings.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

MODULES = ("wire_targets", "sealed_targets", "opened_targets", "web_targets", "desk_targets")
CORPUS = Path(__file__).parent / "corpus"
Target = Callable[[bytes], None]


def named(targets: Mapping[str, Target]) -> dict[str, Target]:
    """The targets by the names of their folders."""
    return {name.replace(" ", "-"): target for name, target in targets.items()}


def kept(name: str) -> list[bytes]:
    """The inputs of a target's corpus."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
