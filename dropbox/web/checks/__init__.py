"""Checks before the site serves: keys within reach, the machine, the settings."""
