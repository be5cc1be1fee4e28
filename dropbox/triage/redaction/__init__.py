"""Redacted copies of evidence: recipes, copies made by them, and their check. The original stays as it is."""
