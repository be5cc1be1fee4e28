"""Writes letters and papers (PDF), and breaks lines for all PDF writers."""
