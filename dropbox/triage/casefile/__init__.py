"""Prints a whole case as one paper, with what the printing officer may see."""
