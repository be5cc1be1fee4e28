"""Access control: officers, roles, permissions, conflicts of interest, second officers, sealed identities."""
