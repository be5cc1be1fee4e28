"""Runs the model: exhaustively in pan, as a random walk, or along a given list of events.

Rule: what pan did not search to its end is an error here, never a result.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MODEL: Final = Path(__file__).parent
_DEFINED: Final = re.compile(r"#define ([ER])_(\w+) (\d+)")
_NAMES: Final = [one.groups() for one in _DEFINED.finditer((MODEL / "steps.pml").read_text("utf-8"))]
EVENTS: Final = {int(number): name for kind, name, number in _NAMES if kind == "E"}
RULES: Final = {name: int(number) for kind, name, number in _NAMES if kind == "R"}
LOSS, KEYS, SERVER, THEFT = 1, 2, 4, 8
OUTCOMES: Final = ("done", "refused", "again", "doubted")


@dataclass(frozen=True)
class Bounds:
    """How far the model goes; the meaning of each is in README.md."""

    reports: int = 1
    epochs: int = 1
    weeks: int = 4
    troubles: int = 1
    exports: int = 1
    returns: int = 1

    def flags(self) -> list[str]:
        """Return the definitions for SPIN."""
        return [f"-D{name.upper()}={value}" for name, value in vars(self).items()]


@dataclass(frozen=True)
class Step:
    """An event with its arguments, its outcome, and what could be observed after it: server, desk A, desk B."""

    event: str
    arguments: tuple[int, int]
    outcome: str
    server: tuple[int, ...]
    alive: bool
    desks: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Searched:
    """What pan found: the number of states, the depth, and the broken promise, "" for none."""

    states: int
    depth: int
    seconds: float
    megabytes: float
    broken: str


def _run(command: Sequence[str], folder: Path, **variables: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, check=False, capture_output=True, text=True, errors="replace"
    )
    if done.returncode:
        raise AssertionError(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


class Model:
    """The model in a folder of its own, with some bounds."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        """Copy the model."""
        self._folder, self._bounds = folder, bounds
        folder.mkdir(parents=True, exist_ok=True)
        for path in MODEL.glob("*.pml"):
            shutil.copy(path, folder)

    def compile(self, *flags: str) -> None:
        """Make pan, the program that searches all states; `flags` are gcc's and pan's."""
        _run(["spin", "-a", *self._bounds.flags(), "exchange.pml"], self._folder)
        _run(["gcc", "-w", "-DSAFETY", "-DNOREDUCE", *flags, "-o", "pan", "pan.c"], self._folder)

    def search(self, kinds: int, without: str = "", bounds: Bounds | None = None, goal: str = "") -> Searched:
        """Search all states with the accidents of these kinds, perhaps without a rule; end at the first error.

        A goal is an event: where it happens is an error too.
        Of other bounds than the model's, troubles, exports, returns and weeks count: the rest was compiled.
        """
        for trail in self._folder.glob("*.trail"):
            trail.unlink()
        chosen = bounds or self._bounds
        variables = {name.upper(): str(getattr(chosen, name)) for name in ("troubles", "exports", "returns", "weeks")}
        numbers = {name: number for number, name in EVENTS.items()}
        variables |= {"KINDS": str(kinds), "WITHOUT": str(RULES.get(without, 0)), "GOAL": str(numbers.get(goal, 0))}
        said = _run(["./pan", "-m2000"], self._folder, **variables)
        if "max search depth too small" in said or (
            "Search not completed" in said and "assertion violated" not in said
        ):
            raise AssertionError(f"pan did not search all: {said[-2000:]}")
        broken = re.search(r"pan:1: (.*)", said)
        (states,), (deep,) = re.findall(r"(\d+) states, stored", said), re.findall(r"depth reached (\d+)", said)
        (memory,) = re.findall(r"([\d.]+)\ttotal actual memory", said)
        (seconds,) = re.findall(r"elapsed time ([\d.]+)", said)
        return Searched(int(states), int(deep), float(seconds), float(memory), broken.group(1) if broken else "")

    def trail(self, kinds: int, without: str, bounds: Bounds | None = None) -> list[Step]:
        """Return the steps to the error that `search` found with the same arguments."""
        return self._simulate([f"-DKINDS={kinds}", f"-DWITHOUT={RULES[without]}", "-t"], bounds)

    def walk(self, seed: int, steps: int) -> list[Step]:
        """Return a random walk."""
        return self._simulate([f"-n{seed}", f"-u{steps}"])

    def follow(self, script: Iterable[tuple[str, tuple[int, int]]], without: str = "") -> list[Step]:
        """Return what the model makes of these events; it ends before the first that is not possible in it."""
        numbers = {name: number for number, name in EVENTS.items()}
        codes = [100 * numbers[event] + 10 * a + b for event, (a, b) in script]
        lines = "".join(f"    script[{at}] = {code};\n" for at, code in enumerate(codes))
        (self._folder / "script.pml").write_text(f"inline load_script() {{\n{lines}    skip\n}}\n")
        return self._simulate([f"-DSCRIPT={len(codes)}", f"-DWITHOUT={RULES.get(without, 0)}"])

    def _simulate(self, arguments: Sequence[str], bounds: Bounds | None = None) -> list[Step]:
        said = _run(["spin", *(bounds or self._bounds).flags(), *arguments, "exchange.pml"], self._folder)
        return [
            _step(line.strip())
            for line in said.splitlines()
            if line.strip().startswith("EV ") and not line.endswith("---")
        ]


def _step(line: str) -> Step:
    parts = [tuple(int(number) for number in part.split()) for part in line.removeprefix("EV ").split("|")]
    (event, a, b, outcome), server, (alive, _), *desks = parts
    first, second = desks
    return Step(EVENTS[event], (a, b), OUTCOMES[outcome], server, bool(alive), (first, second))
