"""Holds every change of the schema since the first release; a released migration never changes."""
