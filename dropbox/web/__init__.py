"""The reporter's site. Seals what it receives, keeps nothing clear, sets no cookie, knows no accounts."""
