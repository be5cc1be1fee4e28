"""Serves the courier's page, as a process and a user of its own without access to store, keys or settings."""
