"""Identifies files by their structure: one module for each way in which formats describe themselves."""
