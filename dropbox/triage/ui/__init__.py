"""The workstation's pages, served only on loopback."""
