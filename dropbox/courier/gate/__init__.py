"""Serves the courier's five requests over a Unix socket, so that the courier needs no access to store and keys."""
