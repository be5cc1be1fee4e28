"""The installation's settings and the files that the inspectorate edits, read once into frozen values."""
