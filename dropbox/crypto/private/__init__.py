"""Holds private keys and opens with them; only the modules that tests/test_layers.py names may import it."""
