"""Fuzzes every target in turn and writes figures: `python -m tests.fuzz.campaign FOLDER [--share N] [NAME …]`.

FOLDER/corpus holds what was found so far and grows; FOLDER/figures.jsonl gets a line for each run; FOLDER/findings gets
each input that a target could not bear. It can be ended at any time, and goes on from its corpus.

Rule: runs are counted in executions, never in time; a target that was ended by a finding is run no further.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.modules import CORPUS

# Executions of a target in one campaign, by its module: a parser costs microseconds, a whole request milliseconds.
RUNS = {
    "wire_targets": 300_000,
    "sealed_targets": 20_000,
    "opened_targets": 20_000,
    "web_targets": 20_000,
    "desk_targets": 20_000,
}
_MAX_BYTES = 8192  # of an input; what needs more is in the vectors and samples
_LONG = dict.fromkeys(("container", "container-form", "blob-length"), 1 << 15)  # a whole blob has 17 KiB
_UNIT_SECONDS = 120  # of one input, on a machine that does other things as well
_RSS_MIB = 2048
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


def run(name: str, runs: int, folder: Path) -> dict[str, object]:
    """Fuzz one target; returns its figures."""
    corpus, findings = folder / "corpus" / name, folder / "findings"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    options = (
        *(
            f"-runs={runs}",
            f"-max_len={_LONG.get(name, _MAX_BYTES)}",
            f"-timeout={_UNIT_SECONDS}",
            f"-rss_limit_mb={_RSS_MIB}",
        ),
        *("-print_final_stats=1", "-use_value_profile=1", f"-artifact_prefix={findings}/{name}-"),
        *(str(corpus), str(CORPUS / name)),
    )
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.engine", name, *options], capture_output=True, text=True, check=False
    )
    said = done.stderr + done.stdout
    executed, covered = _EXECUTED.search(said), _COVERED.findall(said)
    if done.returncode:
        (findings / f"{name}.txt").write_text(said[-20_000:])
    return {
        "target": name,
        "executions": int(executed[1]) if executed else 0,
        "seconds": round(time.monotonic() - begun),
        "edges": int(covered[-1][0]) if covered else 0,
        "features": int(covered[-1][1]) if covered else 0,
        "corpus": int(covered[-1][2]) if covered else 0,
        "finding": bool(done.returncode),
    }


def main() -> None:
    """Run the campaign."""
    from tests.fuzz.targets import BY_MODULE

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="of the executions of RUNS")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_intermixed_args()
    for module, targets in BY_MODULE.items():
        for name in targets:
            if not asked.names or name in asked.names:
                figures = run(name, int(RUNS[module] * asked.share), asked.folder)
                with (asked.folder / "figures.jsonl").open("a") as file:
                    file.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
