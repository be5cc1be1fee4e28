"""Codes and their words in both languages: one data file, its loader, enumerations of the closed sets."""
