"""Runs the vectors against mutants of JavaScript modules, each in a process of its own.

    python -m tests.mutants.javascript_run < mutants as JSON, one a line      one line of JSON each: name, outcome

Rule: the checkout is never changed. A module's other source reaches Node by a hook (javascript_hook.mjs).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOOK = Path(__file__).with_name("javascript_hook.mjs")
TESTS = ("vectors.test.mjs", "vectors_carried.test.mjs")
# Families that meet a module's checks; all of them are run for a mutant that these do not notice.
FIRST = {
    "answers": "board",
    "board": "board boards",
    "boards": "boards",
    "bundle": "keyring boards return",
    "claim": "claim",
    "fields": "certificate board anchor keys",
    "kem": "keyed",
    "key-bundle": "keyed",
    "keyring": "keyring keys keyed anchor",
    "secret": "secret confirm",
    "signed": "certificate revocations receipts",
    "signing": "certificate revocations receipts keyring imported",
    "words": "secret confirm",
}
SECONDS = 120  # of a processor: a mutant that does not end by then is noticed as well; all vectors take 15


def outcome(path: str, source: str) -> str:
    """Return `noticed` or `survived` of one mutant."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as mutant:
        json.dump({"path": path, "source": source}, mutant)
        mutant.flush()
        first = FIRST.get(Path(path).stem, "")
        if first and not _passes(TESTS[0], mutant.name, {"FAMILIES": first}):
            return "noticed"
        is_noticed = any(not _passes(name, mutant.name, {}) for name in TESTS)
    return "noticed" if is_noticed else "survived"


def _passes(name: str, mutant: str, more: dict[str, str]) -> bool:
    """Whether all vectors of a test file end as they say; the run ends with the first that does not."""
    # No clock: on a busy machine a mutant that survives would count as one that does not end.
    limited = ["prlimit", f"--cpu={SECONDS}", "node"]
    command = [*limited, "--test-reporter=tap", "--import", HOOK.as_uri(), str(ROOT / "tests/js" / name)]
    with subprocess.Popen(
        command,
        env=os.environ | {"MUTANT": mutant} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        failed = any(line.startswith("not ok") for line in running.stdout)
        if failed:
            running.kill()
        code = running.wait()
    return not failed and code == 0


def main() -> None:
    """Read mutants from the standard input, and write what became of each."""
    for line in sys.stdin:
        mutant = json.loads(line)
        print(json.dumps({"name": mutant["name"], "outcome": outcome(mutant["path"], mutant["source"])}), flush=True)


if __name__ == "__main__":
    main()
