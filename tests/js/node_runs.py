"""Runs commands in the folder of the browser modules."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
BROWSER = ROOT / "dropbox/web/browser"


def run(*command: str, stdin: str = "", timeout: int = 300) -> str:
    """Standard output of a command in the browser folder; what it wrote is shown when it fails."""
    done = subprocess.run(
        command, cwd=BROWSER, input=stdin, capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
