"""Holds the commands for a reporter's or an overseer's own machine, without a network."""
