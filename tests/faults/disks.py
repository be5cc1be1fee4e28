"""Small file systems that can be filled to their last bytes.

Rule: a disk is filled by one strike at a time, which makes room again.
"""

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.root import need_root


@dataclass
class Disk:
    """A file system of some MiB, mounted at a folder."""

    place: Path
    mebibytes: int
    _filling: threading.Lock = field(default_factory=threading.Lock)

    def mount(self) -> None:
        """Mount it, with what the folder holds already."""
        self.place.mkdir(exist_ok=True, mode=0o700)
        aside = self.place.with_name(f"{self.place.name}.aside")
        self.place.rename(aside)
        self.place.mkdir(mode=0o700)
        size = f"size={self.mebibytes}m,mode=700"
        mounting = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(self.place)]
        need_root("it mounts small file systems")
        done = subprocess.run(mounting, check=False, capture_output=True)
        assert done.returncode == 0, f"no small file system was mounted: {done.stderr!r}"
        subprocess.run(["cp", "-a", f"{aside}/.", str(self.place)], check=True)
        shutil.rmtree(aside)

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.place)], check=False, capture_output=True)

    @contextlib.contextmanager
    def full(self, left: int) -> Iterator[None]:
        """Leave so many bytes, and make room again at the end."""
        ballast = self.place / ".ballast"
        with self._filling:
            with ballast.open("wb", buffering=0) as file:
                with contextlib.suppress(OSError):
                    while file.write(bytes(64 * 1024)):
                        pass
                with contextlib.suppress(OSError):
                    while file.write(bytes(4096)):
                        pass
                file.truncate(max(0, file.tell() - left))
            try:
                yield
            finally:
                ballast.unlink()
