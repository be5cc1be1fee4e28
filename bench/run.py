"""`make bench`: the project's figures. Ratios of neighbours in one run; they are valid for this machine only."""

import os
import platform
import tempfile
import time
from pathlib import Path

import browser_memory
import browser_sealing
import dossier
import large_store
import list_beside
import memory
import opening
import reports
import sealing
import servers
import slow_peers
import slow_phone
import status_check
import weight
from figures import show

ROUNDS = 5
SECONDS = 3.0


def main() -> None:
    """Measure all figures, in about fifteen minutes."""
    started = time.monotonic()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    with tempfile.TemporaryDirectory(prefix="dropbox-bench-") as name:
        folder = Path(name)
        config = servers.make_demo(folder / "demo")
        show("Sealing 200 MB", sealing.measure(config, ROUNDS))
        show("Opening a 512 MiB file at the workstation", opening.measure(ROUNDS))
        show("A dossier with 100 MB of evidence", dossier.measure(ROUNDS))
        show("The desk's list of cases beside a slow document", list_beside.measure(ROUNDS))
        database = folder / "bare.db"
        config = servers.make_demo(folder / "reports")
        with servers.ours(config) as ours, servers.bare(database) as bare:
            idle = memory.measure(ours, bare, "after one page", at_most=100)
            lines = reports.measure(config, ours, bare, ROUNDS, SECONDS / 2)
            show("What reporters ask: 8 clients, 2 workers, SQLite", lines)
            idle += memory.measure(ours, bare, "after the reports", at_most=120)
            show("Memory, idle (PSS: shared pages once; RSS: in every process)", idle)
            show("A first text report: what a phone downloads", weight.measure(config, ours))
            show('The form on a slow phone: "slow 3G" and a quarter of the speed', slow_phone.measure(ours, ROUNDS))
        show("A store of 100 000 blobs", large_store.measure(ROUNDS, SECONDS / 2))
        show("Beside 500 connections that dawdle", slow_peers.measure())
        show("Status check on boards of 64 cells", status_check.measure(ROUNDS))
        show("Sealing in the browser, under the site's policy", browser_sealing.measure(ROUNDS))
        show("Sealing and uploading 512 MiB in the browser, its driver gone", browser_memory.measure())
    print(f"\n{time.monotonic() - started:.0f} s; load {os.getloadavg()[0]:.1f} at the end. ", end="")
    print("Other work on the machine moves rates much, ratios less.")


if __name__ == "__main__":
    main()
