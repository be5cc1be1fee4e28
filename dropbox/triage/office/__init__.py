"""Who may do what at the desk: officers, roles, the log, second officers, conflicts of interest, sealed identities."""
