"""Holds the report form: its questions and choices, one value for the site, the sealer and the workstation."""
