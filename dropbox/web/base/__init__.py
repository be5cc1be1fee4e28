"""Holds what every page of the site shares: the site value, language, desks, sentences, templates, logging."""
