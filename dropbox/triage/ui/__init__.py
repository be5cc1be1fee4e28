"""The workstation's pages, on loopback alone."""
