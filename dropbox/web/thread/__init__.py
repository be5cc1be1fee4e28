"""A reporter's thread: its timeline, additions and requests."""
