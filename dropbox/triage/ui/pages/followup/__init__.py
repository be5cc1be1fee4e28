"""The pages of what follows from a case: its acts on the case's page, and what is due at whose desk."""
