"""Makes Debian packages of the three roles, for machines with and without a network."""
