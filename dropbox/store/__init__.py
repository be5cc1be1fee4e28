"""Stores ciphertext only: no keys, no names of people, no time finer than a week."""
