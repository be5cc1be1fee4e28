"""What this program says to people, by code, in both languages."""
