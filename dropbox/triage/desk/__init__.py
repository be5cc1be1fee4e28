"""The desk: the workstation's pages, on loopback alone."""
