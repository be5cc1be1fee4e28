"""What several test folders and bench/ build upon."""
