"""Steers a running LibreOffice; runs with Debian's Python, for which python3-uno is made."""
