"""A reporter's files, which nobody may open as they are: told apart, pictured and cleaned in a sandbox."""
