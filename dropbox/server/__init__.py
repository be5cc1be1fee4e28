"""Looks at a whole server for its administrator: `dropbox server status`."""
