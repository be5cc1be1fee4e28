"""Maintenance of the vault: backup, restore drill, examination."""
