"""Says that a test needs root, instead of leaving it out."""

import os

import pytest


def need_root(reason: str) -> None:
    """Fail the test unless it runs as root, as CI and containers do."""
    if os.geteuid() != 0:
        pytest.fail(f"{reason}: run this test as root")
