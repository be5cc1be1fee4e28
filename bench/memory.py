"""Measures the memory of the idle servers: all processes, shared pages counted once (PSS) and each time (RSS)."""

from pathlib import Path

from figures import Figure
from servers import Running

_KB_PER_MB = 1000 * 1000 / 1024


def _sum(server: Running, name: str) -> float:
    total = 0
    for pid in server.processes():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{name}:"):
                total += int(line.split()[1])
    return total / _KB_PER_MB


def measure(ours: Running, bare: Running, state: str, at_most: float | None = None) -> list[Figure]:
    """Measure each server once, without load."""
    return [
        Figure(f"drop-box, {state}: PSS", [_sum(ours, "Pss")], "MB", at_most=at_most),
        Figure(f"drop-box, {state}: RSS", [_sum(ours, "Rss")], "MB"),
        Figure(f"bare Flask, {state}: PSS", [_sum(bare, "Pss")], "MB"),
        Figure(f"bare Flask, {state}: RSS", [_sum(bare, "Rss")], "MB"),
    ]
