"""The workstation's world of tests/triage, for the care of a vault."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("triage", "triage_casework")]
