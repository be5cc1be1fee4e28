"""`dropbox triage serve` as a process of its own, as an officer starts it."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.server import PROJECT, children_of, free_port, wait_until

_START_SECONDS = 240.0
_STOP_SECONDS = 60.0


@dataclass(frozen=True)
class RunningDesk:
    """A desk that listens; `link` is its one-time start link."""

    port: int
    link: str
    process: subprocess.Popen[bytes]
    log: Path  # stdout and stderr

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _link(log: Path) -> str:
    found = re.search(r"http://\S+/mulai/\S+", log.read_text("utf-8"))
    return found[0] if found else ""


def listening(port: int) -> set[str]:
    """Local addresses of this machine, as /proc writes them, on which somebody listens at a port."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.split(":")[1], 16) == port:
                found.add(local.split(":")[0])
    return found


@contextlib.contextmanager
def serving_desk(
    vault: Path,
    *,
    settings: str = "",
    prefix: Sequence[str] = (),
    env: dict[str, str] | None = None,
) -> Iterator[RunningDesk]:
    """The desk of a vault until the block ends; its log must hold no stack trace.

    Args:
        vault: the vault's folder.
        settings: text of a settings file beside it.
        prefix: a command that runs the desk (strace).
        env: what is added to its environment.
    """
    port, log = free_port(), vault.parent / f"{vault.name}.log"
    config = vault.parent / f"{vault.name}.toml"
    config.write_text(settings, "utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "DROPBOX_LANG", "TMPDIR") if name in os.environ}
    command = [sys.executable, "-m", "dropbox", "triage", "serve", "--vault", str(vault), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*prefix, *command, "--config", str(config)],
            cwd=vault.parent,
            env=kept | {"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"} | (env or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until("the desk listens", lambda: _link(log) and listening(port), _START_SECONDS)
        yield RunningDesk(port, _link(log), process, log)
    finally:
        stop(process, traced=bool(prefix))
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


def stop(process: subprocess.Popen[bytes], *, traced: bool = False) -> None:
    """Ask it to end, and see that it does."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, IndexError, FileNotFoundError):
            os.kill(children_of(process.pid)[0] if traced else process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_STOP_SECONDS)
