"""Memory of a process and of all that it has started, read from /proc while it works."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.server import children_of

_EVERY_SECONDS = 0.1


def family_of(pid: int) -> list[int]:
    """The process and its descendants."""
    found = [pid]
    for member in found:
        with contextlib.suppress(OSError):
            found.extend(children_of(member))
    return found


def command_of(pid: int) -> str:
    """Its command line; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def memory_kib(pids: list[int], name: str) -> int:
    """Sum of `Pss` or `Rss` in KiB; those that are gone count nothing."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
    return total


@dataclass
class Growth:
    """KiB above what there was at the beginning, at the worst moment of the block."""

    content: dict[str, int] = field(default_factory=lambda: {"Pss": 0, "Rss": 0})  # of the page's own process
    whole: dict[str, int] = field(default_factory=lambda: {"Pss": 0, "Rss": 0})  # of all processes of the browser


@contextlib.contextmanager
def growth_of(pid: int, content: str) -> Iterator[Growth]:
    """Watch a browser from outside while the block runs.

    Args:
        pid: its first process.
        content: what stands in the command line of processes that run pages.
    """
    growth = Growth()
    over = threading.Event()

    def measure() -> dict[str, dict[str, int]]:
        family = family_of(pid)
        pages = [one for one in family if content in command_of(one)]
        return {
            "content": {name: memory_kib(pages, name) for name in ("Pss", "Rss")},
            "whole": {name: memory_kib(family, name) for name in ("Pss", "Rss")},
        }

    idle = measure()

    def watch() -> None:
        while not over.wait(_EVERY_SECONDS):
            now = measure()
            for part, peaks in (("content", growth.content), ("whole", growth.whole)):
                for name in peaks:
                    peaks[name] = max(peaks[name], now[part][name] - idle[part][name])

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield growth
    finally:
        over.set()
        watching.join()
