"""Verifies from outside that a site serves its release: renders each answer here, and compares."""
