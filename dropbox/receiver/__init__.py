"""Runs on another body's machine: receives dossiers and answers them, without a vault."""
