"""The commands of `dropbox triage`, one module for each task."""
