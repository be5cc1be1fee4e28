"""The cases as data: their rows, deadlines, origins, periods, and the audit log."""
