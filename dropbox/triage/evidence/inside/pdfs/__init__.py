"""Reads what a PDF holds: words, fields, signatures, comments, attached files, and what its pages do not show."""
