"""Care of the vault: backup, restore drill, what is wrong with it."""
