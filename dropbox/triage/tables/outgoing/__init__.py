"""The tables of what leaves the desk: dossiers and marks of files, recipes of redacted copies."""
