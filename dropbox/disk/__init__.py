"""Reads and writes files: private, bounded, whole or not at all; and shows untrusted text safely."""
