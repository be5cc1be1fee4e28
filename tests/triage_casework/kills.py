"""SIGKILL before any step of an act; a step is an fsync, a rename, an unlink, an opened file, or a statement of SQL."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from triage_world import World

from dropbox.triage.vault.vault import Vault

_STEPS = ("fsync", "rename", "replace", "unlink", "link", "open")
Act = Callable[[Vault], object]


def killed_at(most: int, world: World, act: Act, made: tuple[Path, ...] = ()) -> Iterator[int]:
    """The world as an act leaves it that was killed before one of its steps, then before a later one, lastly at none.

    Yields the number of the step, evenly from the first to the last; the world is put back before the next.

    Args:
        most: steps at which it is killed; every one if there are no more.
        world: with a closed vault.
        act: what is done.
        made: folders that the act makes, which are not there before it.
    """
    places = (world.path(), world.copy_path())
    for path in places:
        shutil.copytree(path, path.with_name(f"{path.name}.before"))

    def put_back() -> None:
        for path in made:
            shutil.rmtree(path, ignore_errors=True)
        for path in places:
            shutil.rmtree(path)
            shutil.copytree(path.with_name(f"{path.name}.before"), path)

    steps = run(world, act, 0)
    kills = min(most, steps)
    for number in range(kills):
        put_back()
        last = 1 + (steps - 1) * number // max(1, kills - 1)
        assert run(world, act, last) is None
        yield last
    put_back()
    assert run(world, act, 0) == steps
    yield 0


def run(world: World, act: Act, last: int) -> int | None:
    """Do it in a process of its own: how many steps it had, None if it was killed before its last-th."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        with suppress(BaseException), world.open() as vault:
            steps = _arm(vault, last)
            act(vault)
            os.write(writing, str(steps()).encode())
        os._exit(0)
    os.close(writing)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    assert status == (0 if said else -signal.SIGKILL)
    return int(said) if said else None


def _arm(vault: Vault, last: int) -> Callable[[], int]:
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            step()
            return function(*arguments, **named)

        return wrapped

    for name in _STEPS:
        setattr(os, name, before(getattr(os, name)))
    vault.db.set_trace_callback(step)
    return lambda: steps
