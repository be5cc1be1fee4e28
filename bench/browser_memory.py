"""Measures the memory of a browser that seals and uploads 512 MiB without its driver, above the idle page."""

import os
import tempfile
from pathlib import Path
from typing import Final

from figures import Figure

from dropbox.limits import FILE_MAX_BYTES, MIB
from tests.browser_js.unattended import upload_unattended
from tests.support.server import SiteFolder, serving

_MOST_MIB: Final = {"chromium": 300, "firefox": 400}  # what `make soak` asserts
_KIB_PER_MIB: Final = 1024


def measure() -> list[Figure]:
    """Run one upload in each browser and measure the content process."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="dropbox-bench-") as folder:
        video = Path(folder) / "video.mp4"
        with video.open("wb") as file:
            file.writelines(os.urandom(MIB) for _ in range(FILE_MAX_BYTES // MIB))
        for name, most in _MOST_MIB.items():
            with serving(SiteFolder(Path(folder) / name).make()) as server:
                growth = upload_unattended(name, server, video)
            for part, peaks in (("content process", growth.content), ("all processes", growth.whole)):
                for kind, peak in peaks.items():
                    target = most if (part, kind) == ("content process", "Pss") else None
                    label = f"{name.capitalize()}, {part}: {kind.upper()} over the idle page"
                    lines.append(Figure(label, [peak / _KIB_PER_MIB], "MiB", at_most=target))
    return lines
