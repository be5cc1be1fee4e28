"""What every test gains from: folders in memory, no clock for properties, templates compiled once, unlocked memory.

Rule: nothing here changes what a test sees. Where memory is short, the folders lie where the system has them.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from dropbox.triage.vault import schema

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")  # a slow machine is no failure

_MEMORY: Final = Path("/dev/shm")
_ROOM_BYTES: Final = 6 << 30  # a run holds up to two of them at once: films, their stores, exports and vaults
_CGROUP_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")


def _is_roomy() -> bool:
    """Whether there is a folder in memory with room for all that the tests write, where programs may be run."""
    try:
        folder = os.statvfs(_MEMORY)
        free = next(line for line in Path("/proc/meminfo").read_text("ascii").splitlines() if "MemAvailable" in line)
        limit = _CGROUP_LIMIT.read_text("ascii").strip() if _CGROUP_LIMIT.exists() else "max"
    except (OSError, StopIteration):
        return False
    is_usable = os.access(_MEMORY, os.W_OK) and not folder.f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
    room = [folder.f_bavail * folder.f_frsize, int(free.split()[1]) << 10, *([int(limit)] if limit != "max" else [])]
    return is_usable and min(room) >= _ROOM_BYTES


def pytest_configure(config: pytest.Config) -> None:
    """Commands speak English, unless a test chooses; thousands of tests wait for the disk, which memory replaces."""
    os.environ.setdefault("DROPBOX_LANG", "en")
    if "TMPDIR" in os.environ or hasattr(config, "workerinput") or not _is_roomy():
        return
    for old in _MEMORY.glob("dropbox-tests-*-*"):  # of a run that was killed
        if not Path("/proc", old.name.split("-")[2]).exists():
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"dropbox-tests-{os.getpid()}-", dir=_MEMORY))
    folder.chmod(0o711)  # PostgreSQL runs as a user of its own
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


class _Compiled(BytecodeCache):
    """Compiled templates in memory; jinja2 looks by itself whether they are of today's text."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """The site compiles a template once for each language, with its sentences."""
        key = f"{self.get_cache_key(name, filename)} {environment.globals.get('language', '')}"
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled before, if anything."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next application."""
        self._code[bucket.key] = bucket.bytecode_to_string()


# Half the time of a vault is in mlock(2) and munlock(2), once for each piece of memory; test_vault_memory.py has it on.
vars(schema)["MEMORY_SECURITY"] = "off"
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}
