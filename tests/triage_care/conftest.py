"""The workstation's world of tests/triage, for the care of a vault."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "triage"))
