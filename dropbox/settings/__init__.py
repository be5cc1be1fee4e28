"""Reads the installation's settings and the files that the inspectorate edits, once, into frozen values."""
