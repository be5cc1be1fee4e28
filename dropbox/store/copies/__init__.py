"""Copies a whole store, row by row: into a backup, out of it, and from one database to another."""
