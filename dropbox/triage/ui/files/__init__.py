"""The pages of a reporter's file: looking at it, and exporting it."""
