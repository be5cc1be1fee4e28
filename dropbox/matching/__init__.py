"""Compares names of people and units, and the cases of two bodies by keyed fingerprints."""
