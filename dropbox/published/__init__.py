"""Verifies what the store publishes from the pinned root: trust, keyrings, boards."""
