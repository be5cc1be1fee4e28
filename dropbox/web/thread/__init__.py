"""Shows a reporter's thread, and takes additions and requests."""
