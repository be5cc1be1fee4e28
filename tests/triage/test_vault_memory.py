"""Memory that a vault's tables were in does not reach a swap file, nor stays after it was freed."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.server import PROJECT

OPEN = """
import pathlib, sys
from dropbox.triage.vault.schema import connect
db = connect(pathlib.Path(sys.argv[1]), bytes(32), is_new=True)
print(*db.execute("pragma cipher_memory_security").fetchone())
print(pathlib.Path("/proc/self/status").read_text().partition("VmLck:")[2].split()[0])
"""


def test_a_vault_locks_its_memory(tmp_path: Path) -> None:
    """In a process of its own, as the desk's, SQLCipher's memory security is on and some memory is locked."""
    command = [sys.executable, "-c", OPEN, str(tmp_path / "vault.db")]
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    is_on, locked = done.stdout.split()
    assert is_on == "1"
    assert int(locked) > 0
