"""The pages of the workstation, one module for each task."""
